import { COUPLING_TYPES } from '@couplet/data'
import { parseEntry, typeScale, type Fitted, type FittedModel } from '@couplet/model'
import entry from './entry.json' with { type: 'json' }
import { LeastSquares } from './LeastSquares.ts'
import { pathFeatures } from './pathFeatures.ts'

/** The only choice: how far the fit is pulled to each type's mean. */
export interface KarplusConfig extends Readonly<Record<string, number>> {
  /** Weight of the squared slopes in the fit, in rows; see `LeastSquares.solve`. */
  readonly ridge: number
}

/**
 * One least-squares fit for each coupling type, on the geometry of the path of bonds between the two nuclei: for three bonds
 * the Karplus equation with corrections.
 *
 * A prediction stays within the couplings that its type had in training, so that a distorted molecule gets no absurd value. A pair whose
 * atoms are not joined by as many bonds as its type says gets the type's mean; a type that the training molecules have not gets 0 Hz.
 */
export const karplus: FittedModel<KarplusConfig> = {
  specVersion: 'v1',
  kind: 'fitted',
  entry: parseEntry(entry),
  published: { ridge: 1e-2 },
  small: {},
  tiny: {},
  prepare: (train) => ({ scale: typeScale(train) }),
  fit({ couplings, ...train }, _state, { ridge }) {
    const types = COUPLING_TYPES.map((): TypeFit => ({ lowest: Infinity, highest: -Infinity }))
    for (const { pair, type, features } of pathFeatures(train)) {
      const fit = types[type]!
      const coupling = couplings![pair]!
      fit.squares ??= new LeastSquares(features.length)
      fit.squares.add(features, coupling)
      fit.lowest = Math.min(fit.lowest, coupling)
      fit.highest = Math.max(fit.highest, coupling)
    }
    return Object.assign({}, ...types.map((fit, type) => arraysOf(fit, type, ridge))) as Fitted
  },
  predict(fitted, molecules, { scale }) {
    const predictions = Float32Array.from(molecules.pairTypes, (type) => scale.mean[type]!)
    for (const { pair, type, features } of pathFeatures(molecules)) {
      const value = valueOf(fitted, type, features)
      if (value !== undefined) predictions[pair] = value
    }
    return predictions
  },
}

/** Examples of one type while they are collected. */
interface TypeFit {
  squares?: LeastSquares
  lowest: number
  highest: number
}

/** The arrays of one type; none where no pair of the type has a path. */
function arraysOf({ squares, lowest, highest }: TypeFit, type: number, ridge: number): Fitted {
  if (!squares) return {}
  const { intercept, coefficients, centres } = squares.solve(ridge)
  return {
    [arrayName(type, 'intercept')]: hostArray([intercept]),
    [arrayName(type, 'coefficients')]: hostArray(coefficients),
    [arrayName(type, 'centres')]: hostArray(centres),
    [arrayName(type, 'range')]: hostArray([lowest, highest]),
  }
}

function arrayName(type: number, part: string): string {
  return `${COUPLING_TYPES[type]!.toLowerCase()}/${part}`
}

function hostArray(values: readonly number[]): Fitted[string] {
  return { shape: [values.length], data: Float32Array.from(values) }
}

/** Value of one type's fit in hertz; nothing where the type was not fitted. */
function valueOf(fitted: Fitted, type: number, features: readonly number[]): number | undefined {
  const [intercept, coefficients, centres, range] = [
    'intercept',
    'coefficients',
    'centres',
    'range',
  ].map((part) => fitted[arrayName(type, part)]?.data)
  if (!intercept || !coefficients || !centres || !range) return undefined
  const value = features.reduce(
    (sum, feature, k) => sum + coefficients[k]! * (feature - centres[k]!),
    intercept[0]!,
  )
  return Math.min(range[1]!, Math.max(range[0]!, value))
}
