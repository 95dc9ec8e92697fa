import { rm } from 'node:fs/promises'
import { OPEN_DATASETS } from '@couplet/eval'
import { writeResult, writeStudy, writeSubmission } from '@couplet/eval/node'
import { MAIN_SEED, resultPaths } from '../results.ts'
import type { Run } from '../Run.ts'
import type { Scored } from '../scoreRuns.ts'
import { UsageError } from '../UsageError.ts'
import { curvesOf } from './curvesOf.ts'

/**
 * Writes results below a folder of results; nothing unless all are over five folds. For the main seed also the training
 * curves and, on data whose licence allows it, the predictions.
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
    const curve = curves[index]
    if (isMain && curve) {
      await writeStudy('curves', paths.curves, curve)
      written.push(paths.curves)
    } else if (isMain) await rm(paths.curves, { force: true })
    const path = isOpen ? `predictions/${entry.id}.csv` : null
    await writeResult(paths.result, { ...result, predictions: path })
    written.push(paths.result)
  }
  return written
}
