import { basename, join } from 'node:path'
import { assignFolds, selectMolecules, TUNING, type MoleculeTable } from '@couplet/data'
import {
  errorsFromResult,
  groupErrors,
  measureErrors,
  OPEN_DATASETS,
  scoreErrors,
  type ErrorTable,
  type Result,
} from '@couplet/eval'
import { checkSubmissionFile, readResult } from '@couplet/eval/node'
import type { AnyModel } from '@couplet/model'
import { readDataset, type Dataset } from '../Dataset.ts'
import { ENTRIES } from '../entries.ts'
import { resultConfig } from '../resultConfig.ts'
import { resultFiles, resultPaths } from '../results.ts'
import { splitOf, type Run } from '../Run.ts'
import { UsageError } from '../UsageError.ts'
import { completeRuns } from './completeRuns.ts'
import { inputOf, type InputFile } from './inputs.ts'

/** What a study is given. */
export interface BasisCall {
  /** The data set, as for `couplet train`. */
  readonly data: string
  /** Folder of run folders: needed for predictions where the licence keeps these out of the results. */
  readonly runs?: string
  /** Where results are. */
  readonly results: string
}

/** One seed's training of an entry over the five folds. */
interface SeedResult {
  readonly result: Result
  readonly errors: ErrorTable
}

/** An entry with a published result. */
interface StudyEntry {
  readonly id: string
  readonly model: AnyModel
  /** The main seed first. */
  readonly seeds: readonly [SeedResult, ...SeedResult[]]
  /** Out-of-fold predictions of the main seed in hertz, in the order of the scored pairs; undefined where there are none. */
  readonly predictions: Float64Array | undefined
}

/** An entry with predictions. */
export type PredictedEntry = StudyEntry & { readonly predictions: Float64Array }

/** What studies are computed from: the published results of a data set, with errors and predictions behind them. */
export interface Basis<Entry extends StudyEntry = StudyEntry> {
  readonly dataset: Dataset
  /** The molecules that are scored: all but the tuning set. */
  readonly scored: MoleculeTable
  /** From the lowest (best) score of the main seed up. */
  readonly entries: readonly Entry[]
  /** The committed files that were read. */
  readonly inputs: readonly InputFile[]
  /** What is not in it, in words; null where every entry is. */
  readonly partial: string | null
}

/** Scores are kept to six decimals. */
const ROUNDING = 1e-5

/**
 * Reads the published results of a data set with the errors behind them: of molecules and with the predictions on open data, of groups of
 * molecules on others. Predictions on these are read from the run folders behind the results, of which only aggregates may be written.
 * @param needs whether predictions are needed, too, which stand for the main seeds alone: further seeds are then not read.
 * @throws UsageError where nothing is published, or a run behind a result is needed and missing.
 */
export async function readBasis(
  { data, runs, results }: BasisCall,
  needs: 'errors' | 'predictions' = 'errors',
): Promise<Basis> {
  const dataset = await readDataset(data)
  const scored = scoredMolecules(dataset.table)
  const isOpen = OPEN_DATASETS.includes(dataset.name)
  const paths = await resultFiles(results, dataset.name)
  const further = needs === 'errors' ? await resultFiles(results, dataset.name, 'seeds') : []
  const all = [...paths, ...further].map((path) => ({ path, result: readResult(path) }))
  const current = all.filter(({ result }) => result.dataset.sha256 === dataset.sha256)
  const isGrouped = current.every(({ result }) => errorsFromResult(result))
  const runsNeeded = !isOpen && (needs === 'predictions' || !isGrouped)
  if (runsNeeded && runs === undefined) {
    throw new UsageError(
      `${isGrouped ? 'predictions' : 'errors'} on ${dataset.name} are not published, by its licence: they are read from the runs. Give --runs.`,
    )
  }
  const groups = runsNeeded ? await runGroups(runs!, dataset) : []
  const inputs: InputFile[] = []
  const entries: StudyEntry[] = []
  const without: string[] = []
  const odd: string[] = []
  for (const model of ENTRIES) {
    const { id } = model.entry
    const own = current.filter(({ result }) => result.entry.id === id && result.fold === 'all')
    // The main seed's file stands first, because its folder does.
    if (!own.some(({ path }) => path === resultPaths(results, dataset.name, id).result)) {
      without.push(id)
      continue
    }
    const [first, ...others] = own
    const repeated = others.filter(({ path, result }) => repeats(first!.result, result, path))
    if (repeated.length < others.length) odd.push(id)
    for (const { path } of [first!, ...repeated]) inputs.push(await inputOf(results, path))
    let predictions: Float64Array | undefined
    const seeds: SeedResult[] = []
    for (const [index, { path, result }] of [first!, ...repeated].entries()) {
      if (isOpen) {
        const errors = errorsFromResult(result)
        if (!errors) {
          throw new UsageError(`${path} holds no errors of molecules. Publish the entry again.`)
        }
        seeds.push({ result, errors })
        if (index > 0 || result.predictions === null) continue
        const file = resultPaths(results, dataset.name, id).predictions
        inputs.push(await inputOf(results, file))
        predictions = checkSubmissionFile(file, scored.pairIds)
        checkScore(measureErrors(scored, predictions), result, file)
      } else if (runsNeeded && (index === 0 || !isGrouped)) {
        const values = predictionsOf(groups, result, dataset, scored)
        const errors = groupErrors(measureErrors(scored, values))
        checkScore(errors, result, path)
        seeds.push({ result, errors })
        if (index === 0) predictions = values
      } else seeds.push({ result, errors: errorsFromResult(result)! })
    }
    const [main, ...more] = seeds
    entries.push({ id, model, seeds: [main!, ...more], predictions })
  }
  if (entries.length === 0) {
    throw new UsageError(
      `there is no result on ${dataset.name} as it is now in ${results}. Train the entries and publish them with \`couplet score --publish\`.`,
    )
  }
  return {
    dataset,
    scored,
    entries: entries.toSorted((a, b) => a.seeds[0].result.score - b.seeds[0].result.score),
    inputs,
    partial:
      [
        ...(without.length === 0 ? [] : [`without a result yet: ${without.join(', ')}`]),
        ...(odd.length === 0
          ? []
          : [`without further seeds of another version or setting: ${odd.join(', ')}`]),
      ].join('; ') || null,
  }
}

