import { DATASET_STUDIES } from '@couplet/eval'
import { ON_BOTH, studiesOf, studiesOfSample, type Evidence } from './Evidence.ts'

/** Data sets on which every entry is to be scored. */
const DATASETS = ['couplet-dft', 'champs-sample']

/** What the paper is to hold and cannot yet, because it has not been run; empty once it is complete. */
export function missingParts(evidence: Evidence): string[] {
  const { entries, results, history } = evidence
  const scores = DATASETS.flatMap((dataset) => {
    const scored = new Set((results.get(dataset) ?? []).map(({ entry }) => entry.id))
    const open = entries.filter(({ id }) => !scored.has(id))
    const what = open.length < 4 ? open.map(({ id }) => id).join(', ') : `${open.length} entries`
    return open.length > 0 ? [`${what} on ${dataset}`] : []
  })
  const run = studiesOf(evidence)
  const open: string[] = DATASET_STUDIES.filter((name) => !run[name])
  if (!history) open.push('history')
  const ofSample = studiesOfSample(evidence)
  open.push(...ON_BOTH.filter((name) => !ofSample[name]).map((name) => `${name} on champs-sample`))
  const lacking = [
    ...DATASET_STUDIES.map((name) => ({ study: name, partial: run[name]?.partial })),
    ...ON_BOTH.map((name) => ({
      study: `${name} on champs-sample`,
      partial: ofSample[name]?.partial,
    })),
  ].flatMap(({ study, partial }) => (partial?.split('; ') ?? []).map((what) => ({ study, what })))
  // What several studies lack is said once.
  const partial = Array.from(
    Map.groupBy(lacking, ({ what }) => what),
    ([what, all]) => `${all.map(({ study }) => study).join(', ')}: ${what}`,
  )
  return [...scores, ...(open.length > 0 ? [`the studies ${open.join(', ')}`] : []), ...partial]
}
