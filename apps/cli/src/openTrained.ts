import type { Trained } from '@couplet/model'
import { Run } from './Run.ts'
import { isComplete } from './trainRun.ts'
import { UsageError } from './UsageError.ts'

/**
 * Opens a run whose training is complete.
 * @throws UsageError for a folder that is no run, and for a training that is not done.
 */
export async function openTrained(folder: string): Promise<{ run: Run; trained: Trained }> {
  const run = await Run.open(folder)
  const saved = await run.load()
  if (!saved) {
    throw new UsageError(
      `${folder} has no checkpoint yet. Train it first: couplet train ${run.plan.entry.id}.`,
    )
  }
  const { trained } = saved
  const { step, steps } = trained.progress
  if (!isComplete(trained)) {
    throw new UsageError(
      `${folder} is not complete: it has done ${step} of ${steps} steps. Repeat its \`couplet train\` command: it goes on from there.`,
    )
  }
  return { run, trained }
}
