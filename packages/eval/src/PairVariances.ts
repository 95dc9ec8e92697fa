/**
 * Variance of the difference of every pair of entries under the choice of constitutions: in the data, and in each resample as that
 * resample alone would estimate it. Both are sums of squared influences.
 */
export class PairVariances {
  /** Pairs of entries, the first before the second, `[pairs][2]`. */
  readonly pairs: readonly (readonly [number, number])[]
  /** Variances in the data, `[pairs]`. */
  readonly data: Float64Array
  /** Variances in the resamples, `[resamples, pairs]`. */
  readonly resampled: Float64Array
  readonly #influences: readonly Float64Array[]

  /**
   * @param influences influence of each constitution on each entry's score, `[entries][constitutions]`.
   * @param resamples number of resamples that will be added.
   */
  constructor(influences: readonly Float64Array[], resamples: number) {
    this.#influences = influences
    this.pairs = influences.flatMap((_, a) =>
      influences.slice(a + 1).map((__, index) => [a, a + 1 + index] as const),
    )
    this.resampled = new Float64Array(resamples * this.pairs.length)
    this.data = this.#variances(new Uint32Array(influences[0]!.length).fill(1))
  }

  /** Adds a resample: how often each constitution was drawn. */
  add(resample: number, weights: Uint32Array): void {
    this.resampled.set(this.#variances(weights), resample * this.pairs.length)
  }

  #variances(weights: Uint32Array): Float64Array {
    const drawn: number[] = []
    for (const [cluster, weight] of weights.entries()) if (weight > 0) drawn.push(cluster)
    const sums = this.#influences.map((influence) => {
      let sum = 0
      for (const cluster of drawn) sum += weights[cluster]! * influence[cluster]!
      return sum
    })
    return Float64Array.from(this.pairs, ([a, b]) => {
      const [first, second] = [this.#influences[a]!, this.#influences[b]!]
      let squares = 0
      for (const cluster of drawn) {
        const difference = first[cluster]! - second[cluster]!
        squares += weights[cluster]! * difference * difference
      }
      return Math.max(0, squares - (sums[a]! - sums[b]!) ** 2 / weights.length)
    })
  }
}
