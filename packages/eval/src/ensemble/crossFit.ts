import { COUPLING_TYPES } from '@couplet/data'
import { EvalError } from '../EvalError.ts'
import { randomGenerator } from '../randomGenerator.ts'
import { blend, type BlendData } from './blend.ts'
import { fitWeights, type WeightSearch } from './fitWeights.ts'

/** One weight per entry for all pairs, or one for each type. */
export type WeightKind = 'single' | 'per-type'

/** A blend whose weights were fitted on other pairs than those that they predict. */
export interface FittedBlend {
  /** Predicted couplings in hertz, `[pairs]`; NaN for pairs that are not scored. */
  readonly predictions: Float64Array
  /** Weights, means over the fits: one list, or eight; null for a type that the data lack. */
  readonly weights: readonly (Float64Array | null)[]
}

/**
 * Blends entries with cross-fitted weights: the pairs of each part are predicted with weights from all other parts.
 *
 * @param parts part of each pair, `[pairs]`; all pairs of a constitution belong to one part, or the weights have seen it.
 * @param seed of `softmax`.
 * @throws EvalError unless there are two parts.
 */
export function crossFit(
  data: BlendData,
  parts: ArrayLike<number>,
  kind: WeightKind,
  search: WeightSearch,
  seed: number,
): FittedBlend {
  const names = [...new Set(Array.from(parts))].toSorted((a, b) => a - b)
  if (names.length < 2) {
    throw new EvalError(
      'All molecules are in one part: cross-fitting needs two. Give more molecules.',
    )
  }
  const predictions = new Float64Array(data.couplings.length)
  const fits = names.map((name) => {
    const weights = fitAll(data, (pair) => parts[pair] !== name, kind, search, seed)
    const blended = blend(
      data,
      weights.map((own) => own ?? new Float64Array(data.predictions.length)),
    )
    for (let pair = 0; pair < predictions.length; pair++) {
      if (parts[pair] === name) predictions[pair] = blended[pair]!
    }
    return weights
  })
  const weights = fits[0]!.map((_, list) => {
    const own = fits.flatMap((fit) => fit[list] ?? [])
    if (own.length === 0) return null
    return own[0]!.map((__, entry) => own.reduce((sum, fit) => sum + fit[entry]! / own.length, 0))
  })
  return { predictions, weights }
}

/**
 * The protocol of Bratholm et al. 2021: weights are fitted on one half of the pairs, drawn at random within each type, and the other
 * half is scored. Pairs of one molecule are in both halves, so that scores come out better than for new molecules.
 * @returns the blend of the second half, NaN elsewhere.
 */
export function halfOfRows(
  data: BlendData,
  kind: WeightKind,
  search: WeightSearch,
  seed: number,
): FittedBlend {
  const random = randomGenerator(seed)
  const isFitted = new Uint8Array(data.couplings.length)
  for (const type of COUPLING_TYPES.keys()) {
    const pairs = [...isFitted.keys()].filter((pair) => data.types[pair] === type)
    const order = pairs
      .map((pair) => ({ pair, key: random.next() }))
      .toSorted((a, b) => a.key - b.key)
    for (const { pair } of order.slice(0, Math.floor(pairs.length / 2))) isFitted[pair] = 1
  }
  const weights = fitAll(data, (pair) => isFitted[pair] === 1, kind, search, seed)
  const blended = blend(
    data,
    weights.map((own) => own ?? new Float64Array(data.predictions.length)),
  )
  return {
    predictions: blended.map((value, pair) => (isFitted[pair] ? Number.NaN : value)),
    weights,
  }
}

function fitAll(
  data: BlendData,
  isFitted: (pair: number) => boolean,
  kind: WeightKind,
  search: WeightSearch,
  seed: number,
): (Float64Array | null)[] {
  const rows: number[] = []
  for (let pair = 0; pair < data.couplings.length; pair++) if (isFitted(pair)) rows.push(pair)
  if (kind === 'single') return [fitWeights(data, Uint32Array.from(rows), search, seed)]
  return COUPLING_TYPES.map((_, type) => {
    const own = rows.filter((row) => data.types[row] === type)
    return own.length === 0 ? null : fitWeights(data, Uint32Array.from(own), search, seed)
  })
}
