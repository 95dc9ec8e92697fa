import type { SizesStudy } from '@couplet/eval'
import { isNetwork } from './entryKinds.ts'

/** What the second half of the budget brings each network that was trained within both: above zero, its score falls. */
export function gainsOfTime({ entries }: SizesStudy): number[] {
  return entries.flatMap(({ entry, byBudget = [] }) => {
    const most = Math.max(...byBudget.map(({ budget }) => budget))
    const [whole, half] = [most, most / 2].map((wanted) => {
      const scores = byBudget.flatMap(({ budget, score }) => (budget === wanted ? [score] : []))
      return scores.reduce((sum, score) => sum + score, 0) / scores.length
    }) as [number, number]
    return isNetwork(entry) && !Number.isNaN(half - whole) ? [half - whole] : []
  })
}
