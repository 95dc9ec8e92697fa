import { join } from 'node:path'
import { measureErrors, mergeErrorTables, type ErrorTable } from '@couplet/eval'
import { checkSubmissionFile } from '@couplet/eval/node'
import { access } from 'node:fs/promises'
import type { Dataset } from '../Dataset.ts'
import { splitOf, type Run } from '../Run.ts'
import { scoreRuns } from '../scoreRuns.ts'

/**
 * Errors of complete runs on the molecules that they held out, all folds together. Predictions that a run's folder keeps are taken; others
 * are made, and kept.
 */
export async function outOfFold(runs: readonly Run[], dataset: Dataset): Promise<ErrorTable> {
  const tables: ErrorTable[] = []
  for (const run of runs) {
    const path = join(run.folder, 'predictions.csv')
    const isKept = await access(path).then(
      () => true,
      () => false,
    )
    const test = splitOf(dataset.table, run.plan.fold).test!
    tables.push(
      isKept
        ? measureErrors(test, checkSubmissionFile(path, test.pairIds))
        : (await scoreRuns([run], dataset)).errors,
    )
  }
  return mergeErrorTables(tables)
}
