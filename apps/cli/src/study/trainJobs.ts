import { CheckFailed } from '../CheckFailed.ts'
import type { Dataset } from '../Dataset.ts'
import { entryOf } from '../entries.ts'
import type { Run } from '../Run.ts'
import { completeRuns } from './completeRuns.ts'
import { runJobs } from './runJobs.ts'
import { datasetOf, findRun, type StudyJob } from './StudyJob.ts'

/** What a study of trainings is given. */
export interface TrainCall {
  readonly data: string
  readonly runs: string
  readonly results: string
  readonly entries?: readonly string[]
  readonly seeds: readonly number[]
  /** Core-seconds of a training; by the data set unless given. */
  readonly budget?: number
  readonly processes: number
  /** Trains nothing: takes the runs that are complete. */
  readonly collect?: boolean
  /** Trains nothing: prints what is missing. */
  readonly plan?: boolean
}

/** Core-seconds of a training on the embedded data set, and on the larger sample of the competition. */
const BUDGETS = { 'couplet-dft': 120, other: 300 } as const

/** Core-seconds of every training on a data set. */
export function budgetOf(dataset: string, given?: number): number {
  return given ?? (dataset === 'couplet-dft' ? BUDGETS['couplet-dft'] : BUDGETS.other)
}

/** Complete runs of jobs, by job; those that are missing are not in it. */
export type JobRuns = ReadonlyMap<StudyJob, Run>

/**
 * Trains the jobs that have no complete run yet, unless runs are only to be collected, and returns the complete ones.
 * @throws CheckFailed that shows the first failure, when everything else is trained; Interrupted after Ctrl-C.
 */
export async function trainJobs(jobs: readonly StudyJob[], call: TrainCall): Promise<JobRuns> {
  const before = await runsOf(jobs, call.runs)
  const missing = jobs.filter((job) => !before.has(job))
  if (call.collect || missing.length === 0) return before
  const { runs, processes } = call
  const failed = await runJobs(missing, {
    runs,
    processes,
    done: [...before.keys()],
  })
  if (failed.length > 0) {
    const [{ job, output }] = failed as [(typeof failed)[number]]
    throw new CheckFailed(
      `${failed.length} of ${missing.length} trainings failed; the first was ${job.entry}, fold ${job.fold}, seed ${job.seed}:\n${output.trim()}\nMend it and repeat the command: what is complete is kept.`,
    )
  }
  return runsOf(jobs, call.runs)
}

/** Prints which of a study's trainings are missing, and their core-hours. */
export async function printMissing(jobs: readonly StudyJob[], call: TrainCall): Promise<void> {
  const found = await runsOf(jobs, call.runs)
  const missing = jobs.filter((job) => !found.has(job))
  for (const entry of new Set(missing.map((job) => job.entry))) {
    const own = missing.filter((job) => job.entry === entry)
    console.log(
      `${entry.padEnd(32)}${`${own.length}`.padStart(4)} ${own.length === 1 ? 'training ' : 'trainings'}${hoursOf(own).toFixed(2).padStart(8)} core-hours`,
    )
  }
  const hours = hoursOf(missing)
  const { processes, runs } = call
  console.log(
    missing.length === 0
      ? `All ${jobs.length} trainings are complete in ${runs}.`
      : `${missing.length} of ${jobs.length} trainings are not complete in ${runs}: ${hours.toFixed(2)} core-hours, about ${Math.ceil((60 * hours) / processes)} minutes with ${processes} at the same time.`,
  )
}

/** Core-hours of trainings from their start. What is fitted takes seconds. */
export function hoursOf(jobs: readonly StudyJob[]): number {
  const trained = jobs.filter(({ entry }) => entryOf(entry).kind === 'network')
  return trained.reduce((sum, { budget }) => sum + budget, 0) / 3600
}

async function runsOf(jobs: readonly StudyJob[], folder: string): Promise<JobRuns> {
  const complete = await completeRuns(folder)
  const datasets = new Map<string, Promise<Dataset>>()
  const found = new Map<StudyJob, Run>()
  for (const job of jobs) {
    const { data, share, without, fold } = job
    const key = JSON.stringify([data, share, without, share === undefined ? null : fold])
    const dataset = datasets.get(key) ?? datasetOf(job)
    datasets.set(key, dataset)
    const run = findRun(job, await dataset, complete)
    if (run) found.set(job, run)
  }
  return found
}

/** What is missing of a study, in words; null where nothing is. */
export function missingWords(
  jobs: readonly StudyJob[],
  found: { has(job: StudyJob): boolean },
): string | null {
  const missing = jobs.filter((job) => !found.has(job))
  if (missing.length === 0) return null
  const entries = [...new Set(missing.map(({ entry }) => entry))]
  return `${missing.length} of ${jobs.length} trainings are missing: ${entries.join(', ')}`
}
