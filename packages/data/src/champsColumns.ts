import { moleculesOf, type Structures } from './champsStructures.ts'
import { DataError } from './DataError.ts'
import { parseCsv, type CsvKind } from './parseCsv.ts'

/** Number columns of the files about atoms and about molecules, in the order of the table's columns. */
const ATOM_FILES = {
  'mulliken_charges.csv': ['mulliken_charge'],
  'magnetic_shielding_tensors.csv': ['XX', 'YX', 'ZX', 'XY', 'YY', 'ZY', 'XZ', 'YZ', 'ZZ'],
} as const
const MOLECULE_FILES = {
  'dipole_moments.csv': ['X', 'Y', 'Z'],
  'potential_energy.csv': ['potential_energy'],
} as const

/** `[atoms, columns]` of a file about atoms, NaN where it has no row; undefined without the file. */
export function parseAtomColumn(
  bytes: Uint8Array | undefined,
  file: keyof typeof ATOM_FILES,
  structures: Structures,
): Float32Array | undefined {
  if (!bytes) return undefined
  const names = ATOM_FILES[file]
  const { rows, columns } = parseCsv(bytes, file, {
    molecule_name: 'text',
    atom_index: 'count',
    ...numberColumns(names),
  })
  const numbers = columns as unknown as Record<string, Float64Array>
  const molecules = moleculesOf(columns.molecule_name, file, structures, 'error')
  const values = new Float32Array(structures.atomicNumbers.length * names.length).fill(Number.NaN)
  for (let row = 0; row < rows; row++) {
    const molecule = molecules[columns.molecule_name.codes[row]!]!
    const index = columns.atom_index[row]!
    const start = structures.atomOffsets[molecule]!
    const atoms = structures.atomOffsets[molecule + 1]! - start
    if (index >= atoms) {
      throw new DataError(
        `${file} line ${row + 2}: atom_index is ${index}, but ${structures.names[molecule]} has ${atoms} atoms. ` +
          'Check that structures.csv belongs to the same release.',
      )
    }
    const at = (start + index) * names.length
    if (!Number.isNaN(values[at])) {
      throw new DataError(
        `${file} line ${row + 2}: atom ${index} of ${structures.names[molecule]} was given before. ` +
          'Remove one of the two rows.',
      )
    }
    for (const [column, name] of names.entries()) values[at + column] = numbers[name]![row]!
  }
  return values
}

/**
 * `[molecules, columns]` of a file about whole molecules, NaN where it has no row, and the number of rows about molecules
 * without a structure; undefined without the file.
 */
export function parseMoleculeColumn(
  bytes: Uint8Array | undefined,
  file: keyof typeof MOLECULE_FILES,
  structures: Structures,
): { values: Float64Array; skipped: number } | undefined {
  if (!bytes) return undefined
  const names = MOLECULE_FILES[file]
  const { rows, columns } = parseCsv(bytes, file, {
    molecule_name: 'text',
    ...numberColumns(names),
  })
  const numbers = columns as unknown as Record<string, Float64Array>
  refuseRepeatedNames(columns.molecule_name.codes, columns.molecule_name.values, file)
  const molecules = moleculesOf(columns.molecule_name, file, structures, -1)
  const values = new Float64Array(structures.names.length * names.length).fill(Number.NaN)
  let skipped = 0
  for (let row = 0; row < rows; row++) {
    const molecule = molecules[columns.molecule_name.codes[row]!]!
    if (molecule < 0) {
      skipped++
      continue
    }
    for (const [column, name] of names.entries()) {
      values[molecule * names.length + column] = numbers[name]![row]!
    }
  }
  return { values, skipped }
}

/** The molecules that train_sources.csv says were sampled at random. */
export function parseSample(bytes: Uint8Array): ReadonlySet<string> {
  const file = 'train_sources.csv'
  const { rows, columns } = parseCsv(bytes, file, { molecule_name: 'text', source: 'text' })
  const { codes, values } = columns.molecule_name
  refuseRepeatedNames(codes, values, file)
  const sample = new Set<string>()
  for (let row = 0; row < rows; row++) {
    // The source of 1,000 molecules drawn at random from the competition's; the others are its smallest, or odd ones.
    if (columns.source.values[columns.source.codes[row]!] === 'praritagarwal') {
      sample.add(values[codes[row]!]!)
    }
  }
  return sample
}

function numberColumns(names: readonly string[]): Record<string, 'number'> {
  return Object.fromEntries(names.map((name) => [name, 'number' as const satisfies CsvKind]))
}

/** In a file with one row for each molecule, the codes count up by one; the first that does not was there before. */
function refuseRepeatedNames(codes: Uint32Array, names: readonly string[], file: string): void {
  const row = codes.findIndex((code, index) => code !== index)
  if (row < 0) return
  throw new DataError(
    `${file} line ${row + 2}: ${names[codes[row]!]} was given before. Remove one of the two rows.`,
  )
}
