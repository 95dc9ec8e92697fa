import type { Source } from './Source.ts'
import {
  attributes,
  isNode,
  rewrite,
  text,
  type Attributes,
  type Block,
  type Citation,
  type Document,
  type Inline,
  type Node,
} from './syntax.ts'

/** What can be referred to, by the beginning of its id. */
const KINDS = { sec: 'Section', fig: 'Figure', tbl: 'Table', eq: 'Equation' } as const

const REFERENCE = /^(sec|fig|tbl|eq)-/

/** Labels such as `Figure 3` by id. */
export type Labels = ReadonlyMap<string, string>

/** A document whose cross-references are links, with the labels of what they point at. */
export interface Referenced {
  readonly document: Document
  readonly labels: Labels
}

/**
 * Numbers sections, figures, tables and equations in their order, and turns `@fig-a` into a link `Figure 1`. Displayed
 * equations become `Div`s of the class `equation` with the id written behind them: `$$…$$ {#eq-a}`.
 * @throws PaperError for a reference to nothing, a figure, table or equation that no text refers to, and an id given twice.
 */
export function resolveReferences(document: Document, source: Source): Referenced {
  const withEquations = rewrite(document, (node) => equationBlock(node, source))
  const labels = new Map<string, string>()
  const counts = { fig: 0, tbl: 0, eq: 0 }
  const section: number[] = []
  rewrite(withEquations.blocks, (node) => {
    const id = idOf(node)
    if (node.t === 'Header') {
      const [level, [, classes]] = node.c as [number, Attributes]
      if (!classes.includes('unnumbered')) {
        section.length = level
        for (let i = 0; i < level; i++) section[i] ??= 0
        section[level - 1]!++
        label(id, `${KINDS.sec} ${section.join('.')}`)
      }
    }
    const kind = REFERENCE.exec(id)?.[1] as keyof typeof KINDS | undefined
    if (kind !== undefined && kind !== 'sec') label(id, `${KINDS[kind]} ${++counts[kind]}`)
    return undefined
  })
  const used = new Set<string>()
  const linked = rewrite(withEquations, (node) => {
    if (node.t !== 'Cite') return undefined
    const ids = (node.c as [Citation[], Inline[]])[0].map(({ citationId }) => citationId)
    if (!ids.some((id) => REFERENCE.test(id))) return [node]
    return ids.flatMap((id, index) => {
      const words = labels.get(id)
      if (words === undefined) {
        throw source.error(
          `@${id}`,
          `@${id} refers to nothing. Ids: ${[...labels.keys()].join(', ')}.`,
        )
      }
      used.add(id)
      const link: Inline = { t: 'Link', c: [attributes(), text(words), [`#${id}`, '']] }
      return index === 0 ? [link] : [{ t: 'Str', c: ',' }, { t: 'Space' }, link]
    })
  })
  const idle = [...labels.keys()].find((id) => /^(fig|tbl|eq)-/.test(id) && !used.has(id))
  if (idle !== undefined) {
    throw source.error(`#${idle}`, `no sentence refers to @${idle}. Refer to it, or remove it.`)
  }
  return { document: linked, labels }

  function label(id: string, words: string): void {
    if (id === '') return
    if (labels.has(id)) throw source.error(`#${id}`, `the id ${id} is given twice.`)
    labels.set(id, words)
  }
}

function idOf({ t, c }: Node): string {
  if (t === 'Header') return (c as [number, Attributes])[1][0]
  if (t === 'Figure' || t === 'Table' || t === 'Div') return (c as [Attributes])[0][0]
  return ''
}

/** `$$…$$ {#eq-a}` as a paragraph of its own. */
function equationBlock(node: Node, source: Source): Block[] | undefined {
  if (node.t !== 'Para') return undefined
  const [formula, ...rest] = node.c as Inline[]
  if (!isDisplayed(formula)) return undefined
  const id = /^\{#(eq-[a-z-]+)\}$/.exec(rest.at(-1)?.t === 'Str' ? (rest.at(-1)!.c as string) : '')
  if (!id || rest.length > 2) {
    const words = (formula!.c as [unknown, string])[1]
    throw source.error(
      words,
      'a displayed formula needs an id behind it, such as $$…$$ {#eq-score}.',
    )
  }
  return [{ t: 'Div', c: [attributes(id[1], ['equation']), [{ t: 'Para', c: [formula] }]] }]
}

function isDisplayed(node: unknown): boolean {
  if (!isNode(node) || node.t !== 'Math') return false
  return (node.c as [Node, string])[0].t === 'DisplayMath'
}
