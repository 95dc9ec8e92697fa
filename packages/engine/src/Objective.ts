/**
 * A loss made of additive statistics: each shard of a batch computes sums `s[k]` (for example of absolute errors per
 * coupling type), which add up over shards; the loss is a function of the totals. So data-parallel training has the exact
 * gradient of the global loss, also where that is no sum over shards.
 */
export type Objective =
  /** `sum_k weights[k] * s[k]` */
  | { readonly kind: 'sum'; readonly weights: readonly number[] }
  /** `sum_k weights[k] * ln(s[k] + floors[k])`; entries of weight 0 are left out. */
  | { readonly kind: 'log'; readonly weights: readonly number[]; readonly floors: readonly number[] }

/** The loss for totals of the statistics. */
export function objectiveValue(objective: Objective, totals: ArrayLike<number>): number {
  return objective.weights.reduce((sum, weight, k) => {
    if (weight === 0) return sum
    const total = totals[k]!
    return sum + weight * (objective.kind === 'sum' ? total : Math.log(total + objective.floors[k]!))
  }, 0)
}

/** Derivative of the loss by each total: the factors with which a shard's statistics enter its gradient. */
export function objectiveCotangent(objective: Objective, totals: ArrayLike<number>): Float32Array {
  return Float32Array.from(objective.weights, (weight, k) => {
    if (weight === 0 || objective.kind === 'sum') return weight
    return weight / (totals[k]! + objective.floors[k]!)
  })
}
