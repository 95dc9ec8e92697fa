import type { BlendData } from '../ensemble/blend.ts'
import { TYPE_COUNT } from '../score.ts'

/**
 * Pearson correlation of the entries' residuals, prediction less label: of each type by itself, averaged over the types, so that no type
 * counts for more because of its size or its many pairs.
 * @returns `[entries][entries]`; 0 between entries of which one errs by the same amount everywhere.
 */
export function residualCorrelation({ predictions, couplings, types }: BlendData): number[][] {
  const present = Array.from({ length: TYPE_COUNT }, (_, type) =>
    [...predictions[0]!.keys()].filter((pair) => types[pair] === type),
  ).filter((pairs) => pairs.length > 1)
  const residuals = predictions.map((values) =>
    present.map((pairs) => standardised(pairs.map((pair) => values[pair]! - couplings[pair]!))),
  )
  return residuals.map((a, row) =>
    residuals.map((b, column) => {
      if (row === column) return 1
      let sum = 0
      for (const [type, left] of a.entries()) {
        const right = b[type]!
        let product = 0
        for (const [index, value] of left.entries()) product += value * right[index]!
        sum += product / present.length
      }
      // Rounding must not leave the range.
      return Math.max(-1, Math.min(1, sum))
    }),
  )
}

/** Less their mean, in units of sqrt(sum of squares), so that the product of two lists is their correlation. */
function standardised(values: readonly number[]): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const centred = Float64Array.from(values, (value) => value - mean)
  const length = Math.sqrt(centred.reduce((sum, value) => sum + value ** 2, 0))
  return length === 0 ? centred : centred.map((value) => value / length)
}
