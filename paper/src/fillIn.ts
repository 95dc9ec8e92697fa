import type { Evidence } from './Evidence.ts'
import type { Numbers } from './numbers/collectNumbers.ts'
import { inWords } from './numbers/format.ts'
import { inlines, type Cell, type PaperTable } from './tables/PaperTable.ts'
import { PaperError } from './PaperError.ts'
import type { Source } from './Source.ts'
import {
  attributes,
  rewrite,
  text,
  type Attributes,
  type Block,
  type Document,
  type Inline,
  type Node,
} from './syntax.ts'

/** What placeholders stand for: makers of tables (as cells) and of figures (as SVG), by name. */
export interface Makers {
  readonly tables: Readonly<Record<string, (evidence: Evidence) => PaperTable | undefined>>
  readonly figures: Readonly<Record<string, (evidence: Evidence) => string | undefined>>
}

/** A document without placeholders, and the figures that it shows. */
export interface Filled {
  readonly document: Document
  /** SVG by name. */
  readonly figures: ReadonlyMap<string, string>
}

/**
 * Puts numbers, tables and figures in the place of `{{key}}`, `::: {#tbl-a table=name}` and `::: {#fig-a figure=name alt="…"}`,
 * whose contents are the caption.
 * @throws PaperError for an unknown key, table or figure, one that has nothing to show, and one that is never shown.
 */
export function fillIn(
  document: Document,
  source: Source,
  numbers: Numbers,
  evidence: Evidence,
  makers: Makers,
): Filled {
  const figures = new Map<string, string>()
  const tables = new Set<string>()
  const placed = rewrite(document, (node) => {
    const place = placeholder(node)
    if (!place) return undefined
    const { kind, name, id, alt, caption } = place
    const where = `${kind}=${name}`
    if (!id.startsWith(kind === 'table' ? 'tbl-' : 'fig-')) {
      throw source.error(
        where,
        `${where} needs an id that begins with tbl- or fig-, not \`${id}\`.`,
      )
    }
    if (kind === 'table') {
      tables.add(name)
      return [tableBlock(id, caption, make(makers.tables, name, where))]
    }
    if (alt === undefined)
      throw source.error(where, `${where} needs alt="…" for who cannot see it.`)
    figures.set(name, make(makers.figures, name, where))
    return [figureBlock(id, caption, name, alt)]
  })
  refuseIdle('table', makers.tables, tables)
  refuseIdle('figure', makers.figures, new Set(figures.keys()))
  return { document: fillNumbers(placed, source, numbers), figures }

  function make<T>(
    known: Readonly<Record<string, (evidence: Evidence) => T | undefined>>,
    name: string,
    where: string,
  ): T {
    const maker = Object.hasOwn(known, name) ? known[name] : undefined
    if (!maker) {
      throw source.error(where, `nothing makes ${where}. Known: ${Object.keys(known).join(', ')}.`)
    }
    const made = maker(evidence)
    if (made !== undefined) return made
    throw source.error(where, `no result to show for ${where}. Put it into ::: {when=…}.`)
  }

  function refuseIdle(
    kind: string,
    known: Readonly<Record<string, (evidence: Evidence) => unknown>>,
    used: ReadonlySet<string>,
  ): void {
    const idle = Object.keys(known).find(
      (name) => !used.has(name) && known[name]!(evidence) !== undefined,
    )
    if (idle === undefined) return
    throw new PaperError(
      `${source.name}: the ${kind} ${idle} is made and never shown. Show it, or remove what makes it.`,
    )
  }
}

/** Puts texts in the place of `{{key}}`, and small numbers in words in that of `{{key|words}}`: in text, code, formulas and texts for who cannot see a figure. */
function fillNumbers(document: Document, source: Source, numbers: Numbers): Document {
  const fill = (words: string): string =>
    words.replaceAll(/\{\{([^}|]*)(\|words)?\}\}/g, (whole, key: string, asWords?: string) => {
      const value = numbers.get(key)
      if (value !== undefined) return asWords === undefined ? value : inWords(value)
      throw source.error(whole, `there is no number ${key}. ${similar(key, numbers)}`)
    })
  return rewrite(document, (node) => {
    if (node.t === 'Str') {
      const word = node.c as string
      return word.includes('{{') ? text(fill(word)) : [node]
    }
    if (node.t !== 'Math' && node.t !== 'Code') return undefined
    const [kind, words] = node.c as [unknown, string]
    return [{ t: node.t, c: [kind, fill(words)] }]
  })
}

function similar(key: string, numbers: Numbers): string {
  const last = key.split('.').at(-1)!
  const known = [...numbers.keys()].filter((one) => one.split('.').at(-1) === last).slice(0, 5)
  return known.length > 0
    ? `Keys like it: ${known.join(', ')}.`
    : '`couplet paper --keys` lists all keys.'
}

interface Placeholder {
  readonly kind: 'table' | 'figure'
  readonly name: string
  readonly id: string
  readonly alt: string | undefined
  readonly caption: Block[]
}

function placeholder(node: Node): Placeholder | undefined {
  if (node.t !== 'Div') return undefined
  const [[id, , pairs], caption] = node.c as [Attributes, Block[]]
  const values = new Map(pairs)
  for (const kind of ['table', 'figure'] as const) {
    const name = values.get(kind)
    if (name !== undefined) return { kind, name, id, alt: values.get('alt'), caption }
  }
  return undefined
}

/** Captions are one paragraph, and not a paragraph of the text. */
const captionOf = (blocks: Block[]): [null, Block[]] => [
  null,
  blocks.map((block) => (block.t === 'Para' ? { t: 'Plain', c: block.c } : block)),
]

function figureBlock(id: string, caption: Block[], name: string, alt: string): Block {
  const image: Inline = { t: 'Image', c: [attributes(), text(alt), [`figures/${name}.svg`, '']] }
  return {
    t: 'Figure',
    c: [attributes(id), captionOf(caption), [{ t: 'Plain', c: [image] }]],
  }
}

function tableBlock(id: string, caption: Block[], table: PaperTable): Block {
  const { head, rows, names, widths } = table
  const columns = head.map((_, column) => {
    const width = widths?.[column]
    return [
      { t: column < names ? 'AlignLeft' : 'AlignRight' },
      width === undefined ? { t: 'ColWidthDefault' } : { t: 'ColWidth', c: width },
    ]
  })
  const row = (cells: readonly Cell[]): unknown => [
    attributes(),
    cells.map((cell) => [
      attributes(),
      { t: 'AlignDefault' },
      1,
      1,
      [{ t: 'Plain', c: inlines(cell) }],
    ]),
  ]
  return {
    t: 'Table',
    c: [
      attributes(id),
      captionOf(caption),
      columns,
      [attributes(), [row(head)]],
      [[attributes(), 0, [], rows.map(row)]],
      [attributes(), []],
    ],
  }
}
