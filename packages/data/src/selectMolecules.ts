import { DataError } from './DataError.ts'
import type { MoleculeTable } from './MoleculeTable.ts'

/** Columns of one molecule, as views into its table's arrays: nothing is copied. */
export interface MoleculeView {
  /** Name of the molecule. */
  readonly name: string
  /** Atomic number of each atom, `[atoms]`. */
  readonly atomicNumbers: Uint8Array
  /** Coordinates in angstrom, `[atoms, 3]`. */
  readonly positions: Float32Array
  /** The two atoms of each bond, `[bonds, 2]`. */
  readonly bondAtoms: Uint16Array
  /** The two atoms of each coupled pair, hydrogen first, `[pairs, 2]`. */
  readonly pairAtoms: Uint16Array
  /** Index of each pair's type in `COUPLING_TYPES`, `[pairs]`. */
  readonly pairTypes: Uint8Array
}

/**
 * The structure and pairs of one molecule.
 * @throws DataError if the table has no such molecule.
 */
export function moleculeAt(table: MoleculeTable, molecule: number): MoleculeView {
  const name = table.names[molecule]
  if (name === undefined) throw missing(table, molecule)
  const part = <A extends Column>(column: A, offsets: Uint32Array, width: number): A =>
    column.subarray(width * offsets[molecule]!, width * offsets[molecule + 1]!) as A
  return {
    name,
    atomicNumbers: part(table.atomicNumbers, table.atomOffsets, 1),
    positions: part(table.positions, table.atomOffsets, 3),
    bondAtoms: part(table.bondAtoms, table.bondOffsets, 2),
    pairAtoms: part(table.pairAtoms, table.pairOffsets, 2),
    pairTypes: part(table.pairTypes, table.pairOffsets, 1),
  }
}

type Column = Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array

/**
 * A new table of the chosen molecules, in the order of the indices, with every optional column that the table has.
 * @param indices molecules of the table, each at most once, counted from 0.
 * @throws DataError for an index that the table has not, or that is given twice (names are unique).
 */
export function selectMolecules(
  table: MoleculeTable,
  indices: readonly number[] | Uint32Array,
): MoleculeTable {
  const chosen = Array.from(indices)
  const seen = new Set<number>()
  for (const molecule of chosen) {
    if (table.names[molecule] === undefined) throw missing(table, molecule)
    if (seen.has(molecule)) {
      throw new DataError(
        `molecule ${molecule} (${table.names[molecule]}) is selected twice. Select each molecule once: names are unique.`,
      )
    }
    seen.add(molecule)
  }
  const { atomOffsets, bondOffsets, pairOffsets } = table
  // Molecule columns have no offsets of their own: molecule m is row m.
  const rows = Uint32Array.from({ length: table.names.length + 1 }, (_, row) => row)
  const gather = <A extends Column>(column: A, offsets: Uint32Array, width: number): A =>
    gatherRows(column, offsets, width, chosen)
  const optional = <K extends keyof MoleculeTable>(
    name: K,
    offsets: Uint32Array,
    width: number,
  ): Pick<MoleculeTable, K> => {
    const column = table[name] as Column | undefined
    return (column ? { [name]: gather(column, offsets, width) } : {}) as Pick<MoleculeTable, K>
  }
  return {
    names: chosen.map((molecule) => table.names[molecule]!),
    atomOffsets: newOffsets(atomOffsets, chosen),
    atomicNumbers: gather(table.atomicNumbers, atomOffsets, 1),
    positions: gather(table.positions, atomOffsets, 3),
    bondOffsets: newOffsets(bondOffsets, chosen),
    bondAtoms: gather(table.bondAtoms, bondOffsets, 2),
    pairOffsets: newOffsets(pairOffsets, chosen),
    pairIds: gather(table.pairIds, pairOffsets, 1),
    pairAtoms: gather(table.pairAtoms, pairOffsets, 2),
    pairTypes: gather(table.pairTypes, pairOffsets, 1),
    ...optional('couplings', pairOffsets, 1),
    ...optional('contributions', pairOffsets, 4),
    ...optional('firstStageCouplings', pairOffsets, 1),
    ...optional('mullikenCharges', atomOffsets, 1),
    ...optional('shieldingTensors', atomOffsets, 9),
    ...optional('dipoleMoments', rows, 3),
    ...optional('potentialEnergies', rows, 1),
  }
}

/** Copies the rows of the chosen molecules, `width` values to a row, into a new array of the same kind. */
function gatherRows<A extends Column>(
  column: A,
  offsets: Uint32Array,
  width: number,
  chosen: readonly number[],
): A {
  const length = newOffsets(offsets, chosen).at(-1)! * width
  const result = new (column.constructor as new (length: number) => A)(length)
  let end = 0
  for (const molecule of chosen) {
    const part = column.subarray(width * offsets[molecule]!, width * offsets[molecule + 1]!)
    result.set(part, end)
    end += part.length
  }
  return result
}

function newOffsets(offsets: Uint32Array, chosen: readonly number[]): Uint32Array {
  const result = new Uint32Array(chosen.length + 1)
  for (const [row, molecule] of chosen.entries()) {
    result[row + 1] = result[row]! + offsets[molecule + 1]! - offsets[molecule]!
  }
  return result
}

function missing(table: MoleculeTable, molecule: number): DataError {
  return new DataError(
    `there is no molecule ${molecule} in a table of ${table.names.length}. ` +
      'Give whole numbers from 0 to the number of molecules less one.',
  )
}
