import { EngineError } from './EngineError.ts'

/**
 * A loss made of additive statistics: each shard of a batch computes sums `s[k]` (for example of absolute errors per
 * coupling type), which add up over shards; the loss is a function of the totals. So data-parallel training has the exact
 * gradient of the global loss, also where that is no sum over shards.
 */
export type Objective =
  /** `sum_k weights[k] * s[k]` */
  | { readonly kind: 'sum'; readonly weights: readonly number[] }
  /** `sum_k weights[k] * ln(s[k] + floors[k])`; entries of weight 0 are left out. */
  | {
      readonly kind: 'log'
      readonly weights: readonly number[]
      readonly floors: readonly number[]
    }

/**
 * Checks that an objective fits a network's statistics.
 * @param count length of the vector that the network's `statistics` returns.
 * @throws EngineError if it has another number of weights or floors.
 */
export function checkObjective(objective: Objective, count: number): void {
  const lists = objective.kind === 'log' ? (['weights', 'floors'] as const) : (['weights'] as const)
  for (const list of lists) {
    const { length } = (objective as Objective & { kind: 'log' })[list]
    if (length === count) continue
    throw new EngineError(
      `the objective has ${length} ${list} but the network computes ${count} statistics. Give one of ${list} for each statistic.`,
    )
  }
}

/** The loss for totals of the statistics. */
export function objectiveValue(objective: Objective, totals: ArrayLike<number>): number {
  return objective.weights.reduce((sum, weight, k) => {
    if (weight === 0) return sum
    const total = totals[k]!
    return (
      sum + weight * (objective.kind === 'sum' ? total : Math.log(total + objective.floors[k]!))
    )
  }, 0)
}

/** Derivative of the loss by each total: the factors with which a shard's statistics enter its gradient. */
export function objectiveCotangent(objective: Objective, totals: ArrayLike<number>): Float32Array {
  return Float32Array.from(objective.weights, (weight, k) => {
    if (weight === 0 || objective.kind === 'sum') return weight
    return weight / (totals[k]! + objective.floors[k]!)
  })
}
