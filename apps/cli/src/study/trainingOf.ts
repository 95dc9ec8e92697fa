import type { SwapsStudy } from '@couplet/eval'
import type { Run } from '../Run.ts'

/** Epochs of a training, and the core-seconds that they took. */
export type Training = SwapsStudy['swaps'][number]['training']['own']

/** What trainings with the same number of epochs took. */
export async function trainingOf(runs: readonly Run[]): Promise<Training> {
  const reports = await Promise.all(runs.map((run) => run.report()))
  const sum = reports.reduce((total, report) => {
    const { coreSeconds, seconds, workers } = report!
    return total + (coreSeconds ?? seconds * workers)
  }, 0)
  return {
    epochs: runs[0]!.plan.recipe.reduce((total, { epochs }) => total + epochs, 0),
    coreSeconds: sum / runs.length,
  }
}
