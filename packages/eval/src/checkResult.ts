import { COUPLING_TYPES } from '@couplet/data'
import { LEAST_PAIRS } from './groupErrors.ts'
import { MAE_FLOOR, TYPE_COUNT } from './score.ts'

/** Notes what is wrong with the field at `path`. */
export type Report = (path: (string | number)[], message: string) => void

/** The parts of a result whose numbers depend on each other. */
export interface Totals {
  /** Sizes of both parts. */
  readonly counts: {
    readonly test: {
      readonly molecules: number
      readonly constitutions?: number | undefined
      readonly pairs: number
    }
  }
  /** The metric. */
  readonly score: number
  /** Its interval. */
  readonly interval: { readonly low: number; readonly high: number }
  /** The eight types. */
  readonly types: readonly {
    readonly type: string
    readonly mae: number | null
    readonly count: number
    readonly low: number | null
    readonly high: number | null
  }[]
}

/** Sums of errors as result files hold them. */
interface Sums {
  /** Sums of |error| in hertz, `[rows][8]`. */
  readonly errorSums: readonly (readonly number[])[]
  /** Numbers of pairs, `[rows][8]`. */
  readonly counts: readonly (readonly number[])[]
}

/** Errors of single molecules as result files hold them. */
export interface MoleculeErrors extends Sums {
  /** Names of the molecules. */
  readonly names: readonly string[]
  /** Fold keys of the molecules. */
  readonly foldKeys?: readonly string[] | undefined
}

/** Errors of groups of molecules as result files hold them. */
export interface GroupErrors extends Sums {
  /** First fold key of each. */
  readonly keys: readonly string[]
  /** Number of molecules of each. */
  readonly molecules: readonly number[]
}

// Files hold 7 significant digits (relative 5e-7) of every MAE and 6 decimals of the score: ten times that is room enough.
const TOLERANCE = 1e-5

/** Reports where score, interval, types and number of pairs contradict each other. */
export function checkTotals(result: Totals, report: Report): void {
  let logSum = 0
  let present = 0
  let pairs = 0
  for (const [index, { type, mae, count, low, high }] of result.types.entries()) {
    const expected = COUPLING_TYPES[index]
    if (type !== expected)
      report(['types', index, 'type'], `is ${type}, but ${expected} comes here`)
    pairs += count
    if ((mae === null) !== (count === 0)) {
      report(['types', index, 'mae'], `is ${mae}, but count is ${count}: null belongs to 0 pairs`)
      return
    }
    if ((low === null) !== (mae === null) || (high === null) !== (mae === null)) {
      report(
        ['types', index],
        'low and high must be numbers where mae is one, and null where it is null',
      )
    }
    if (low !== null && high !== null && low > high) {
      report(['types', index, 'low'], `is ${low}, above high, which is ${high}`)
    }
    if (mae === null) continue
    present++
    logSum += Math.log(Math.max(mae, MAE_FLOOR))
  }
  if (present === 0) return report(['types'], 'no type has a pair, so there is nothing to score')
  if (pairs !== result.counts.test.pairs) {
    report(
      ['counts', 'test', 'pairs'],
      `is ${result.counts.test.pairs}, but the types hold ${pairs} pairs`,
    )
  }
  const score = logSum / present
  if (Math.abs(score - result.score) > TOLERANCE) {
    report(['score'], `is ${result.score}, but the types' errors give ${score.toFixed(6)}`)
  }
  if (result.interval.low > result.interval.high) {
    report(
      ['interval', 'low'],
      `is ${result.interval.low}, above high, which is ${result.interval.high}`,
    )
  }
}

/** Reports where the errors of single molecules do not add up to the types. */
export function checkMolecules(result: Totals, molecules: MoleculeErrors, report: Report): void {
  const { names, foldKeys, errorSums, counts } = molecules
  const { molecules: expected, constitutions } = result.counts.test
  for (const [key, rows] of Object.entries({ names, foldKeys, errorSums, counts })) {
    if (rows === undefined || rows.length === expected) continue
    return report(
      ['molecules', key],
      `has ${rows.length} rows, but counts.test.molecules is ${expected}`,
    )
  }
  if (new Set(names).size < names.length) report(['molecules', 'names'], 'holds a name twice')
  const keys = foldKeys && new Set(foldKeys).size
  if (keys !== constitutions) {
    report(
      ['molecules', 'foldKeys'],
      `hold ${keys ?? 'no'} constitutions, but counts.test.constitutions is ${constitutions ?? 'missing'}`,
    )
  }
  checkSums(result, molecules, 'molecules', report)
}

/** Reports where the errors of groups do not add up to the types, or a sum is over too few pairs. */
export function checkGroups(result: Totals, groups: GroupErrors, report: Report): void {
  const { keys, molecules, errorSums, counts } = groups
  for (const [name, rows] of Object.entries({ molecules, errorSums, counts })) {
    if (rows.length === keys.length) continue
    return report(['groups', name], `has ${rows.length} rows, but there are ${keys.length} keys`)
  }
  if (new Set(keys).size < keys.length) report(['groups', 'keys'], 'holds a key twice')
  const sum = molecules.reduce((total, size) => total + size, 0)
  if (sum !== result.counts.test.molecules) {
    report(
      ['groups', 'molecules'],
      `add up to ${sum}, but counts.test.molecules is ${result.counts.test.molecules}`,
    )
  }
  const short = counts.findIndex((row) => row.some((count) => count > 0 && count < LEAST_PAIRS))
  if (short >= 0 && keys.length > 1) {
    report(['groups', 'counts', short], `holds a sum over fewer than ${LEAST_PAIRS} pairs`)
  }
  checkSums(result, groups, 'groups', report)
}

function checkSums(
  result: Totals,
  { counts, errorSums }: Sums,
  where: 'molecules' | 'groups',
  report: Report,
): void {
  for (let type = 0; type < TYPE_COUNT; type++) {
    const { mae, count } = result.types[type]!
    const pairs = counts.reduce((sum, row) => sum + row[type]!, 0)
    const total = errorSums.reduce((sum, row) => sum + row[type]!, 0)
    if (pairs !== count) {
      report(
        [where, 'counts'],
        `hold ${pairs} pairs of ${COUPLING_TYPES[type]}, but types.${type}.count is ${count}`,
      )
    } else if (Math.abs(total - (mae ?? 0) * count) > TOLERANCE * total) {
      report(
        [where, 'errorSums'],
        `give ${COUPLING_TYPES[type]} a MAE of ${total / count}, but types.${type}.mae is ${mae}`,
      )
    }
  }
}
