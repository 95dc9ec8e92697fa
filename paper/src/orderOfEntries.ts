import type { Evidence } from './Evidence.ts'

/** Scores of one entry on both data sets. */
export type BothScores = readonly [dft: number, champs: number]

/** Scores of the entries that have results on both data sets. */
export function scoredOnBoth({ results }: Evidence): BothScores[] {
  const champs = new Map(
    (results.get('champs-sample') ?? []).map(({ entry, score }) => [entry.id, score]),
  )
  return (results.get('couplet-dft') ?? []).flatMap(({ entry, score }) => {
    const other = champs.get(entry.id)
    return other === undefined ? [] : [[score, other] as const]
  })
}

/** Kendall's rank correlation: 1 where both put the entries in the same order, -1 in the opposite one. */
export function kendall(scores: readonly BothScores[]): number {
  let sum = 0
  let pairs = 0
  for (const [index, a] of scores.entries()) {
    for (const b of scores.slice(index + 1)) {
      sum += Math.sign((a[0] - b[0]) * (a[1] - b[1]))
      pairs++
    }
  }
  return pairs === 0 ? 1 : sum / pairs
}
