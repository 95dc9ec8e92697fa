import type { SizesStudy } from '@couplet/eval'
import { isNetwork } from './entryKinds.ts'

/**
 * Standard deviation of a score between seeds, pooled over the networks, for each number of training molecules from the smallest up; empty
 * where no network has two seeds.
 */
export function sizeSpreads({ entries }: SizesStudy): number[] {
  const networks = entries.filter(({ entry }) => isNetwork(entry))
  const sizes = new Set(networks.flatMap(({ points }) => points.map(({ molecules }) => molecules)))
  return [...sizes]
    .toSorted((a, b) => a - b)
    .flatMap((size) => {
      let [squares, freedom] = [0, 0]
      for (const { points } of networks) {
        const scores = points.flatMap(({ molecules, score }) => (molecules === size ? [score] : []))
        const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
        for (const score of scores) squares += (score - mean) ** 2
        freedom += Math.max(0, scores.length - 1)
      }
      return freedom > 0 ? [Math.sqrt(squares / freedom)] : []
    })
}
