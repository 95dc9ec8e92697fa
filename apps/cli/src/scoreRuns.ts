import {
  formatSubmission,
  groupsFromErrors,
  measureErrors,
  measureResult,
  mergeErrorTables,
  moleculesFromErrors,
  OPEN_DATASETS,
  RESULT_SCHEMA_VERSION,
  type ErrorTable,
  type Result,
} from '@couplet/eval'
import { parameterCount, predict } from '@couplet/model'
import type { Dataset } from './Dataset.ts'
import { resultConfig } from './resultConfig.ts'
import { splitOf, type Run, type RunReport } from './Run.ts'
import { isComplete } from './trainRun.ts'
import { UsageError } from './UsageError.ts'

/** Resamples and seed of every interval. */
export const RESAMPLING = { resamples: 10_000, seed: 1 } as const

/** A result with the errors behind it. */
export interface Scored {
  readonly result: Result
  readonly errors: ErrorTable
  /** Ids and predicted couplings in hertz of all scored pairs, in ascending order of their ids. */
  readonly predictions: Predictions
}

/** Predictions of pairs. */
interface Predictions {
  /** Row ids of the pairs, `[pairs]`. */
  readonly ids: Uint32Array
  /** Couplings in hertz, `[pairs]`. */
  readonly couplings: Float64Array
}

/**
 * Scores the runs of one entry on their held-out molecules: one run on its fold, or five runs, one for each fold, together
 * (every molecule by the run that has not seen it). Predictions are kept in the run folders.
 * @throws UsageError for an incomplete run, other data, or runs that do not belong together.
 */
export async function scoreRuns(
  runs: readonly Run[],
  dataset: Dataset,
  onProgress: (share: number) => void = () => {},
): Promise<Scored> {
  const fold = commonFold(runs)
  const errors: ErrorTable[] = []
  const rows: (readonly [id: number, coupling: number])[] = []
  const reports: RunReport[] = []
  let parameters = 0
  let charges: Result['charges'] = 'none'
  let predicted = 0
  let predictSeconds = 0
  for (const [index, run] of runs.entries()) {
    checkDataset(run, dataset)
    const report = await run.report()
    const saved = await run.load()
    if (!report || !saved || !isComplete(saved.trained)) {
      throw new UsageError(
        `${run.folder} is not complete. Repeat its \`couplet train\` command: it goes on from the checkpoint.`,
      )
    }
    const { test } = splitOf(dataset.table, run.plan.fold)
    if (!test || test.names.length === 0) {
      throw new UsageError(
        `${run.folder} holds nothing out: there is nothing to score. Train with --fold 0.`,
      )
    }
    const started = performance.now()
    const couplings = await predict(saved.trained, test, {
      onProgress: (done, all) => onProgress((index + done / all) / runs.length),
    })
    predictSeconds += (performance.now() - started) / 1000
    predicted += test.names.length
    await run.write('predictions.csv', formatSubmission(test.pairIds, couplings))
    for (const [pair, id] of test.pairIds.entries()) rows.push([id, couplings[pair]!])
    errors.push(measureErrors(test, couplings))
    reports.push(report)
    parameters = parameterCount(saved.trained)
    charges = saved.trained.model.entry.charges
  }
  const merged = mergeErrorTables(errors)
  const { test, ...measured } = measureResult(merged, RESAMPLING)
  const { plan } = runs[0]!
  const first = reports[0]!
  const result: Result = {
    schemaVersion: RESULT_SCHEMA_VERSION,
    entry: { ...plan.entry },
    dataset: { name: dataset.name, sha256: dataset.sha256, licence: dataset.licence },
    fold,
    counts: { train: averageTrain(reports), test },
    ...measured,
    config: resultConfig(plan.config, plan.recipe, plan.budget),
    seed: plan.seed,
    parameters,
    run: {
      commit: first.commit,
      runner: first.runner,
      device: first.device,
      cores: first.workers,
      seconds: reports.reduce((sum, { seconds }) => sum + seconds, 0),
      ...coreSeconds(reports),
      trainingMoleculesPerSecond:
        reports.reduce((sum, report) => sum + report.moleculesPerSecond, 0) / reports.length,
      moleculesPerSecond: predicted / Math.max(predictSeconds, 1e-3),
      ...peakMemory(reports),
      versions: { ...first.versions },
      date: new Date().toISOString().slice(0, 10),
    },
    charges,
    predictions: null,
    ...(OPEN_DATASETS.includes(dataset.name)
      ? { molecules: moleculesFromErrors(merged) }
      : { groups: groupsFromErrors(merged) }),
  }
  rows.sort(([a], [b]) => a - b)
  const predictions: Predictions = {
    ids: Uint32Array.from(rows, ([id]) => id),
    couplings: Float64Array.from(rows, ([, coupling]) => coupling),
  }
  return { result, errors: merged, predictions }
}

/** `0` … `4`, `tuning`, or `all` for five runs on the five folds. */
function commonFold(runs: readonly Run[]): Result['fold'] {
  const [first] = runs
  if (!first) throw new UsageError('there is no run to score. Give at least one run folder.')
  const key = ({ plan }: Run): string =>
    JSON.stringify([plan.entry, plan.dataset.sha256, plan.config, plan.recipe, plan.seed])
  const other = runs.find((run) => key(run) !== key(first))
  if (other) {
    throw new UsageError(
      `${first.folder} and ${other.folder} differ in more than the fold. Score them apart, or train the folds with the same settings.`,
    )
  }
  const folds = runs.map(({ plan }) => plan.fold).toSorted()
  if (folds.length === 1 && folds[0] !== 'none') return folds[0]!
  if (folds.join() === '0,1,2,3,4') return 'all'
  throw new UsageError(
    `the runs are of folds ${folds.join(', ')}. Give one run, or one for each of the folds 0 to 4 (\`couplet train ${first.plan.entry.id} --fold all\`).`,
  )
}

function checkDataset({ plan, folder }: Run, dataset: Dataset): void {
  if (plan.dataset.sha256 === dataset.sha256) return
  throw new UsageError(
    `${folder} was trained on ${plan.dataset.name} (${plan.dataset.sha256.slice(0, 8)}), but ${dataset.source} now holds ${dataset.name} (${dataset.sha256.slice(0, 8)}). Score it with the files it was trained on, or train again.`,
  )
}

/** Largest memory of the folds; nothing where a run of before does not say. */
function peakMemory(reports: readonly RunReport[]): { peakMemory?: number } {
  const peaks = reports.flatMap((report) => report.peakMemory ?? [])
  return peaks.length === reports.length ? { peakMemory: Math.max(...peaks) } : {}
}

/** Processor time of training over all folds, where every run knows its own. */
function coreSeconds(reports: readonly RunReport[]): { coreSeconds?: number } {
  const each = reports.flatMap((report) => report.coreSeconds ?? [])
  return each.length === reports.length
    ? { coreSeconds: each.reduce((sum, seconds) => sum + seconds, 0) }
    : {}
}

/** Average size of the folds' training parts. */
function averageTrain(reports: readonly RunReport[]): { molecules: number; pairs: number } {
  const average = (key: 'molecules' | 'pairs'): number =>
    Math.round(reports.reduce((sum, { train }) => sum + train[key], 0) / reports.length)
  return { molecules: average('molecules'), pairs: average('pairs') }
}
