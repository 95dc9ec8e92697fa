import { COUPLING_TYPES } from '@couplet/data'
import { scoreErrors, type ErrorTable } from './errorTable.ts'
import { DEFAULT_LEVEL, percentileInterval, type Ends } from './percentileInterval.ts'
import { DEFAULT_RESAMPLES, resampleScores, type ResampleOptions } from './resampleScores.ts'
import { TYPE_COUNT, type Score, type TypeScore } from './score.ts'

/** An interval with how it was drawn, as result files record it. */
export interface Interval extends Ends {
  /** Share of resamples inside. */
  readonly level: number
  /** Number of resamples. */
  readonly resamples: number
  /** Seed of the draws. */
  readonly seed: number
}

/** One type's error with the interval of its MAE in hertz; null where the data hold no pair of the type. */
export interface TypeInterval extends TypeScore {
  /** Lower end in hertz. */
  readonly low: number | null
  /** Upper end in hertz. */
  readonly high: number | null
}

/** A score and its types with intervals. */
export interface BootstrapInterval extends Omit<Score, 'types'> {
  /** Interval of the score. */
  readonly interval: Interval
  /** Every type in the order of `COUPLING_TYPES`. */
  readonly types: readonly TypeInterval[]
  /** Draws thrown away because they lacked a type; many mean that the types' intervals are too narrow. */
  readonly redrawn: number
}

/**
 * Score of an entry and how far it would move with other molecules of the same kind: a percentile bootstrap that draws
 * constitutions, see {@link resampleScores}.
 *
 * It covers the choice of test molecules; it says nothing about the training seed, for which runs must be repeated.
 * Intervals of two entries may overlap although one is clearly better: use `comparePaired` for that.
 */
export function bootstrapInterval(errors: ErrorTable, options: ResampleOptions): BootstrapInterval {
  const score = scoreErrors(errors)
  const level = options.level ?? DEFAULT_LEVEL
  const resamples = options.resamples ?? DEFAULT_RESAMPLES
  const { scores, maes, redrawn } = resampleScores([errors], options)
  const types = score.types.map((typeScore, type): TypeInterval => {
    if (typeScore.count === 0) return { ...typeScore, low: null, high: null }
    return { ...typeScore, ...percentileInterval(everyEighth(maes[0]!, type), level) }
  })
  return {
    ...score,
    interval: { ...percentileInterval(scores[0]!, level), level, resamples, seed: options.seed },
    types,
    redrawn,
  }
}

/** Column `type` of an array `[resamples, 8]`. */
function everyEighth(values: Float64Array, type: number): Float64Array {
  return Float64Array.from(
    { length: values.length / COUPLING_TYPES.length },
    (_, row) => values[row * TYPE_COUNT + type]!,
  )
}
