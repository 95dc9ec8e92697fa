import { writeDocument } from '../pandoc.ts'
import type { ResolvedPaper } from '../resolvePaper.ts'
import { present } from './present.ts'

/** What pandoc's template leaves empty where there is no journal yet. */
const EMPTY = [/<journal-meta>[\s\S]*?<\/journal-meta>\n/, /<permissions>\s*<\/permissions>\n/]

/** The paper as JATS XML, the form in which journals and archives keep articles. */
export async function writeJats(paper: ResolvedPaper): Promise<string> {
  const xml = await writeDocument(present(paper.document, paper.labels, 'jats'), {
    to: 'jats_archiving',
    metadata: { article: { type: 'research-article' } },
  })
  return EMPTY.reduce((text, empty) => text.replace(empty, ''), xml)
}