/** Whether a result differs from the main one in its seed alone, and stands where that seed's should. */
function repeats(main: Result, { entry, config, seed }: Result, path: string): boolean {
  const settings = (of: Result['config']): string =>
    JSON.stringify(Object.entries(of).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return (
    entry.version === main.entry.version &&
    settings(config) === settings(main.config) &&
    seed !== main.seed &&
    basename(path) === `${entry.id}-${seed}.json`
  )
}

/**
 * The entries that have predictions, for studies of single pairs; those that have none are named as missing.
 * @throws UsageError where none has.
 */
export function withPredictions(basis: Basis): Basis<PredictedEntry> {
  const isPredicted = (entry: StudyEntry): entry is PredictedEntry =>
    entry.predictions !== undefined
  const entries = basis.entries.filter(isPredicted)
  const without = basis.entries.filter((entry) => !isPredicted(entry)).map(({ id }) => id)
  if (entries.length === 0) {
    throw new UsageError(
      `no result on ${basis.dataset.name} has predictions beside it. Publish the runs again with \`couplet score --publish\`.`,
    )
  }
  const more = without.length === 0 ? [] : [`without predictions: ${without.join(', ')}`]
  return {
    ...basis,
    entries,
    partial: [basis.partial, ...more].filter((words) => words !== null).join('; ') || null,
  }
}

/** All molecules but the tuning set. */
export function scoredMolecules(table: MoleculeTable): MoleculeTable {
  const folds = assignFolds(table)
  const scored = [...table.names.keys()].filter((molecule) => folds[molecule] !== TUNING)
  return selectMolecules(table, scored)
}

/** Complete trainings on the data set, those that differ in their fold alone together. */
async function runGroups(folder: string, dataset: Dataset): Promise<Run[][]> {
  const complete = await completeRuns(folder)
  const runs = complete.filter(({ plan }) => plan.dataset.sha256 === dataset.sha256)
  const keyOf = ({ plan }: Run): string =>
    JSON.stringify([plan.entry, plan.config, plan.recipe, plan.budget, plan.from, plan.seed])
  return [...new Set(runs.map(keyOf))].map((key) => runs.filter((run) => keyOf(run) === key))
}

/** Predictions of the runs behind a result, in the order of the scored pairs. */
function predictionsOf(
  groups: readonly (readonly Run[])[],
  result: Result,
  dataset: Dataset,
  scored: MoleculeTable,
): Float64Array {
  const identity = (
    { id, version }: Result['entry'],
    config: Result['config'],
    seed: number,
  ): string => {
    const settings = Object.entries(config).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return JSON.stringify([id, version, seed, settings])
  }
  const wanted = identity(result.entry, result.config, result.seed)
  const group = groups.find(([run]) => {
    const { entry, config, recipe, budget, seed, from } = run!.plan
    return !from && identity(entry, resultConfig(config, recipe, budget), seed) === wanted
  })
  const folds = new Map(group?.map((run) => [run.plan.fold, run]))
  const byId = new Map<number, number>()
  for (const fold of ['0', '1', '2', '3', '4'] as const) {
    const run = folds.get(fold)
    if (!run) {
      throw new UsageError(
        `there is no complete run of ${result.entry.id}, seed ${result.seed}, fold ${fold}, with the settings of its result. Give the folder of runs that was scored with --runs.`,
      )
    }
    const { pairIds } = splitOf(dataset.table, fold).test!
    const values = checkSubmissionFile(join(run.folder, 'predictions.csv'), pairIds)
    for (const [pair, id] of pairIds.entries()) byId.set(id, values[pair]!)
  }
  return Float64Array.from(scored.pairIds, (id) => byId.get(id)!)
}

/** Refuses predictions that are not those of a result. */
function checkScore(errors: ErrorTable, result: Result, where: string): void {
  const { score } = scoreErrors(errors)
  if (Math.abs(score - result.score) < ROUNDING) return
  throw new UsageError(
    `${where}: the predictions of ${result.entry.id} score ${score.toFixed(6)}, its result says ${result.score}. Score and publish its runs again.`,
  )
}
