/** What `couplet paper` builds. */
import { writeAtomically } from '@couplet/data/node'
import { glob, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CLAIMS } from './claims.ts'
import { readEvidence } from './src/Evidence.ts'
import { FIGURES } from './src/figures/figures.ts'
import { missingParts } from './src/missingParts.ts'
import { collectNumbers, type Numbers } from './src/numbers/collectNumbers.ts'
import { bundle } from './src/outputs/bundle.ts'
import { Typesetter } from './src/outputs/Typesetter.ts'
import { writeHtml } from './src/outputs/writeHtml.ts'
import { writeJats } from './src/outputs/writeJats.ts'
import { writeLatex } from './src/outputs/writeLatex.ts'
import { writePdf } from './src/outputs/writePdf.ts'
import { resolvePaper } from './src/resolvePaper.ts'
import { Source } from './src/Source.ts'
import { TABLES } from './src/tables/tables.ts'

const PAPER = dirname(fileURLToPath(import.meta.url))
const RESULTS = join(PAPER, 'results')

/** Where the built paper is. */
export const GENERATED = join(PAPER, 'generated')

/** What a build made. */
export interface Built {
  /** Pages of the PDF. */
  readonly pages: number
  /** Paths below {@link GENERATED}. */
  readonly files: readonly string[]
  /** What the paper cannot say yet. */
  readonly missing: readonly string[]
}

/** Every number that the text may state, by its key. */
export async function listKeys(): Promise<Numbers> {
  return collectNumbers(await readEvidence(dirname(PAPER)))
}

/**
 * Builds the paper from the committed results into `generated`, all files or none.
 * @param onProgress told the share that is done and what comes next.
 * @throws PaperError where the text and the results do not fit.
 */
export async function buildPaper(
  onProgress: (share: number, next: string) => void = () => {},
): Promise<Built> {
  const next = async (share: number, what: string): Promise<void> => {
    onProgress(share, what)
    // Typesetting keeps the thread to itself; here a clock can show how far it is.
    await setTimeout(0)
  }
  await next(0, 'numbers, tables and figures')
  const read = (name: string): Promise<string> => readFile(join(PAPER, name), 'utf8')
  const evidence = await readEvidence(dirname(PAPER))
  const references = await read('references.bib')
  const paper = await resolvePaper({
    source: new Source('paper/paper.md', await read('paper.md')),
    references,
    style: await read('style.csl'),
    evidence,
    claims: CLAIMS,
    makers: { tables: TABLES, figures: FIGURES },
  })
  await next(0.2, 'PDF')
  const typesetter = new Typesetter()
  const { pdf, pages } = await writePdf(paper, await read('templates/paper.typ'), typesetter)
  await next(0.5, 'LaTeX')
  const latex = await writeLatex(paper, typesetter)
  const submission = new Map([...latex, ['references.bib', references], ...(await ancillary())])
  await next(0.8, 'HTML and JATS')
  const files = new Map<string, string | Uint8Array>([
    ['paper.html', await writeHtml(paper, await read('templates/page.html'))],
    ['paper.pdf', pdf],
    ['paper.xml', await writeJats(paper)],
    ['paper-arxiv.tar.gz', await bundle(submission)],
    ...Array.from(latex, ([path, content]) => [`latex/${path}`, content] as const),
    ...Array.from(paper.figures, ([name, svg]) => [`figures/${name}.svg`, svg] as const),
  ])
  await rm(GENERATED, { recursive: true, force: true })
  for (const [path, content] of files) await writeAtomically(join(GENERATED, path), [content])
  return { pages, files: [...files.keys()], missing: missingParts(evidence) }
}

/** The results, as arXiv takes what comes beside a paper. */
async function ancillary(): Promise<[string, Uint8Array][]> {
  const files: [string, Uint8Array][] = []
  for await (const path of glob('**/*.{json,md}', { cwd: RESULTS })) {
    files.push([`anc/results/${path}`, await readFile(join(RESULTS, path))])
  }
  return files.toSorted(([a], [b]) => (a < b ? -1 : 1))
}
