import type { Labels } from '../crossReferences.ts'
import {
  attributes,
  raw,
  rewrite,
  type Attributes,
  type Block,
  type Document,
  type Inline,
  type Node,
} from '../syntax.ts'

/** What the paper is written as. */
export type Format = 'html' | 'typst' | 'latex' | 'jats'

/** Formats whose programs number figures, tables and equations by themselves. */
const NUMBERED_BY_PROGRAM: readonly Format[] = ['typst', 'latex']

/** Fits a document to a format: labels before captions where nothing else writes them, and equations with their numbers. */
export function present(document: Document, labels: Labels, format: Format): Document {
  const counted = NUMBERED_BY_PROGRAM.includes(format)
  return rewrite(document, (node) => {
    const equation = equationOf(node)
    if (equation) return writeEquation(equation, labels, format)
    if (counted || (node.t !== 'Figure' && node.t !== 'Table')) return undefined
    const [attribute, [short, caption], ...rest] = node.c as [
      Attributes,
      [unknown, Block[]],
      ...unknown[],
    ]
    return [
      { t: node.t, c: [attribute, [short, labelled(caption, labels.get(attribute[0])!)], ...rest] },
    ]
  })
}

function labelled(caption: readonly Block[], label: string): Block[] {
  const [first, ...rest] = caption
  if (!first) return []
  const strong: Inline = { t: 'Strong', c: [{ t: 'Str', c: `${label}.` }] }
  return [{ t: first.t, c: [strong, { t: 'Space' }, ...(first.c as Inline[])] }, ...rest]
}

interface Equation {
  readonly id: string
  readonly formula: Inline
}

function equationOf(node: Node): Equation | undefined {
  if (node.t !== 'Div') return undefined
  const [[id, classes], blocks] = node.c as [Attributes, Block[]]
  if (!classes.includes('equation')) return undefined
  return { id, formula: (blocks[0]!.c as Inline[])[0]! }
}

function writeEquation({ id, formula }: Equation, labels: Labels, format: Format): Block[] {
  if (format === 'latex') {
    const tex = (formula.c as [Node, string])[1].trim()
    const lines = `\\begin{equation}\\label{${id}}\n${tex}\n\\end{equation}`
    return [{ t: 'RawBlock', c: ['latex', lines] }]
  }
  if (format === 'typst') return [{ t: 'Para', c: [formula, raw('typst', ` <${id}>`)] }]
  const number = `(${labels.get(id)!.split(' ')[1]})`
  const mark: Inline = { t: 'Span', c: [attributes('', ['number']), [{ t: 'Str', c: number }]] }
  return [{ t: 'Div', c: [attributes(id, ['equation']), [{ t: 'Para', c: [formula, mark] }]] }]
}
