import { DataError } from './DataError.ts'
import { atomicNumberOf, SUPPORTED_ELEMENTS_ADVICE } from './elements.ts'
import { parseCsv, type TextColumn } from './parseCsv.ts'
import { quoteValue } from './quoteValue.ts'

/** The molecules of structures.csv in the order of the file. */
export interface Structures {
  readonly names: readonly string[]
  /** Position of each name in `names`. */
  readonly indices: ReadonlyMap<string, number>
  readonly atomOffsets: Uint32Array
  readonly atomicNumbers: Uint8Array
  readonly positions: Float32Array
}

/** The competition's largest molecule has 29 atoms; beyond this a file is broken, or no work for a pair table. */
export const MOST_ATOMS = 1000

const FILE = 'structures.csv'

/** Reads structures.csv. The atoms of a molecule may stand in any order, if their indices are 0, 1, 2, … without gap. */
export function parseStructures(bytes: Uint8Array): Structures {
  const { rows, columns } = parseCsv(bytes, FILE, {
    molecule_name: 'text',
    atom_index: 'count',
    atom: 'text',
    x: 'number',
    y: 'number',
    z: 'number',
  })
  const names = columns.molecule_name.values
  const molecules = columns.molecule_name.codes
  const atomOffsets = groupOffsets(molecules, names.length)
  const atomicNumbers = new Uint8Array(rows)
  const positions = new Float32Array(3 * rows)
  const numbers = columns.atom.values.map((symbol) => atomicNumberOf(symbol))
  for (let row = 0; row < rows; row++) {
    const molecule = molecules[row]!
    const atoms = atomOffsets[molecule + 1]! - atomOffsets[molecule]!
    const index = columns.atom_index[row]!
    const where = (): string => `${FILE} line ${row + 2}: `
    if (atoms > MOST_ATOMS) {
      throw new DataError(
        `${where()}${names[molecule]} has ${atoms} atoms, more than the ${MOST_ATOMS} that are read. Leave it out.`,
      )
    }
    if (index >= atoms) {
      throw new DataError(
        `${where()}atom_index is ${index}, but ${names[molecule]} has ${atoms} rows, so its indices are 0 to ${atoms - 1}. ` +
          'Check for missing rows; download the file again.',
      )
    }
    const atom = atomOffsets[molecule]! + index
    if (atomicNumbers[atom] !== 0) {
      throw new DataError(
        `${where()}atom ${index} of ${names[molecule]} was given before. Remove one of the two rows.`,
      )
    }
    const number = numbers[columns.atom.codes[row]!]
    if (number === undefined) {
      const symbol = quoteValue(columns.atom.values[columns.atom.codes[row]!]!)
      throw new DataError(`${where()}atom is ${symbol}. ${SUPPORTED_ELEMENTS_ADVICE}`)
    }
    atomicNumbers[atom] = number
    positions[3 * atom] = columns.x[row]!
    positions[3 * atom + 1] = columns.y[row]!
    positions[3 * atom + 2] = columns.z[row]!
  }
  const indices = new Map(names.map((name, index) => [name, index]))
  return { names, indices, atomOffsets, atomicNumbers, positions }
}

/** Start of each group when the rows are put in the order of their groups, `[groups + 1]`. */
export function groupOffsets(groups: Uint32Array, count: number): Uint32Array {
  const offsets = new Uint32Array(count + 1)
  for (const group of groups) offsets[group + 1]! += 1
  for (let group = 0; group < count; group++) offsets[group + 1]! += offsets[group]!
  return offsets
}

/**
 * The molecule that each different name of a column stands for.
 *
 * @param missing what stands in for a molecule without structure: a number, or an error for the first row that has it
 */
export function moleculesOf(
  column: TextColumn,
  file: string,
  structures: Structures,
  missing: number | 'error',
): Int32Array {
  return Int32Array.from(column.values, (name, code) => {
    const molecule = structures.indices.get(name)
    if (molecule !== undefined) return molecule
    if (missing !== 'error') return missing
    throw new DataError(
      `${file} line ${column.codes.indexOf(code) + 2}: ${FILE} has no molecule ${quoteValue(name)}. ` +
        `Check that ${FILE} belongs to the same release and is complete.`,
    )
  })
}
