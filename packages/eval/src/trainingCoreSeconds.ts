import type { Result } from './resultSchema.ts'

/** Core-seconds that the training of a result took: processor time, in files that lack it wall time by threads. */
export function trainingCoreSeconds({ run }: Pick<Result, 'run'>): number {
  return run.coreSeconds ?? run.seconds * run.cores
}
