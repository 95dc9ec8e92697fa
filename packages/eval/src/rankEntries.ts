import { EvalError } from './EvalError.ts'
import type { Interval } from './bootstrapInterval.ts'
import { scoreErrors, type ErrorTable } from './errorTable.ts'
import { DEFAULT_LEVEL, percentileInterval, type Ends } from './percentileInterval.ts'
import { scoreInfluences, stackColumns } from './clusterColumns.ts'
import { PairVariances } from './PairVariances.ts'
import {
  checkResamples,
  DEFAULT_RESAMPLES,
  resampleColumns,
  type ResampleOptions,
} from './resampleScores.ts'
import {
  drawSeeds,
  pooledDeviation,
  seedDeviationOf,
  type SeedDraws,
  type SeedSpread,
} from './seedSpread.ts'
import { tiedSets } from './tiedSets.ts'

/** An entry to rank: the errors of one or more trainings that differ in their seed alone. */
export interface RankedEntry {
  /** Id of the entry. */
  readonly entry: string
  /** Errors of each seed's training on the same molecules; at least one. */
  readonly seeds: readonly ErrorTable[]
  /** True of an entry that no seed changes, such as a table of means. */
  readonly seedless?: boolean
}

/** Where an entry stands. */
export interface EntryRank {
  /** Id of the entry. */
  readonly entry: string
  /** Score of a single training, averaged over the seeds. */
  readonly score: number
  /** Interval of that score by itself. */
  readonly interval: Interval
  /** Standard deviation of the score between the entry's seeds; null with one seed. */
  readonly seedDeviation: number | null
  /** Best rank: one more than the number of entries that are separated from it and better. */
  readonly best: number
  /** Worst rank: the number of entries less those that are separated from it and worse. */
  readonly worst: number
}

/** Two entries beside each other. */
export interface EntryDifference {
  /** The entry with the lower score. */
  readonly better: string
  /** The other. */
  readonly worse: string
  /** Score of `better` less that of `worse`: zero or negative. */
  readonly difference: number
  /** Interval of this difference by itself. */
  readonly interval: Ends
  /** Interval that holds for all pairs of entries at once. */
  readonly simultaneous: Ends
  /** Whether the simultaneous interval excludes zero: only then may one be called better. */
  readonly separated: boolean
  /**
   * Further molecules of the same kind with which four in five such data sets would separate the two; 0 where they are
   * separated, null where no number would (the seeds differ too much, or the scores not at all).
   */
  readonly moreMolecules: number | null
}

/** What {@link rankEntries} finds. */
export interface Ranking {
  /** From the lowest (best) score up. */
  readonly entries: readonly EntryRank[]
  /** `[entries][entries]`: share of resamples in which the row's entry scores lower than the column's, equal scores half. */
  readonly probabilityBetter: readonly (readonly number[])[]
  /** Every pair, in the order of `entries`. */
  readonly differences: readonly EntryDifference[]
  /** Largest sets of entries no two of which are separated. */
  readonly ties: readonly (readonly string[])[]
  /** Quantile of the largest standardised difference: that many standard errors separate two entries. */
  readonly criticalValue: number
  /** Standard deviation of a score between seeds, pooled over the entries; null where no entry has two. */
  readonly seedDeviation: number | null
}

/** Standard errors above the critical value at which four in five data sets separate two entries. */
const FOUR_IN_FIVE = 0.8416
/** Standard errors below this are rounding: both entries err in proportion on every molecule. */
const NO_SPREAD = 1e-12

/**
 * Ranks entries by the score of a single training averaged over its seeds, and says which of them can be told apart.
 *
 * Constitutions and seeds are drawn anew together. All entries share the constitutions of a resample, so that what is hard for all
 * cancels out. Seeds are drawn from the deviations of all entries with several seeds from their own mean, pooled: three seeds
 * alone would say little about an entry's spread, and one nothing. Where no entry has two, the choice of seeds is not covered.
 *
 * The intervals of all differences hold at once: their half width is the standard error times the quantile, over the resamples, of
 * the largest difference from the point in standard errors of the resample itself (the studentised max-statistic of Romano and
 * Wolf 2005). So entries that are in truth equal are all left together in about `level` of such studies, and ranks such as
 * `1-3` are those that the intervals leave open.
 *
 * Models of different folds share training molecules, which no bootstrap of the scored ones covers.
 *
 * @throws EvalError when the entries were not scored on the same pairs, or an id occurs twice.
 */
