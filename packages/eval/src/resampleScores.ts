import { EvalError } from './EvalError.ts'
import { stackColumns, type ClusterColumns } from './clusterColumns.ts'
import type { ErrorTable } from './errorTable.ts'
import { randomGenerator } from './randomGenerator.ts'
import { MAE_FLOOR, TYPE_COUNT } from './score.ts'

/** How a bootstrap draws. */
export interface ResampleOptions {
  /** Seed of the draws, 0 to 4294967295; equal seeds give equal intervals. */
  readonly seed: number
  /** Number of resamples; 10,000 by default, which leaves the ends of a 95 % interval uncertain by under 1 % of its width. */
  readonly resamples?: number
  /** Share of resamples inside the interval; 0.95 by default. */
  readonly level?: number
}

/** Scores of one or more entries on the same resamples of constitutions. */
export interface Resamples {
  /** Score of each entry on each resample, `[entries][resamples]`. */
  readonly scores: readonly Float64Array[]
  /** MAE in hertz of each entry, `[entries][resamples, 8]`; NaN for types that the data lack. */
  readonly maes: readonly Float64Array[]
  /** Draws thrown away because they lacked a type that the data have. */
  readonly redrawn: number
}

/** Resamples when the caller does not say how many. */
export const DEFAULT_RESAMPLES = 10_000
/** More would fill the memory and make no interval more certain. */
const MOST_RESAMPLES = 1_000_000

/**
 * Refuses a number of resamples that cannot be drawn.
 * @throws EvalError that says what can.
 */
export function checkResamples(resamples: number): void {
  if (Number.isInteger(resamples) && resamples >= 1 && resamples <= MOST_RESAMPLES) return
  throw new EvalError(
    `The number of resamples is ${resamples}. Give a whole number from 1 to ${MOST_RESAMPLES}; 10000 are enough.`,
  )
}

/**
 * Draws as many constitutions as there are, with replacement, again and again, each with all its molecules (conformers,
 * stereoisomers), and scores every entry on each draw. Constitutions are told apart by the fold keys of the first table that
 * has some; where none has, as in result files of before, every molecule counts as one.
 *
 * Every resample scores the types that the data have. A draw that lacks one of them is thrown away and drawn again:
 * averaging fewer types would set a different quantity beside the others (errors of 3JHN are about a tenth of those of
 * 1JHC, so a draw without 3JHN would look far worse). The price: a type found in fewer than about five constitutions shows
 * less spread than it has; `redrawn` tells how often that happened. Constitutions without pairs take no part.
 *
 * Draws use 32 random bits, so indices are even to one part in 2^32 / constitutions.
 *
 * @param tables error tables of the entries: same molecules, same numbers of pairs, any order.
 * @throws EvalError when the tables differ in molecules or counts, or hold no pair.
 */
export function resampleScores(tables: readonly ErrorTable[], options: ResampleOptions): Resamples {
  return resampleColumns(stackColumns(tables), options)
}

/**
 * {@link resampleScores} on columns that were stacked before.
 * @param visit told how often each constitution was drawn, `[constitutions]`, for every resample that counts.
 */
export function resampleColumns(
  { columns, width, clusters, types, entries }: ClusterColumns,
  options: ResampleOptions,
  visit?: (resample: number, weights: Uint32Array) => void,
): Resamples {
  const resamples = options.resamples ?? DEFAULT_RESAMPLES
  checkResamples(resamples)
  const random = randomGenerator(options.seed)
  const weights = new Uint32Array(clusters)
  const totals = new Float64Array(width)
  const each = Array.from({ length: entries })
  const scores = each.map(() => new Float64Array(resamples))
  const maes = each.map(() => new Float64Array(resamples * TYPE_COUNT).fill(Number.NaN))
  let redrawn = 0

  for (let resample = 0; resample < resamples;) {
    weights.fill(0)
    for (let draw = 0; draw < clusters; draw++) {
      weights[Math.floor(random.next() * clusters)]! += 1
    }
    totals.fill(0)
    for (let cluster = 0; cluster < clusters; cluster++) {
      const weight = weights[cluster]!
      if (weight === 0) continue
      const offset = cluster * width
      for (let column = 0; column < width; column++) {
        totals[column]! += weight * columns[offset + column]!
      }
    }
    // The first columns are the numbers of pairs of the present types.
    if (totals.subarray(0, types.length).includes(0)) {
      redrawn++
      continue
    }
    for (let entry = 0; entry < entries; entry++) {
      let logSum = 0
      for (const [place, type] of types.entries()) {
        const mae = totals[(entry + 1) * types.length + place]! / totals[place]!
        maes[entry]![resample * TYPE_COUNT + type] = mae
        logSum += Math.log(Math.max(mae, MAE_FLOOR))
      }
      scores[entry]![resample] = logSum / types.length
    }
    visit?.(resample, weights)
    resample++
  }
  return { scores, maes, redrawn }
}
