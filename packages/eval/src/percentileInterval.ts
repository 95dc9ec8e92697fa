import { EvalError } from './EvalError.ts'

/** Level of intervals when the caller does not say. */
export const DEFAULT_LEVEL = 0.95

/** Both ends of an interval. */
export interface Ends {
  /** Lower end. */
  readonly low: number
  /** Upper end. */
  readonly high: number
}

/**
 * The middle `level` of values: their quantiles at (1 - level) / 2 and (1 + level) / 2, interpolated linearly between
 * neighbours (position `q * (n - 1)` of the sorted values, the default of R and NumPy).
 *
 * @param values at least one finite number; left unsorted.
 * @throws EvalError when `level` is not between 0 and 1.
 */
export function percentileInterval(values: Float64Array, level: number): Ends {
  if (!(level > 0 && level < 1)) {
    throw new EvalError(
      `The level of the interval is ${level}. Give a number between 0 and 1, for example 0.95.`,
    )
  }
  const sorted = values.toSorted()
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) }
}

function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1)
  const below = sorted[Math.floor(position)]!
  const above = sorted[Math.ceil(position)]!
  return below + (above - below) * (position - Math.floor(position))
}
