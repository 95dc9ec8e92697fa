import { groupErrors, rankEntries, type ErrorTable, type RankedEntry } from '@couplet/eval'
import type { Dataset } from '../Dataset.ts'
import type { Run } from '../Run.ts'
import { RESAMPLING } from '../scoreRuns.ts'
import { outOfFold } from './outOfFold.ts'
import type { StudyJob } from './StudyJob.ts'
import { trainingOf, type Training } from './trainingOf.ts'
import type { JobRuns } from './trainJobs.ts'

/** Of the intervals. */
const LEVEL = 0.95

/** How much a change of the training changes the score. */
export interface PairedChange {
  /** Seeds of which both trainings are complete. */
  readonly seeds: number[]
  /** Mean scores. */
  readonly before: number
  readonly after: number
  /** Score after less before, with the interval over constitutions and seeds. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number }
  /** Interval of the same that holds for all comparisons of the study at once (Bonferroni). */
  readonly atOnce: { readonly low: number; readonly high: number }
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
  /** Comparisons of the study, this one included. */
  readonly comparisons: number
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
  // Published errors may be those of groups of molecules; rows must be of the same kind.
  const areGroups = pairing.lenders.some(({ seeds }) => seeds.some((table) => table.groupSizes))
  const alike = (tables: ErrorTable[]): ErrorTable[] =>
    areGroups ? tables.map((table) => groupErrors(table)) : tables
  const ranked = [
    { entry: 'before', seeds: alike(before) },
    { entry: 'after', seeds: alike(after) },
    ...pairing.lenders,
  ]
  const { entries, ...own } = changeAt(ranked, LEVEL)
  const { comparisons } = pairing
  const { low, high } = comparisons === 1 ? own : changeAt(ranked, 1 - (1 - LEVEL) / comparisons)
  const scoreOf = (entry: string): number => entries.find((one) => one.entry === entry)!.score
  return {
    seeds: complete,
    before: scoreOf('before'),
    after: scoreOf('after'),
    difference: own,
    atOnce: { low, high },
    beforeTraining: await trainingOf(runs.before),
    afterTraining: await trainingOf(runs.after),
  }
}

/** The score of `after` less that of `before`, with its interval at a level, and both among the entries. */
function changeAt(ranked: readonly RankedEntry[], level: number) {
  const { entries, differences } = rankEntries(ranked, { ...RESAMPLING, level })
  const names = ['before', 'after']
  const { better, difference, interval } = differences.find(
    (one) => names.includes(one.better) && names.includes(one.worse),
  )!
  const sign = better === 'after' ? 1 : -1
  const [low, high] = [sign * interval.low, sign * interval.high].toSorted((a, b) => a - b)
  return { entries, value: sign * difference, low: low!, high: high! }
}
