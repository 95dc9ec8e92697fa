import { COUPLING_TYPES, type CouplingType } from '@couplet/data'
import { EvalError } from './EvalError.ts'

/** Smallest mean absolute error in hertz that the metric tells from zero. */
export const MAE_FLOOR = 1e-9

/** Score of predictions without any error: ln(1e-9) = -20.7233. */
export const PERFECT_SCORE = Math.log(MAE_FLOOR)

/** Number of coupling types: the width of every `[molecules, 8]` array. */
export const TYPE_COUNT = COUPLING_TYPES.length

/** How well one coupling type is predicted. */
export interface TypeScore {
  /** The coupling type. */
  readonly type: CouplingType
  /** Mean absolute error in hertz; null where the data hold no pair of this type. */
  readonly mae: number | null
  /** Number of pairs. */
  readonly count: number
}

/** The competition's metric with the numbers behind it. */
export interface Score {
  /** Mean over the present types of ln(max(MAE, 1e-9)); lower is better. */
  readonly score: number
  /** Every type in the order of `COUPLING_TYPES`. */
  readonly types: readonly TypeScore[]
  /** Types without a pair: they are left out of the mean. */
  readonly absentTypes: readonly CouplingType[]
  /** Whether all eight types are present. Only complete scores may be set beside the competition's. */
  readonly complete: boolean
  /** Number of pairs of all types. */
  readonly pairs: number
}

/**
 * The metric of the competition, from sums of |error| and numbers of pairs per type.
 *
 *     MAE_t = errorSums[t] / counts[t]
 *     score = mean over types with counts[t] > 0 of ln(max(MAE_t, 1e-9))
 *
 * @param errorSums sums of |prediction - coupling| in hertz, `[8]`.
 * @param counts numbers of pairs, `[8]`.
 * @throws EvalError without any pair, or when a sum is not a finite number.
 */
export function scoreTotals(errorSums: ArrayLike<number>, counts: ArrayLike<number>): Score {
  const types: TypeScore[] = []
  const absentTypes: CouplingType[] = []
  let pairs = 0
  let logSum = 0
  for (const [index, type] of COUPLING_TYPES.entries()) {
    const count = counts[index]!
    if (count === 0) {
      absentTypes.push(type)
      types.push({ type, mae: null, count: 0 })
      continue
    }
    const mae = errorSums[index]! / count
    if (!Number.isFinite(mae)) {
      throw new EvalError(
        `The mean absolute error of ${type} is ${mae} Hz over ${count} pairs. Look for absurdly large predictions.`,
      )
    }
    types.push({ type, mae, count })
    pairs += count
    logSum += Math.log(Math.max(mae, MAE_FLOOR))
  }
  if (pairs === 0) {
    throw new EvalError(
      'There is no pair to score. Give molecules with at least one labelled pair.',
    )
  }
  return {
    score: logSum / (TYPE_COUNT - absentTypes.length),
    types,
    absentTypes,
    complete: absentTypes.length === 0,
    pairs,
  }
}

/**
 * Scores predictions against labels, row by row, with the competition's metric.
 *
 * @param predictions predicted couplings in hertz, `[pairs]`.
 * @param couplings labels in hertz, `[pairs]`.
 * @param pairTypes index of each row's type in `COUPLING_TYPES`, `[pairs]`.
 * @throws EvalError when lengths differ, a number is not finite (names the row), or there is no pair.
 */
export function scorePairs(
  predictions: ArrayLike<number>,
  couplings: ArrayLike<number>,
  pairTypes: ArrayLike<number>,
): Score {
  checkLengths(predictions.length, couplings.length, pairTypes.length)
  const errorSums = new Float64Array(TYPE_COUNT)
  const counts = new Float64Array(TYPE_COUNT)
  for (let row = 0; row < couplings.length; row++) {
    addError(errorSums, counts, 0, predictions[row]!, couplings[row]!, pairTypes[row]!, () => {
      return `Row ${row}`
    })
  }
  return scoreTotals(errorSums, counts)
}

/** Refuses columns that do not belong together. */
export function checkLengths(predictions: number, couplings: number, pairTypes: number): void {
  if (predictions !== couplings || pairTypes !== couplings) {
    throw new EvalError(
      `There are ${predictions} predictions for ${couplings} labels and ${pairTypes} types. ` +
        'Give one prediction for every pair, in the order of the table.',
    )
  }
}

/** Adds one pair's |error| to the sums at `offset + type`; `where` names the row in an error and is called only then. */
export function addError(
  errorSums: Float64Array,
  counts: Float64Array | Uint32Array,
  offset: number,
  prediction: number,
  coupling: number,
  type: number,
  where: () => string,
): void {
  if (!Number.isFinite(prediction)) {
    throw new EvalError(
      `${where()}: the prediction is ${prediction}. Every pair needs a finite number in hertz.`,
    )
  }
  if (!Number.isFinite(coupling)) {
    throw new EvalError(
      `${where()}: the label is ${coupling}. Score only pairs whose coupling is known.`,
    )
  }
  if (!(Number.isInteger(type) && type >= 0 && type < TYPE_COUNT)) {
    throw new EvalError(
      `${where()}: the type is ${type}. Give an index from 0 to 7 in COUPLING_TYPES.`,
    )
  }
  errorSums[offset + type]! += Math.abs(prediction - coupling)
  counts[offset + type]! += 1
}
