import { writeDocument } from '../pandoc.ts'
import type { ResolvedPaper } from '../resolvePaper.ts'
import { present } from './present.ts'

/** The paper as JATS XML, the form in which journals and archives keep articles. */
export function writeJats(paper: ResolvedPaper): Promise<string> {
  return writeDocument(present(paper.document, paper.labels, 'jats'), { to: 'jats_archiving' })
}
