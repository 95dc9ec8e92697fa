import { COUPLING_TYPES } from '@couplet/data'
import type { Source } from './Source.ts'
import { plainText, rewrite, type Document, type Node } from './syntax.ts'

/** Names that hold digits. */
const NAMES = [
  ...COUPLING_TYPES,
  'B3LYP/6-31G(2df,p)',
  'B3LYP',
  'GFN2-xTB',
  'GDB',
  'MMFF94',
  'Psi4',
  'QM9',
  'SO(3)',
  'CC0',
  '3D',
]

/** Years from 1900 to 2099, alone. */
const YEAR = /(?<![\d.,])(19|20)\d\d(?![\d]|[.,]\d)/g

/** What holds digits for good reason: formulas, code, citations and their places, raw text. */
const EXEMPT = new Set(['Math', 'Code', 'CodeBlock', 'Cite', 'RawInline', 'RawBlock'])

/**
 * Refuses numbers typed into the text: they come from the results or from facts.json by `{{key}}`. Years, names, formulas,
 * code and citations may hold digits.
 * @throws PaperError that shows the first.
 */
export function refuseTypedDigits(document: Document, source: Source): void {
  rewrite(document.blocks, (node: Node) => {
    if (EXEMPT.has(node.t)) return [node]
    if (node.t !== 'Str') return undefined
    const word = plainText(node)
    let rest = word.replaceAll(/\{\{[^}]*\}\}/g, '')
    for (const name of NAMES) rest = rest.replaceAll(name, '')
    if (/\d/.test(rest.replaceAll(YEAR, ''))) {
      throw source.error(
        word,
        `the number in \`${word}\` is typed. Write {{key}}, with a key of the results or of facts.json.`,
      )
    }
    return [node]
  })
}
