import { bootstrapInterval, type BootstrapInterval } from './bootstrapInterval.ts'
import type { ErrorTable } from './errorTable.ts'
import { formatJson } from './formatJson.ts'
import { groupErrors, KEY_DIGITS } from './groupErrors.ts'
import { checkForm, parseJson } from './parseJson.ts'
import type { ResampleOptions } from './resampleScores.ts'
import { resultSchema, type Result } from './resultSchema.ts'
import { TYPE_COUNT } from './score.ts'

const ADVICE = 'Write the file with the runner, not by hand.'

/** The parts of a result that follow from the errors alone. */
export type MeasuredResult = Pick<Result, 'score' | 'interval' | 'types'> & {
  /** Sizes of the scored part. */
  readonly test: Result['counts']['test']
}

/** Measures what a result file says about the errors: score, interval, types and sizes. */
export function measureResult(errors: ErrorTable, options: ResampleOptions): MeasuredResult {
  const measured: BootstrapInterval = bootstrapInterval(errors, options)
  return {
    score: measured.score,
    interval: { ...measured.interval },
    types: measured.types.map((type) => ({ ...type })),
    test: {
      molecules: errors.names.length,
      ...(errors.foldKeys && { constitutions: new Set(errors.foldKeys).size }),
      pairs: measured.pairs,
    },
  }
}

/** An error table as the `molecules` block of a result file. */
export function moleculesFromErrors(errors: ErrorTable): NonNullable<Result['molecules']> {
  return {
    names: [...errors.names],
    ...(errors.foldKeys && { foldKeys: errors.foldKeys.map((key) => key.slice(0, KEY_DIGITS)) }),
    errorSums: errors.names.map((_, molecule) => rowOf(errors.errorSums, molecule)),
    counts: errors.names.map((_, molecule) => rowOf(errors.counts, molecule)),
  }
}

/** An error table, added up by {@link groupErrors}, as the `groups` block of a result file on data whose labels may not be published. */
export function groupsFromErrors(errors: ErrorTable): NonNullable<Result['groups']> {
  const { names, groupSizes, errorSums, counts } = groupErrors(errors)
  return {
    keys: [...names],
    molecules: [...groupSizes!],
    errorSums: names.map((_, group) => rowOf(errorSums, group)),
    counts: names.map((_, group) => rowOf(counts, group)),
  }
}

/**
 * The error table in a result file, for paired comparison: of molecules, or of groups where the data are not open; undefined in
 * files of before that hold neither.
 */
export function errorsFromResult(result: Result): ErrorTable | undefined {
  const { molecules, groups } = result
  if (groups) {
    return {
      names: groups.keys,
      groupSizes: groups.molecules,
      errorSums: Float64Array.from(groups.errorSums.flat()),
      counts: Uint32Array.from(groups.counts.flat()),
    }
  }
  if (!molecules) return undefined
  return {
    names: molecules.names,
    ...(molecules.foldKeys && { foldKeys: molecules.foldKeys }),
    errorSums: Float64Array.from(molecules.errorSums.flat()),
    counts: Uint32Array.from(molecules.counts.flat()),
  }
}

/**
 * Reads a result from the text of its file.
 *
 * @param where the file's path, for errors.
 * @throws EvalError that names the file, the field and what is wrong with it.
 */
export function parseResult(text: string, where: string): Result {
  return parseJson(text, resultSchema, where, ADVICE)
}

/**
 * Text of a result file: keys in the schema's order, records sorted by key, 6 decimals of scores, 7 significant digits
 * of errors, 4 of times, so that equal results give equal files and small changes small differences.
 *
 * @param where the file's path, for errors.
 * @throws EvalError when the result does not follow the schema.
 */
export function formatResult(result: Result, where = 'result'): string {
  const checked = checkForm(result, resultSchema, where, ADVICE)
  return `${formatJson(checkForm(rounded(checked), resultSchema, where, ADVICE))}\n`
}

function rowOf(values: ArrayLike<number>, molecule: number): number[] {
  return Array.from({ length: TYPE_COUNT }, (_, type) => values[molecule * TYPE_COUNT + type]!)
}

/** The result with its measured numbers rounded; keys stay in the order in which the schema returned them. */
function rounded(result: Result): Result {
  const ends = <T extends { low: number; high: number }>(value: T): T => ({
    ...value,
    low: decimals(value.low),
    high: decimals(value.high),
  })
  return {
    ...result,
    score: decimals(result.score),
    interval: ends(result.interval),
    types: result.types.map((type) => ({
      ...type,
      mae: digits(type.mae, 7),
      low: digits(type.low, 7),
      high: digits(type.high, 7),
    })),
    config: sortedByKey(result.config),
    run: {
      ...result.run,
      seconds: digits(result.run.seconds, 4),
      ...(result.run.coreSeconds !== undefined && {
        coreSeconds: digits(result.run.coreSeconds, 4),
      }),
      trainingMoleculesPerSecond: digits(result.run.trainingMoleculesPerSecond, 4),
      moleculesPerSecond: digits(result.run.moleculesPerSecond, 4),
      versions: sortedByKey(result.run.versions),
    },
    ...(result.molecules && { molecules: roundedSums(result.molecules) }),
    ...(result.groups && { groups: roundedSums(result.groups) }),
  }
}

function roundedSums<T extends { errorSums: number[][] }>(block: T): T {
  return { ...block, errorSums: block.errorSums.map((row) => row.map((sum) => digits(sum, 7))) }
}

function decimals(value: number): number {
  return Number(value.toFixed(6))
}

function digits<T extends number | null>(value: T, count: number): T {
  return (value === null ? null : Number(value.toPrecision(count))) as T
}

function sortedByKey<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