export function rankEntries(entries: readonly RankedEntry[], options: ResampleOptions): Ranking {
  checkEntries(entries)
  const level = options.level ?? DEFAULT_LEVEL
  const resamples = options.resamples ?? DEFAULT_RESAMPLES
  checkResamples(resamples)
  const sorted = entries
    .map((entry) => ({ ...entry, score: mean(entry.seeds.map((one) => scoreErrors(one).score)) }))
    .toSorted((a, b) => a.score - b.score || (a.entry < b.entry ? -1 : 1))
  const stacked = stackColumns(sorted.flatMap(({ seeds }) => seeds))
  const influences = byEntry(sorted, scoreInfluences(stacked))
  const variances = new PairVariances(influences.map(averageOf), resamples)
  const { scores } = resampleColumns(stacked, options, (resample, weights) =>
    variances.add(resample, weights),
  )
  const seedSpread = drawSeeds(
    byEntry(sorted, scores).map((entryScores, index) => ({
      scores: entryScores,
      seedless: sorted[index]!.seedless ?? false,
    })),
    options.seed,
  )
  const draws = seedSpread.entries
  const spreads = variances.pairs.map(([a, b], pair): Spread => ({
    difference: sorted[a]!.score - sorted[b]!.score,
    differences: minus(draws[a]!.scores, draws[b]!.scores),
    moleculeVariance: variances.data[pair]!,
    seedParts: draws[a]!.part + draws[b]!.part,
  }))
  const criticalValue = largestDeviation(spreads, variances, seedSpread, level)
  const { names, groupSizes } = sorted[0]!.seeds[0]!
  const molecules = groupSizes?.reduce((sum, size) => sum + size, 0) ?? names.length
  const differences = variances.pairs.map(([a, b], pair) => ({
    better: sorted[a]!.entry,
    worse: sorted[b]!.entry,
    ...compare(spreads[pair]!, seedSpread.variance, criticalValue, level, molecules),
  }))
  const separated = variances.pairs.filter((_, pair) => differences[pair]!.separated)
  return {
    entries: sorted.map(({ entry, score, seeds }, index) => ({
      entry,
      score,
      interval: {
        ...percentileInterval(draws[index]!.scores, level),
        level,
        resamples,
        seed: options.seed,
      },
      seedDeviation: seedDeviationOf(seeds),
      best: 1 + separated.filter(([, worse]) => worse === index).length,
      worst: sorted.length - separated.filter(([better]) => better === index).length,
    })),
    probabilityBetter: draws.map((a) => draws.map((b) => shareBelow(a, b))),
    differences,
    ties: tiedSets(sorted.length, separated).map((set) => set.map((index) => sorted[index]!.entry)),
    criticalValue,
    seedDeviation: pooledDeviation(sorted.map(({ seeds }) => seeds)),
  }
}

/** Deals columns, one per seed of every entry, out to the entries. */
function byEntry<T>(entries: readonly RankedEntry[], columns: readonly T[]): T[][] {
  let next = 0
  return entries.map(({ seeds }) => columns.slice(next, (next += seeds.length)))
}

function checkEntries(entries: readonly RankedEntry[]): void {
  if (new Set(entries.map(({ entry }) => entry)).size < entries.length) {
    throw new EvalError('Two of the entries to rank have the same id. Give every entry its own.')
  }
  const empty = entries.find(({ seeds }) => seeds.length === 0)
  if (empty ?? entries.length === 0) {
    throw new EvalError(
      `${empty?.entry ?? 'The list'} has nothing to rank. Score a training first.`,
    )
  }
}

/** A difference with what it spreads by. */
interface Spread {
  readonly difference: number
  /** `[resamples]`. */
  readonly differences: Float64Array
  /** Squared standard error that comes from the molecules. */
  readonly moleculeVariance: number
  /** That from the seeds, in variances of a single seed. */
  readonly seedParts: number
}

/** Quantile, over the resamples, of the largest |difference - its point| in standard errors of the resample. */
function largestDeviation(
  spreads: readonly Spread[],
  { resampled }: PairVariances,
  seeds: SeedSpread,
  level: number,
): number {
  const largest = new Float64Array(spreads.length > 0 ? spreads[0]!.differences.length : 1)
  for (const [pair, { difference, differences, seedParts }] of spreads.entries()) {
    for (const [resample, value] of differences.entries()) {
      const error = Math.sqrt(
        resampled[resample * spreads.length + pair]! + seedParts * seeds.resampled[resample]!,
      )
      if (error < NO_SPREAD) continue
      largest[resample] = Math.max(largest[resample]!, Math.abs(value - difference) / error)
    }
  }
  // The upper end of the middle 2 level - 1 is the quantile at `level`.
  return percentileInterval(largest, 2 * level - 1).high
}

function compare(
  { difference, differences, moleculeVariance, seedParts }: Spread,
  singleSeedVariance: number,
  critical: number,
  level: number,
  molecules: number,
) {
  const seedVariance = seedParts * singleSeedVariance
  const half = critical * Math.sqrt(moleculeVariance + seedVariance)
  const separated = Math.abs(difference) > Math.max(half, NO_SPREAD)
  // More molecules shrink their part of the variance alone, until the difference is this many standard errors.
  const wanted = (difference / (critical + FOUR_IN_FIVE)) ** 2 - seedVariance
  const more = wanted > 0 ? Math.ceil(molecules * (moleculeVariance / wanted - 1)) : null
  return {
    difference,
    interval: percentileInterval(differences, level),
    simultaneous: { low: difference - half, high: difference + half },
    separated,
    moreMolecules: separated ? 0 : more,
  }
}

function shareBelow(a: SeedDraws, b: SeedDraws): number {
  let below = 0
  for (const [index, value] of a.scores.entries()) {
    below += value < b.scores[index]! ? 1 : value === b.scores[index]! ? 0.5 : 0
  }
  return below / a.scores.length
}

function minus(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, index) => value - other[index]!)
}

function averageOf(columns: readonly Float64Array[]): Float64Array {
  return columns[0]!.map((_, row) => mean(columns.map((column) => column[row]!)))
}

function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index]!
  return sum / values.length
}
