import { writeDocument } from '../pandoc.ts'
import type { ResolvedPaper } from '../resolvePaper.ts'
import { present } from './present.ts'

/** What pandoc's template leaves empty where there is no journal yet. */
const EMPTY = [/<journal-meta>[\s\S]*?<\/journal-meta>\n/, /<permissions>\s*<\/permissions>\n/]

/** An equation as pandoc writes it: a paragraph in a paragraph, which JATS does not know. */
const EQUATION =
  /<p id="(eq-[a-z-]+)">\s*<p><disp-formula>((?:(?!<\/disp-formula>)[\s\S])*)<\/disp-formula><named-content content-type="number">(\(\d+\))<\/named-content><\/p>\s*<\/p>/g
const LABELLED_EQUATION = '<p><disp-formula id="$1"><label>$3</label>$2</disp-formula></p>'

/** The paper as JATS XML, the form in which journals and archives keep articles. */
export async function writeJats(paper: ResolvedPaper): Promise<string> {
  const xml = await writeDocument(present(paper.document, paper.labels, 'jats'), {
    to: 'jats_archiving',
    metadata: { article: { type: 'research-article' } },
  })
  const filled = EMPTY.reduce((text, empty) => text.replace(empty, ''), xml)
  return filled.replaceAll(EQUATION, LABELLED_EQUATION)
}
