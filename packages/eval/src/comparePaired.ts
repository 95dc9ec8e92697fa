import type { Interval } from './bootstrapInterval.ts'
import { scoreErrors, type ErrorTable } from './errorTable.ts'
import { DEFAULT_LEVEL, percentileInterval } from './percentileInterval.ts'
import { DEFAULT_RESAMPLES, resampleScores, type ResampleOptions } from './resampleScores.ts'

/** How two entries compare on the same molecules. */
export interface PairedComparison {
  /** Score of A minus score of B: negative where A is better. */
  readonly difference: number
  /** Interval of the difference. */
  readonly interval: Interval
  /** Share of resamples in which A scores lower than B; equal scores count half. */
  readonly probabilityBetter: number
  /** Whether the interval excludes zero: only then may one be called better. */
  readonly distinguishable: boolean
}

/**
 * Compares two entries on the same resamples of constitutions, so that what is hard for both cancels out: the interval of
 * the difference is usually much narrower than the intervals of the two scores.
 *
 * @param errorsA errors of entry A.
 * @param errorsB errors of entry B: same molecules and numbers of pairs as A, in any order.
 * @throws EvalError when molecules or numbers of pairs differ.
 */
export function comparePaired(
  errorsA: ErrorTable,
  errorsB: ErrorTable,
  options: ResampleOptions,
): PairedComparison {
  const { scores } = resampleScores([errorsA, errorsB], options)
  const difference = scoreErrors(errorsA).score - scoreErrors(errorsB).score
  const level = options.level ?? DEFAULT_LEVEL
  const differences = scores[0]!.map((score, resample) => score - scores[1]![resample]!)
  const ends = percentileInterval(differences, level)
  let better = 0
  for (const value of differences) better += value < 0 ? 1 : value === 0 ? 0.5 : 0
  return {
    difference,
    interval: {
      ...ends,
      level,
      resamples: options.resamples ?? DEFAULT_RESAMPLES,
      seed: options.seed,
    },
    probabilityBetter: better / differences.length,
    distinguishable: ends.low > 0 || ends.high < 0,
  }
}
