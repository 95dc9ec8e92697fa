import { repeatedNumber } from './checkTable.ts'
import { checkPairColumns, PAIR_COLUMNS } from './champsPairColumns.ts'
import { groupOffsets, type Structures } from './champsStructures.ts'
import { coupledPairs } from './coupledPairs.ts'
import { DataError } from './DataError.ts'
import { PairFinder } from './PairFinder.ts'
import { parseCsv } from './parseCsv.ts'
import { perceiveBonds } from './perceiveBonds.ts'

/** The pair rows of all molecules with structures, grouped by molecule; within one, in the order of the file. */
export interface PairRows {
  /** Start of each molecule's rows, `[molecules + 1]`. */
  readonly offsets: Uint32Array
  readonly ids: Uint32Array
  /** `[pairs, 2]` */
  readonly atoms: Uint16Array
  readonly types: Uint8Array
  /** Present if there is a train.csv; NaN for the rows of test.csv. */
  readonly couplings?: Float32Array
  /** True if the pairs were not read but found from the geometry; then `bonds` holds each molecule's bonds. */
  readonly byRule: boolean
  readonly bonds?: readonly Uint16Array[]
}

/** A file of pair rows. */
export interface PairFile {
  readonly file: 'train.csv' | 'test.csv'
  readonly bytes: Uint8Array
}

/** Reads train.csv or test.csv, or both. Rows may stand in any order. */
export function parsePairRows(inputs: readonly PairFile[], structures: Structures): PairRows {
  const files = inputs.map((input) => parsePairFile(input, structures))
  refuseSharedMolecules(files, structures)
  const offsets = groupOffsets(concatenate(files, 'molecules'), structures.names.length)
  refuseRepeatedIds(files)

  const total = offsets.at(-1)!
  const next = offsets.slice()
  const ids = new Uint32Array(total)
  const atoms = new Uint16Array(2 * total)
  const types = new Uint8Array(total)
  const couplings = new Float32Array(total).fill(Number.NaN)
  const rowsOfFile = new Uint32Array(total)
  for (const rows of files) {
    for (let row = 0; row < rows.count; row++) {
      const molecule = rows.molecules[row]!
      const pair = next[molecule]!++
      ids[pair] = rows.ids[row]!
      atoms[2 * pair] = rows.firstAtoms[row]!
      atoms[2 * pair + 1] = rows.secondAtoms[row]!
      types[pair] = rows.types[row]!
      if (rows.couplings) couplings[pair] = rows.couplings[row]!
      rowsOfFile[pair] = row
    }
  }
  const repeated = new PairFinder(structures, offsets, atoms).firstRepeated()
  if (repeated >= 0) {
    const molecule = offsets.findLastIndex((offset) => offset <= repeated)
    const rows = files.find(({ owners }) => owners.has(molecule))!
    throw new DataError(
      `${rows.file} line ${rowsOfFile[repeated]! + 2}: the pair of atoms ${atoms[2 * repeated]} and ` +
        `${atoms[2 * repeated + 1]} of ${structures.names[molecule]} was given before. Remove one of the two rows.`,
    )
  }
  const labelled = files.some((rows) => rows.couplings !== undefined)
  return { offsets, ids, atoms, types, byRule: false, ...(labelled && { couplings }) }
}

/** The checked rows of one file. */
interface FileRows {
  readonly file: string
  readonly count: number
  readonly ids: Uint32Array
  readonly molecules: Uint32Array
  readonly owners: ReadonlySet<number>
  readonly firstAtoms: Uint32Array
  readonly secondAtoms: Uint32Array
  readonly types: Uint8Array
  readonly couplings: Float64Array | undefined
}

function parsePairFile({ file, bytes }: PairFile, structures: Structures): FileRows {
  const schema = { id: 'count', ...PAIR_COLUMNS } as const
  const label = 'scalar_coupling_constant'
  const labelled = file === 'train.csv' && parseCsv(bytes, file, { ...schema, [label]: 'number' })
  const { rows, columns } = labelled || parseCsv(bytes, file, schema)
  return {
    file,
    count: rows,
    ids: columns.id,
    firstAtoms: columns.atom_index_0,
    secondAtoms: columns.atom_index_1,
    couplings: labelled ? labelled.columns[label] : undefined,
    ...checkPairColumns(columns, file, structures),
  }
}

/** A molecule belongs to one part: with rows in both, it would be labelled in part and its folds would leak. */
function refuseSharedMolecules(files: readonly FileRows[], structures: Structures): void {
  const [train, test] = files
  if (!train || !test) return
  const shared = test.molecules.findIndex((molecule) => train.owners.has(molecule))
  if (shared < 0) return
  throw new DataError(
    `${test.file} line ${shared + 2}: ${structures.names[test.molecules[shared]!]} has rows in ${train.file} too. ` +
      'Check that the two files belong to the same release.',
  )
}

function refuseRepeatedIds(files: readonly FileRows[]): void {
  let row = repeatedNumber(concatenate(files, 'ids'))
  if (row < 0) return
  for (const { file, count, ids } of files) {
    if (row < count) {
      throw new DataError(
        `${file} line ${row + 2}: the id ${ids[row]} was given before. Remove one of the two rows.`,
      )
    }
    row -= count
  }
}

function concatenate(files: readonly FileRows[], column: 'ids' | 'molecules'): Uint32Array {
  const all = new Uint32Array(files.reduce((sum, rows) => sum + rows.count, 0))
  let start = 0
  for (const rows of files) {
    all.set(rows[column], start)
    start += rows.count
  }
  return all
}

/** The pairs of the competition's rule for every molecule, with running ids. */
export function pairsByRule(structures: Structures): PairRows {
  const offsets = new Uint32Array(structures.names.length + 1)
  const bonds: Uint16Array[] = []
  const atoms: Uint16Array[] = []
  const types: Uint8Array[] = []
  for (const [molecule, name] of structures.names.entries()) {
    const start = structures.atomOffsets[molecule]!
    const end = structures.atomOffsets[molecule + 1]!
    const numbers = structures.atomicNumbers.subarray(start, end)
    const bond = perceiveBonds(numbers, structures.positions.subarray(3 * start, 3 * end), name)
    const pairs = coupledPairs(numbers, bond)
    offsets[molecule + 1] = offsets[molecule]! + pairs.types.length
    bonds.push(bond)
    atoms.push(pairs.atoms)
    types.push(pairs.types)
  }
  const total = offsets.at(-1)!
  const all = { atoms: new Uint16Array(2 * total), types: new Uint8Array(total) }
  for (let molecule = 0; molecule < bonds.length; molecule++) {
    all.atoms.set(atoms[molecule]!, 2 * offsets[molecule]!)
    all.types.set(types[molecule]!, offsets[molecule])
  }
  const ids = Uint32Array.from({ length: total }, (_, index) => index)
  return { offsets, ids, ...all, byRule: true, bonds }
}
