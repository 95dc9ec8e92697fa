import { foldKey, type MoleculeTable } from '@couplet/data'
import { EvalError } from './EvalError.ts'
import { TYPE_COUNT, addError, checkLengths, scoreTotals, type Score } from './score.ts'

/**
 * What remains of predictions once they are compared with labels: sums per molecule and type.
 *
 * It is all that the metric and every resampling need, because molecules, not pairs, are drawn anew: the pairs of one
 * molecule share its geometry and err together, and so do the conformers and stereoisomers of one constitution.
 */
export interface ErrorTable {
  /** Name of each molecule; unique. */
  readonly names: readonly string[]
  /** Fold key of each molecule: those that share one are drawn together. Absent: each is drawn by itself. */
  readonly foldKeys?: readonly string[]
  /** Number of molecules behind each row, where rows are groups of them. Absent: one. */
  readonly groupSizes?: readonly number[]
  /** Sums of |prediction - coupling| in hertz, `[molecules, 8]`. */
  readonly errorSums: Float64Array
  /** Numbers of pairs, `[molecules, 8]`. */
  readonly counts: Uint32Array
}

/**
 * Compares predictions with the couplings of a table.
 *
 * @param table labelled molecules.
 * @param predictions predicted couplings in hertz, `[pairs]`, in the order of the table.
 * @param included which pairs count, `[pairs]`; all unless given.
 * @throws EvalError when the table has no labels, lengths differ, or a number is not finite (names pair and molecule).
 */
export function measureErrors(
  table: MoleculeTable,
  predictions: ArrayLike<number>,
  included?: ArrayLike<number | boolean>,
): ErrorTable {
  const { names, pairOffsets, pairTypes, pairIds, couplings } = table
  if (!couplings) {
    throw new EvalError(
      'The molecules carry no couplings to compare with. Read them together with their labels.',
    )
  }
  checkLengths(predictions.length, couplings.length, pairTypes.length)
  const errorSums = new Float64Array(names.length * TYPE_COUNT)
  const counts = new Uint32Array(names.length * TYPE_COUNT)
  for (let molecule = 0; molecule < names.length; molecule++) {
    const offset = molecule * TYPE_COUNT
    for (let pair = pairOffsets[molecule]!; pair < pairOffsets[molecule + 1]!; pair++) {
      if (included && !included[pair]) continue
      const type = pairTypes[pair]!
      addError(errorSums, counts, offset, predictions[pair]!, couplings[pair]!, type, () => {
        return `Row ${pair} (id ${pairIds[pair]}) of ${names[molecule]}`
      })
    }
  }
  const foldKeys = names.map((_, molecule) => foldKey(table, molecule))
  return { names, foldKeys, errorSums, counts }
}

/**
 * Puts the error tables of several folds one after the other: the out-of-fold errors of all molecules. Fold keys are kept
 * where all tables have them.
 *
 * @throws EvalError when a molecule occurs twice, since it would then count twice.
 */
export function mergeErrorTables(tables: readonly ErrorTable[]): ErrorTable {
  const names = tables.flatMap((table) => table.names)
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) {
      throw new EvalError(
        `${name} is in more than one of the error tables. Every molecule belongs to one fold.`,
      )
    }
    seen.add(name)
  }
  const errorSums = new Float64Array(names.length * TYPE_COUNT)
  const counts = new Uint32Array(names.length * TYPE_COUNT)
  let offset = 0
  for (const table of tables) {
    errorSums.set(table.errorSums, offset)
    counts.set(table.counts, offset)
    offset += table.errorSums.length
  }
  const foldKeys = tables.flatMap((table) => table.foldKeys ?? [])
  return { names, ...(foldKeys.length === names.length && { foldKeys }), errorSums, counts }
}

/** Scores an error table with the competition's metric; see {@link scoreTotals}. */
export function scoreErrors(errors: ErrorTable): Score {
  const errorSums = new Float64Array(TYPE_COUNT)
  const counts = new Float64Array(TYPE_COUNT)
  for (let index = 0; index < errors.errorSums.length; index++) {
    errorSums[index % TYPE_COUNT]! += errors.errorSums[index]!
    counts[index % TYPE_COUNT]! += errors.counts[index]!
  }
  return scoreTotals(errorSums, counts)
}

/**
 * Brings `other` into the order of `reference`, so that both can be resampled together.
 *
 * @throws EvalError unless both hold the same molecules with the same numbers of pairs of every type.
 */
export function alignErrors(reference: ErrorTable, other: ErrorTable): ErrorTable {
  if (other.names.length !== reference.names.length) {
    throw new EvalError(
      `The two error tables hold ${reference.names.length} and ${other.names.length} molecules. ` +
        'Compare entries on the same data set and fold.',
    )
  }
  const places = new Map(other.names.map((name, place) => [name, place]))
  const errorSums = new Float64Array(reference.errorSums.length)
  for (const [molecule, name] of reference.names.entries()) {
    const place = places.get(name)
    if (place === undefined) {
      throw new EvalError(
        `${name} is in only one of the two error tables. Compare entries on the same data set and fold.`,
      )
    }
    for (let type = 0; type < TYPE_COUNT; type++) {
      const to = molecule * TYPE_COUNT + type
      const from = place * TYPE_COUNT + type
      if (reference.counts[to] !== other.counts[from]) {
        throw new EvalError(
          `${name} has ${reference.counts[to]} pairs of one type in the first error table and ${other.counts[from]} ` +
            'in the second. Compare results made with the same release of the data.',
        )
      }
      errorSums[to] = other.errorSums[from]!
    }
  }
  return { ...reference, errorSums }
}
