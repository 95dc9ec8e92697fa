import { COUPLING_TYPES } from '@couplet/data'
import { EvalError } from './EvalError.ts'
import { formatCount, formatHertz, formatScore, formatSeconds, NO_VALUE } from './formatNumbers.ts'
import type { Ends } from './percentileInterval.ts'
import type { Result } from './resultSchema.ts'

/** One entry of a ranked table. */
export interface TableRow {
  /** Id of the entry. */
  readonly entry: string
  /** The metric; null (or not finite) for a run that failed, which then stands last without a rank. */
  readonly score: number | null
  /** Interval of the score. */
  readonly interval: Ends | null
  /** MAE in hertz of the eight types, `[8]`; null where a type is absent. */
  readonly maes: readonly (number | null)[]
  /** Number of trainable numbers. */
  readonly parameters: number | null
  /** Training time in seconds. */
  readonly seconds: number | null
  /** Rank to show instead of the place by score, for example `1-3` from `rankEntries`. */
  readonly rank?: string
  /** Partial charges that the entry was given; printed beneath the table. */
  readonly charges?: Result['charges']
  /** What a reader must know about this row, for example why it failed; printed beneath. */
  readonly note?: string
}

/** Entries scored on the same pairs, which alone may be ranked together. */
export interface TableBlock {
  /** Heading, for example `committed, not run now`. */
  readonly heading?: string
  /** Name of the data set. */
  readonly dataset: string
  /** The fold, as in result files. */
  readonly fold: Result['fold']
  /** Number of scored molecules. */
  readonly molecules: number
  /** Number of scored pairs. */
  readonly pairs: number
  /** The entries in any order. */
  readonly rows: readonly TableRow[]
}

/** Titles of the columns. */
export const TABLE_COLUMNS = [
  'rank',
  'entry',
  'score',
  '95 % interval',
  ...COUPLING_TYPES,
  'params',
  'seconds',
] as const

const FOLD_NAMES = { all: 'all five folds, out of fold', tuning: 'tuning set' } as const

/**
 * Makes a block from result files.
 *
 * @param results at least one; all of the same data set (name and digest), fold and scored sizes.
 * @throws EvalError when results that must not be ranked together are mixed.
 */
export function tableBlock(results: readonly Result[], heading?: string): TableBlock {
  const first = results[0]
  if (!first) throw new EvalError('There is no result to show. Score an entry first.')
  for (const result of results) {
    if (describePart(result) === describePart(first)) continue
    throw new EvalError(
      `${first.entry.id} was scored on ${describePart(first)}, ${result.entry.id} on ${describePart(result)}. ` +
        'Rank only results of the same data and fold together.',
    )
  }
  return {
    ...(heading !== undefined && { heading }),
    dataset: first.dataset.name,
    fold: first.fold,
    molecules: first.counts.test.molecules,
    pairs: first.counts.test.pairs,
    rows: results.map((result) => ({
      entry: result.entry.id,
      score: result.score,
      interval: result.interval,
      maes: result.types.map(({ mae }) => mae),
      parameters: result.parameters,
      seconds: result.run.seconds,
      charges: result.charges,
      ...levelNote(result.interval.level),
    })),
  }
}

/** What a block's numbers are about, in one line. */
export function describeBlock({ dataset, fold, molecules, pairs, rows }: TableBlock): string {
  const part = fold === 'all' || fold === 'tuning' ? FOLD_NAMES[fold] : `fold ${fold}`
  return (
    `${dataset}, ${part}: ${molecules} molecules, ${pairs} pairs. ` +
    `Score: mean of ln(MAE) over ${typesPresent(rows)} types, lower is better; MAE in Hz.`
  )
}

/** `the 8`, or how many of the 8 the data hold: scores over fewer types must not be set beside the competition's. */
function typesPresent(rows: readonly TableRow[]): string {
  const all = COUPLING_TYPES.length
  const scored = rows.find((row) => Number.isFinite(scoreOf(row)))
  const present = scored?.maes.filter((mae) => mae !== null).length ?? all
  return present === all ? `the ${all}` : `only ${present} of the ${all}`
}

/** Rows as text cells in the order of {@link TABLE_COLUMNS}: best score first, failed runs last. */
export function tableCells({ rows }: TableBlock): string[][] {
  const sorted = rows.toSorted((a, b) => {
    const [scoreA, scoreB] = [scoreOf(a), scoreOf(b)]
    return scoreA < scoreB ? -1 : scoreA > scoreB ? 1 : a.entry < b.entry ? -1 : 1
  })
  return sorted.map((row) => {
    const score = scoreOf(row)
    const failed = score === Number.POSITIVE_INFINITY
    // Equal scores share the better place.
    const place = sorted.findIndex((other) => scoreOf(other) === score) + 1
    return [
      failed ? NO_VALUE : (row.rank ?? String(place)),
      row.entry,
      failed ? 'failed' : formatScore(score),
      row.interval && !failed
        ? `[${formatScore(row.interval.low)}, ${formatScore(row.interval.high)}]`
        : NO_VALUE,
      ...COUPLING_TYPES.map((_, type) => formatHertz(row.maes[type] ?? null)),
      formatCount(row.parameters),
      formatSeconds(row.seconds),
    ]
  })
}

/** The score to sort by: failed runs come last, whatever their numbers say. */
function scoreOf({ score }: TableRow): number {
  return score === null || !Number.isFinite(score) ? Number.POSITIVE_INFINITY : score
}

function describePart({ dataset, fold, counts }: Result): string {
  const { molecules, pairs } = counts.test
  return `${dataset.name} (${dataset.sha256.slice(0, 8)}) fold ${fold} with ${molecules} molecules and ${pairs} pairs`
}

function levelNote(level: number): { note?: string } {
  return level === 0.95 ? {} : { note: `the interval holds ${level * 100} % of the resamples` }
}
