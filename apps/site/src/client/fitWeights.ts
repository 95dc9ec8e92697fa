/** Predictions and labels of pairs, sorted as they came. */
export interface EnsembleData {
  /** Predicted couplings in hertz, `[entries][pairs]`. */
  readonly predictions: readonly Float32Array[]
  /** Labels in hertz, `[pairs]`. */
  readonly couplings: Float32Array
  /** Index of each pair's type, `[pairs]`. */
  readonly types: Uint8Array
  /** Fold of each pair, `[pairs]`. */
  readonly folds: Uint8Array
}

/** What entries reach together. */
export interface Ensemble {
  /** Mean over the folds of the weights, one per entry. */
  readonly weights: readonly number[]
  /** Score of the ensemble, each fold predicted with weights of the other folds. */
  readonly score: number
  /** MAE of each type in hertz; NaN where there is no pair. */
  readonly maes: readonly number[]
}

const TYPES = 8
const FLOOR = 1e-9
const STEPS = 150
const RATE = 0.2
/** Decay of Adam's two moments. */
const [FIRST, SECOND] = [0.9, 0.98]

/**
 * Convex weights for the competition's metric: weights are the softmax of logits, found by Adam on the mean over the types of ln MAE, as for the
 * ensembles of 2021, but always on other folds than those that are scored.
 */
export function crossFit(data: EnsembleData): Ensemble {
  const folds = [...new Set(data.folds)]
  const blended = new Float64Array(data.couplings.length)
  const weights = data.predictions.map(() => 0)
  for (const fold of folds) {
    const inside = [...data.folds.keys()].filter((pair) => data.folds[pair] !== fold)
    const fitted = fitWeights(data, inside)
    for (const [entry, weight] of fitted.entries()) {
      weights[entry]! += weight / folds.length
      for (let pair = 0; pair < blended.length; pair++) {
        if (data.folds[pair] === fold) blended[pair]! += weight * data.predictions[entry]![pair]!
      }
    }
  }
  return { weights, ...scoreOf(blended, data) }
}

/** The metric of predictions in hertz. */
export function scoreOf(
  values: ArrayLike<number>,
  { couplings, types }: Pick<EnsembleData, 'couplings' | 'types'>,
): Pick<Ensemble, 'score' | 'maes'> {
  const sums = new Float64Array(TYPES)
  const counts = new Float64Array(TYPES)
  for (let pair = 0; pair < couplings.length; pair++) {
    sums[types[pair]!]! += Math.abs(values[pair]! - couplings[pair]!)
    counts[types[pair]!]!++
  }
  const maes = Array.from(sums, (sum, type) => sum / counts[type]!)
  const present = maes.filter((mae) => !Number.isNaN(mae))
  const score =
    present.reduce((sum, mae) => sum + Math.log(Math.max(mae, FLOOR)), 0) / present.length
  return { score, maes }
}

function fitWeights(data: EnsembleData, pairs: readonly number[]): number[] {
  const entries = data.predictions.length
  const logits = new Float64Array(entries)
  const [mean, square] = [new Float64Array(entries), new Float64Array(entries)]
  for (let step = 1; step <= STEPS; step++) {
    const gradient = logitGradient(data, pairs, softmax(logits))
    for (let entry = 0; entry < entries; entry++) {
      mean[entry] = FIRST * mean[entry]! + (1 - FIRST) * gradient[entry]!
      square[entry] = SECOND * square[entry]! + (1 - SECOND) * gradient[entry]! ** 2
      const [m, v] = [mean[entry]! / (1 - FIRST ** step), square[entry]! / (1 - SECOND ** step)]
      logits[entry]! -= (RATE * (1 - step / STEPS) * m) / (Math.sqrt(v) + 1e-12)
    }
  }
  return softmax(logits)
}

/** Gradient of the mean of ln MAE with respect to the logits. */
function logitGradient(
  { predictions, couplings, types }: EnsembleData,
  pairs: readonly number[],
  weights: readonly number[],
): number[] {
  const entries = weights.length
  const sums = new Float64Array(TYPES)
  const slopes = new Float64Array(TYPES * entries)
  for (const pair of pairs) {
    let value = -couplings[pair]!
    for (let entry = 0; entry < entries; entry++)
      value += weights[entry]! * predictions[entry]![pair]!
    const type = types[pair]!
    const sign = Math.sign(value)
    sums[type]! += Math.abs(value)
    for (let entry = 0; entry < entries; entry++) {
      slopes[type * entries + entry]! += sign * predictions[entry]![pair]!
    }
  }
  const byWeight = weights.map((_, entry) =>
    sums.reduce((total, sum, type) => {
      return sum > 0 ? total + slopes[type * entries + entry]! / sum : total
    }, 0),
  )
  const average = byWeight.reduce((total, slope, entry) => total + slope * weights[entry]!, 0)
  return byWeight.map((slope, entry) => (weights[entry]! * (slope - average)) / TYPES)
}

function softmax(logits: Float64Array): number[] {
  const highest = Math.max(...logits)
  const powers = Array.from(logits, (logit) => Math.exp(logit - highest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}
