import { readFile } from 'node:fs/promises'
import { DOMParser } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { CLAIMS } from '../claims.ts'
import type { Evidence } from '../src/Evidence.ts'
import { FIGURES } from '../src/figures/figures.ts'
import { Typesetter } from '../src/outputs/Typesetter.ts'
import { writeJats } from '../src/outputs/writeJats.ts'
import { writeLatex } from '../src/outputs/writeLatex.ts'
import { resolvePaper, type ResolvedPaper } from '../src/resolvePaper.ts'
import { Source } from '../src/Source.ts'
import { plainText } from '../src/syntax.ts'
import { TABLES } from '../src/tables/tables.ts'
import { completeEvidence } from './completeEvidence.ts'
import { resultsOf } from './examples.ts'

const read = (name: string): Promise<string> =>
  readFile(new URL(`../${name}`, import.meta.url), 'utf8')

async function paperOf(evidence: Evidence): Promise<ResolvedPaper> {
  return resolvePaper({
    source: new Source('paper.md', await read('paper.md')),
    references: await read('references.bib'),
    style: await read('style.csl'),
    evidence,
    claims: CLAIMS,
    makers: { tables: TABLES, figures: FIGURES },
  })
}

const wordsOf = ({ document }: ResolvedPaper): string =>
  plainText([...Object.values(document.meta), document.blocks])

// The whole paper takes a few seconds, on a busy machine many.
describe('the paper', { timeout: 180_000 }, () => {
  it('has no draft mark, no gap and all figures once everything has been run', async () => {
    const paper = await paperOf(await completeEvidence())
    const words = wordsOf(paper)
    expect(words.match(/draft|not run yet|\{\{/i)).toBeNull()
    expect(words.match(/were trained with several seeds/)).not.toBeNull()
    expect([...paper.figures.keys()].toSorted()).toEqual(Object.keys(FIGURES).toSorted())
  })

  it('becomes JATS whose equations have their labels, and no paragraph is within another', async () => {
    const xml = await writeJats(await paperOf(await completeEvidence()))
    const document = new DOMParser().parseFromString(xml, 'text/xml')
    expect(document.querySelectorAll('p p').length).toBe(0)
    const labels = Array.from(
      document.querySelectorAll('disp-formula[id] > label'),
      ({ textContent }: { textContent: string }) => textContent,
    )
    expect(labels).toEqual(labels.map((_, index) => `(${index + 1})`))
    expect(labels.length).toBeGreaterThan(5)
  })

  it('becomes LaTeX in which names of entries may break after their hyphens', async () => {
    const paper = await paperOf(await completeEvidence())
    const files = await writeLatex({ ...paper, figures: new Map() }, new Typesetter())
    const tex = String(files.get('paper.tex'))
    expect(tex).toContain('\\texttt{edge-\\allowbreak{}update-\\allowbreak{}schnet}')
    expect(tex).not.toContain('\\texttt{edge-update-schnet}')
  })

  it('says that the spread between seeds is in no interval while every entry has one', async () => {
    const evidence = await completeEvidence()
    const { ranks, ...others } = evidence.studies.get('couplet-dft')!
    const studies = new Map(evidence.studies).set('couplet-dft', {
      ...others,
      ranks: { ...ranks!, seedDeviation: null },
    })
    const single = wordsOf(await paperOf({ ...evidence, studies }))
    expect(single.match(/the spread between seeds is in no interval/)).not.toBeNull()
  })

  it('says what has not been run', async () => {
    const evidence = await completeEvidence()
    const words = wordsOf(await paperOf({ ...evidence, studies: new Map() }))
    expect(words.match(/few molecules \(draft\)/)).not.toBeNull()
    expect(words.match(/not run yet: (.*?)\./i)?.[1]).toBe(
      'the studies ranks, ensembles, errors, sizes, swaps, transfer, cost, ranks on champs-sample, ensembles on champs-sample, errors on champs-sample',
    )
  })

  it('is not built when the results turn round', async () => {
    const evidence = await completeEvidence()
    const scores = Object.fromEntries(
      evidence.results.get('couplet-dft')!.map(({ entry, score }) => [entry.id, -score]),
    )
    const results = new Map(evidence.results).set('couplet-dft', resultsOf(scores, 'couplet-dft'))
    await expect(paperOf({ ...evidence, results })).rejects.toThrow(
      /the claim [a-z-]+ does not hold any more: .* less .* is/,
    )
  })
})
