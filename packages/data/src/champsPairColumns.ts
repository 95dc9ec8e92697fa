import { COUPLING_PARTNERS } from './checkTable.ts'
import { moleculesOf, type Structures } from './champsStructures.ts'
import { COUPLING_TYPES } from './couplingTypes.ts'
import { DataError } from './DataError.ts'
import { elementSymbol } from './elements.ts'
import type { CsvTable, TextColumn } from './parseCsv.ts'
import { quoteValue } from './quoteValue.ts'

/** The columns that name a pair, in every file of pairs. */
export const PAIR_COLUMNS = {
  molecule_name: 'text',
  atom_index_0: 'count',
  atom_index_1: 'count',
  type: 'text',
} as const

/** The molecule and the coupling type of each row, once atoms, elements and types are found to agree. */
export function checkPairColumns(
  columns: CsvTable<typeof PAIR_COLUMNS>['columns'],
  file: string,
  structures: Structures,
): { molecules: Uint32Array; types: Uint8Array; owners: ReadonlySet<number> } {
  const { atomOffsets, atomicNumbers, names } = structures
  const byName = moleculesOf(columns.molecule_name, file, structures, 'error')
  const byType = typesOf(columns.type, file)
  const molecules = columns.molecule_name.codes.map((code) => byName[code]!)
  const types = new Uint8Array(molecules.length)
  for (let row = 0; row < types.length; row++) {
    types[row] = byType[columns.type.codes[row]!]!
    const molecule = molecules[row]!
    const start = atomOffsets[molecule]!
    const atoms = atomOffsets[molecule + 1]! - start
    const first = columns.atom_index_0[row]!
    const second = columns.atom_index_1[row]!
    if (first >= atoms || second >= atoms) {
      const [name, index] = first >= atoms ? ['atom_index_0', first] : ['atom_index_1', second]
      throw new DataError(
        `${file} line ${row + 2}: ${name} is ${index}, but ${names[molecule]} has ${atoms} atoms. ` +
          'Check that structures.csv belongs to the same release.',
      )
    }
    if (first === second) {
      throw new DataError(
        `${file} line ${row + 2}: both atoms are ${first}. A coupling needs two different atoms; correct the row.`,
      )
    }
    if (
      atomicNumbers[start + first] !== 1 ||
      atomicNumbers[start + second] !== COUPLING_PARTNERS[types[row]!]
    ) {
      const [one, other] = [first, second].map((atom) =>
        elementSymbol(atomicNumbers[start + atom]!),
      )
      throw new DataError(
        `${file} line ${row + 2}: type is ${COUPLING_TYPES[types[row]!]}, but atoms ${first} and ${second} of ` +
          `${names[molecule]} are ${one} and ${other}. Check that structures.csv belongs to the same release, ` +
          'and that atom_index_0 is the hydrogen.',
      )
    }
  }
  return { molecules, types, owners: new Set(byName) }
}

/** Index in COUPLING_TYPES of each different value of a type column. */
function typesOf(column: TextColumn, file: string): Int32Array {
  return Int32Array.from(column.values, (value, code) => {
    const type = (COUPLING_TYPES as readonly string[]).indexOf(value)
    if (type >= 0) return type
    throw new DataError(
      `${file} line ${column.codes.indexOf(code) + 2}: type is ${quoteValue(value)}. ` +
        `Use one of ${COUPLING_TYPES.join(', ')}.`,
    )
  })
}
