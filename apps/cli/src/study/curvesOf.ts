import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { STUDY_SCHEMA_VERSION, type Curves } from '@couplet/eval'
import { z } from 'zod'
import type { Run } from '../Run.ts'
import { UsageError } from '../UsageError.ts'

const lineSchema = z.object({
  phase: z.string(),
  epoch: z.int().nonnegative(),
  // JSON writes an infinite loss as null.
  loss: z.number().nullable(),
  learningRate: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
})

/**
 * Training curves of the runs of one entry, from their logs; undefined for entries that log nothing, as those fitted by
 * their own method do.
 * @throws UsageError for a damaged log.
 */
export async function curvesOf(runs: readonly Run[]): Promise<Curves | undefined> {
  const { plan } = runs[0]!
  const folds: Curves['folds'] = []
  let cores = 1
  for (const run of runs) {
    const { fold } = run.plan
    if (fold === 'none') continue
    const points = await readLog(join(run.folder, 'log.jsonl'))
    if (points.length > 0) folds.push({ fold, points })
    cores = Math.max(cores, (await run.report())?.workers ?? 1)
  }
  if (folds.length === 0) return undefined
  return {
    schemaVersion: STUDY_SCHEMA_VERSION,
    study: 'curves',
    entry: { ...plan.entry },
    dataset: { name: plan.dataset.name, sha256: plan.dataset.sha256 },
    seed: plan.seed,
    cores,
    folds: folds.toSorted((a, b) => (a.fold < b.fold ? -1 : 1)),
  }
}

async function readLog(path: string): Promise<Curves['folds'][number]['points']> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((row) => row !== '')
    .map((row, index) => {
      try {
        const { phase, epoch, seconds, loss, learningRate } = lineSchema.parse(JSON.parse(row))
        return { phase, epoch, seconds, loss, learningRate }
      } catch {
        throw new UsageError(
          `${path} line ${index + 1} is no line of a training log. Delete the folder and train again.`,
        )
      }
    })
}
