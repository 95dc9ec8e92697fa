import { rankEntries, type ErrorTable } from '@couplet/eval'
import type { Dataset } from '../Dataset.ts'
import type { Run } from '../Run.ts'
import { RESAMPLING } from '../scoreRuns.ts'
import { outOfFold } from './outOfFold.ts'
import type { StudyJob } from './StudyJob.ts'
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
}

/**
 * Compares two ways of training on the same molecules and seeds.
 * @returns undefined while no seed is complete in both.
 */
export async function pairedChange(
  dataset: Dataset,
  found: JobRuns,
  seeds: readonly number[],
  beforeJobs: readonly StudyJob[],
  afterJobs: readonly StudyJob[],
): Promise<PairedChange | undefined> {
  const runsOf = (jobs: readonly StudyJob[], seed: number): Run[] | undefined => {
    const runs = jobs.filter((job) => job.seed === seed).map((job) => found.get(job))
    return runs.length > 0 && runs.every((run) => run !== undefined) ? runs : undefined
  }
  const complete: number[] = []
  const before: ErrorTable[] = []
  const after: ErrorTable[] = []
  for (const seed of seeds) {
    const [first, second] = [runsOf(beforeJobs, seed), runsOf(afterJobs, seed)]
    if (!first || !second) continue
    complete.push(seed)
    before.push(await outOfFold(first, dataset))
    after.push(await outOfFold(second, dataset))
  }
  if (complete.length === 0) return undefined
  const { entries, differences } = rankEntries(
    [
      { entry: 'before', seeds: before },
      { entry: 'after', seeds: after },
    ],
    RESAMPLING,
  )
  const { better, difference, interval } = differences[0]!
  const sign = better === 'after' ? 1 : -1
  const ends = [sign * interval.low, sign * interval.high].toSorted((a, b) => a - b)
  const scoreOf = (entry: string): number => entries.find((one) => one.entry === entry)!.score
  return {
    seeds: complete,
    before: scoreOf('before'),
    after: scoreOf('after'),
    difference: { value: sign * difference, low: ends[0]!, high: ends[1]! },
  }
}
