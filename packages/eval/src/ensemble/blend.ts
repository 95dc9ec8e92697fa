import { COUPLING_TYPES } from '@couplet/data'
import { EvalError } from '../EvalError.ts'

/** Predictions of several entries for the same pairs, with the labels. */
export interface BlendData {
  /** Predicted couplings in hertz, `[entries][pairs]`. */
  readonly predictions: readonly Float64Array[]
  /** Labels in hertz, `[pairs]`. */
  readonly couplings: ArrayLike<number>
  /** Index of each pair's type in `COUPLING_TYPES`, `[pairs]`. */
  readonly types: ArrayLike<number>
}

/**
 * Weighted mean of predictions.
 * @param weights one weight per entry, or one list per type; they add up to 1.
 * @returns couplings in hertz, `[pairs]`.
 */
export function blend(
  { predictions, types }: BlendData,
  weights: readonly Float64Array[],
): Float64Array {
  checkEntries(predictions)
  return Float64Array.from(predictions[0]!, (_, pair) => {
    const own = weights.length === 1 ? weights[0]! : weights[types[pair]!]!
    let sum = 0
    for (const [entry, values] of predictions.entries()) sum += own[entry]! * values[pair]!
    return sum
  })
}

/** Entries that the winners' blend keeps of each type, and how many of the sorted predictions it drops at either end. */
const KEPT = 9
const DROPPED = 2

/**
 * The blend of the team that won in 2019, which fits nothing: for each type, the nine entries that most often predict the median of
 * all are kept; for each pair, the two lowest and two highest of their predictions are dropped and the rest averaged. With fewer
 * than nine entries all are kept, with fewer than five as many are dropped as leave one or two.
 * @returns couplings in hertz, `[pairs]`.
 */
export function medianBlend({ predictions, types }: BlendData): Float64Array {
  checkEntries(predictions)
  const kept = COUPLING_TYPES.map((_, type) => mostOftenMedian(predictions, types, type))
  return Float64Array.from(predictions[0]!, (_, pair) => {
    const values = kept[types[pair]!]!.map((entry) => predictions[entry]![pair]!).toSorted(
      (a, b) => a - b,
    )
    const dropped = Math.min(DROPPED, Math.floor((values.length - 1) / 2))
    const middle = values.slice(dropped, values.length - dropped)
    return middle.reduce((sum, value) => sum + value, 0) / middle.length
  })
}

/** The entries that most often stand in the middle; of an even number, both of the middle count. */
function mostOftenMedian(
  predictions: readonly Float64Array[],
  types: ArrayLike<number>,
  type: number,
): number[] {
  const entries = [...predictions.keys()]
  const counts = entries.map(() => 0)
  for (let pair = 0; pair < types.length; pair++) {
    if (types[pair] !== type) continue
    const sorted = entries.toSorted((a, b) => predictions[a]![pair]! - predictions[b]![pair]!)
    const middle = (entries.length - 1) / 2
    for (const place of new Set([Math.floor(middle), Math.ceil(middle)])) {
      counts[sorted[place]!]! += 1
    }
  }
  return entries.toSorted((a, b) => counts[b]! - counts[a]! || a - b).slice(0, KEPT)
}

function checkEntries(predictions: readonly Float64Array[]): void {
  const lengths = new Set(predictions.map(({ length }) => length))
  if (lengths.size === 1) return
  throw new EvalError(
    `The entries to blend predict ${[...lengths].join(', ') || 'no'} pairs. Give predictions of at least one entry, all for the same pairs.`,
  )
}
