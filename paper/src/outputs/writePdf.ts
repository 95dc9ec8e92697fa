import { writeDocument } from '../pandoc.ts'
import type { ResolvedPaper } from '../resolvePaper.ts'
import { present } from './present.ts'
import type { Typesetter } from './Typesetter.ts'

/** The paper as PDF, with its number of pages. `template` is pandoc's of the Typst document. */
export async function writePdf(
  paper: ResolvedPaper,
  template: string,
  typesetter: Typesetter,
): Promise<{ readonly pdf: Uint8Array; readonly pages: number }> {
  const document = present(paper.document, paper.labels, 'typst')
  const options = { to: 'typst-citations', template: 'paper.typ' }
  const typst = await writeDocument(document, options, { 'paper.typ': template })
  return typesetter.document(typst, paper.figures)
}
