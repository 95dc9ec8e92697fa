import type { Result } from './resultSchema.ts'

/**
 * Results that were trained on another processor than most of these. Their core-seconds say little beside those of the others, and
 * nothing of a budget: a result that is trained again takes the epochs that the first training found within it.
 */
export function trainedElsewhere<R extends { readonly run: Pick<Result['run'], 'device'> }>(
  results: readonly R[],
): R[] {
  const counts = new Map<string, number>()
  for (const { run } of results) counts.set(run.device, (counts.get(run.device) ?? 0) + 1)
  const [usual] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? []
  return results.filter(({ run }) => run.device !== usual)
}
