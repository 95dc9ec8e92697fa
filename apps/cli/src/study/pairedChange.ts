import { rankEntries, type ErrorTable, type RankedEntry } from '@couplet/eval'
import type { Dataset } from '../Dataset.ts'
import type { Run } from '../Run.ts'
import { RESAMPLING } from '../scoreRuns.ts'
import { outOfFold } from './outOfFold.ts'
import type { StudyJob } from './StudyJob.ts'
import { trainingOf, type Training } from './trainingOf.ts'
import type { JobRuns } from './trainJobs.ts'

/** How much a change of the training changes the score. */
export interface PairedChange {
  /** Seeds of which both trainings are complete. */
  readonly seeds: number[]
  /** Mean scores. */
  readonly before: number
  readonly after: number
  /** Score after less before, with the interval over constitutions and seeds. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number }
  /** What the trainings took. */
  readonly beforeTraining: Training
  readonly afterTraining: Training
}

/** The two ways of training, and what lends them its spread between seeds. */
export interface Pairing {
  readonly seeds: readonly number[]
  readonly before: readonly StudyJob[]
  readonly after: readonly StudyJob[]
  /** Published entries with several seeds: with one seed each, the two are given the spread that these show. */
  readonly lenders: readonly RankedEntry[]
}

/**
 * Compares two ways of training on the same molecules and seeds.
 * @returns undefined while no seed is complete in both.
 */
export async function pairedChange(
  dataset: Dataset,
  found: JobRuns,
  pairing: Pairing,
): Promise<PairedChange | undefined> {
  const runsOf = (jobs: readonly StudyJob[], seed: number): Run[] | undefined => {
    const runs = jobs.filter((job) => job.seed === seed).map((job) => found.get(job))
    return runs.length > 0 && runs.every((run) => run !== undefined) ? runs : undefined
  }
  const complete: number[] = []
  const before: ErrorTable[] = []
  const after: ErrorTable[] = []
  const runs: { before: Run[]; after: Run[] } = { before: [], after: [] }
  for (const seed of pairing.seeds) {
    const [first, second] = [runsOf(pairing.before, seed), runsOf(pairing.after, seed)]
    if (!first || !second) continue
    complete.push(seed)
    runs.before.push(...first)
    runs.after.push(...second)
    before.push(await outOfFold(first, dataset))
    after.push(await outOfFold(second, dataset))
  }
  if (complete.length === 0) return undefined
  const { entries, differences } = rankEntries(
    [{ entry: 'before', seeds: before }, { entry: 'after', seeds: after }, ...pairing.lenders],
    RESAMPLING,
  )
  const own = ['before', 'after']
  const { better, difference, interval } = differences.find(
    (one) => own.includes(one.better) && own.includes(one.worse),
  )!
  const sign = better === 'after' ? 1 : -1
  const ends = [sign * interval.low, sign * interval.high].toSorted((a, b) => a - b)
  const scoreOf = (entry: string): number => entries.find((one) => one.entry === entry)!.score
  return {
    seeds: complete,
    before: scoreOf('before'),
    after: scoreOf('after'),
    difference: { value: sign * difference, low: ends[0]!, high: ends[1]! },
    beforeTraining: await trainingOf(runs.before),
    afterTraining: await trainingOf(runs.after),
  }
}
