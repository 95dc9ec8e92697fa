import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import {
  errorsFromResult,
  formatResult,
  OPEN_DATASETS,
  parseResult,
  type Result,
} from '@couplet/eval'
import { readResult, writeResult, writeStudy, writeSubmission } from '@couplet/eval/node'
import { MAIN_SEED, resultPaths } from '../results.ts'
import type { Run } from '../Run.ts'
import type { Scored } from '../scoreRuns.ts'
import { UsageError } from '../UsageError.ts'
import { curvesOf } from './curvesOf.ts'

/**
 * Writes results below a folder of results; nothing unless all are over five folds. For the main seed also the training
 * curves and, on data whose licence allows it, the predictions. Where a published result that is not whole comes out again with the same
 * errors, only what it lacks is added: cost and curves stay those of the training that was published.
 * @param runs the runs behind each result.
 * @param results where results are kept.
 * @returns the paths written.
 * @throws UsageError for a result over fewer folds.
 */
export async function publishResults(
  scored: readonly Scored[],
  runs: readonly (readonly Run[])[],
  results: string,
): Promise<string[]> {
  const partial = scored.find(({ result }) => result.fold !== 'all')?.result
  if (partial) {
    throw new UsageError(
      `only results over all five folds are published, but ${partial.entry.id} has fold ${partial.fold}. Train it with --fold all.`,
    )
  }
  const curves = await Promise.all(runs.map((group) => curvesOf(group)))
  const written: string[] = []
  for (const [index, { result, predictions }] of scored.entries()) {
    const { dataset, entry, seed } = result
    const paths = resultPaths(results, dataset.name, entry.id, seed)
    const isMain = seed === MAIN_SEED
    const isOpen = isMain && OPEN_DATASETS.includes(dataset.name)
    if (isOpen) {
      await writeSubmission(paths.predictions, predictions.ids, predictions.couplings)
      written.push(paths.predictions)
    }
    const before = existsSync(paths.result) ? readResult(paths.result) : undefined
    const completed = before && !isWhole(before) && isRepeated(before, result) ? before : undefined
    const curve = curves[index]
    if (isMain && !completed && curve) {
      await writeStudy('curves', paths.curves, curve)
      written.push(paths.curves)
    } else if (isMain && !completed) await rm(paths.curves, { force: true })
    const path = isOpen ? `predictions/${entry.id}.csv` : null
    const run = completed?.run ?? result.run
    await writeResult(paths.result, { ...result, run, predictions: path })
    written.push(paths.result)
  }
  return written
}

/** Whether a published result holds all that studies read: a main one on open data the predictions, one on other data the errors of groups. */
export function isWhole(result: Result): boolean {
  const { dataset, predictions, seed } = result
  return OPEN_DATASETS.includes(dataset.name)
    ? seed !== MAIN_SEED || predictions !== null
    : errorsFromResult(result) !== undefined
}

/** Whether two results of one entry and seed are of the same data and settings, and agree in every figure that was scored, as files keep them. */
function isRepeated(before: Result, after: Result): boolean {
  const scored = ({ entry, dataset, counts, score, interval, types, config }: Result): unknown => [
    entry,
    dataset,
    counts,
    score,
    interval,
    types,
    config,
  ]
  return isDeepStrictEqual(scored(before), scored(parseResult(formatResult(after), 'result')))
}
