import { text, type Inline } from '../syntax.ts'

/** A cell: words, or words with citations or code in them. */
export type Cell = string | readonly Inline[]

/** A table as text. */
export interface PaperTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** How many columns, from the first, hold words; the others hold numbers and stand to the right. */
  readonly names: number
  /** Shares of the width, where words need lines of their own; by contents where absent. */
  readonly widths?: readonly number[]
}

/** A cell as running text. */
export function inlines(cell: Cell): Inline[] {
  return typeof cell === 'string' ? text(cell) : [...cell]
}

/** A citation in a cell. */
export function cite(...keys: readonly string[]): Inline {
  const citations = keys.map((citationId) => ({
    citationId,
    citationPrefix: [],
    citationSuffix: [],
    citationMode: { t: 'NormalCitation' },
    citationNoteNum: 0,
    citationHash: 0,
  }))
  return { t: 'Cite', c: [citations, [{ t: 'Str', c: `[${keys.join('; ')}]` }]] }
}

/** The id of an entry, as code. */
export const code = (id: string): Inline[] => [{ t: 'Code', c: [['', [], []], id] }]
