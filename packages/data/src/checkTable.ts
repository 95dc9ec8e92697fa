import { COUPLING_TYPES } from './couplingTypes.ts'
import { DataError } from './DataError.ts'
import { atomicNumberOf, ELEMENT_SYMBOLS, SUPPORTED_ELEMENTS_ADVICE } from './elements.ts'
import type { MoleculeTable } from './MoleculeTable.ts'
import { quoteValue } from './quoteValue.ts'

/** Atomic number of the second atom of each coupling type; the first is hydrogen. */
export const COUPLING_PARTNERS: readonly number[] = COUPLING_TYPES.map((type) =>
  atomicNumberOf(type[3]!)!,
)

/**
 * Checks that a table is what {@link MoleculeTable} says: unique names and ids, known elements, finite coordinates, offsets
 * that ascend to the end of their columns, bonds and pairs of atoms that exist, types that match the elements.
 *
 * @throws DataError naming the molecule.
 */
export function checkTable(table: MoleculeTable): void {
  const molecules = table.names.length
  checkNames(table.names)
  const atoms = checkOffsets('atomOffsets', table.atomOffsets, molecules)
  const bonds = checkOffsets('bondOffsets', table.bondOffsets, molecules)
  const pairs = checkOffsets('pairOffsets', table.pairOffsets, molecules)
  const lengths: readonly [string, { readonly length: number } | undefined, number][] = [
    ['atomicNumbers', table.atomicNumbers, atoms],
    ['positions', table.positions, 3 * atoms],
    ['bondAtoms', table.bondAtoms, 2 * bonds],
    ['pairIds', table.pairIds, pairs],
    ['pairAtoms', table.pairAtoms, 2 * pairs],
    ['pairTypes', table.pairTypes, pairs],
    ['couplings', table.couplings, pairs],
    ['contributions', table.contributions, 4 * pairs],
    ['firstStageCouplings', table.firstStageCouplings, pairs],
    ['mullikenCharges', table.mullikenCharges, atoms],
    ['shieldingTensors', table.shieldingTensors, 9 * atoms],
    ['dipoleMoments', table.dipoleMoments, 3 * molecules],
    ['potentialEnergies', table.potentialEnergies, molecules],
  ]
  for (const [name, column, length] of lengths) {
    if (column !== undefined && column.length !== length) {
      throw new DataError(
        `${name} has ${column.length} numbers instead of ${length}. Make it as long as the offsets say.`,
      )
    }
  }
  for (let molecule = 0; molecule < molecules; molecule++) checkMolecule(table, molecule)
  const repeated = repeatedNumber(table.pairIds)
  if (repeated >= 0) {
    throw new DataError(
      `The pair id ${table.pairIds[repeated]} stands for two pairs. Give each pair its own id.`,
    )
  }
}

/** Position of the first number that occurred before, or -1. */
export function repeatedNumber(numbers: Uint32Array): number {
  let ascending = 1
  while (ascending < numbers.length && numbers[ascending]! > numbers[ascending - 1]!) ascending++
  // Ids mostly ascend, and then no set of millions of numbers is needed.
  if (ascending >= numbers.length) return -1
  const seen = new Set<number>()
  for (let index = 0; index < numbers.length; index++) {
    if (seen.has(numbers[index]!)) return index
    seen.add(numbers[index]!)
  }
  return -1
}

function checkNames(names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    // Names go into files, pages and terminals.
    // oxlint-disable-next-line no-control-regex
    if (name === '' || name.length > 200 || /[\u0000-\u001f\u007f-\u009f]/.test(name)) {
      throw new DataError(
        `A molecule is called ${quoteValue(name)}. Give it a name of 1 to 200 characters without control characters.`,
      )
    }
    if (seen.has(name)) {
      throw new DataError(
        `Two molecules are called ${quoteValue(name)}. Give each its own name: folds and results go by it.`,
      )
    }
    seen.add(name)
  }
}

/** Number of rows that the offsets describe. */
function checkOffsets(name: string, offsets: Uint32Array, molecules: number): number {
  let ascending = offsets.length === molecules + 1 && offsets[0] === 0
  for (let index = 1; index < offsets.length; index++) {
    ascending &&= offsets[index]! >= offsets[index - 1]!
  }
  if (!ascending) {
    throw new DataError(
      `${name} does not ascend from 0 in ${molecules + 1} steps. Build the table with buildTable.`,
    )
  }
  return offsets.at(-1)!
}

function checkMolecule(table: MoleculeTable, molecule: number): void {
  const start = table.atomOffsets[molecule]!
  const atoms = table.atomOffsets[molecule + 1]! - start
  const refuse = (what: string): never => {
    throw new DataError(`${table.names[molecule]}: ${what}`)
  }
  for (let atom = start; atom < start + atoms; atom++) {
    if (!ELEMENT_SYMBOLS.has(table.atomicNumbers[atom]!)) {
      refuse(
        `atom ${atom - start} has atomic number ${table.atomicNumbers[atom]}. ${SUPPORTED_ELEMENTS_ADVICE}`,
      )
    }
    for (let axis = 3 * atom; axis < 3 * atom + 3; axis++) {
      if (!Number.isFinite(table.positions[axis])) {
        refuse(`a coordinate of atom ${atom - start} is not finite. Give it in angstrom.`)
      }
    }
  }
  for (let bond = table.bondOffsets[molecule]!; bond < table.bondOffsets[molecule + 1]!; bond++) {
    const first = table.bondAtoms[2 * bond]!
    const second = table.bondAtoms[2 * bond + 1]!
    if (first >= second || second >= atoms) {
      refuse(
        `a bond joins atoms ${first} and ${second} of ${atoms}. Give two different atoms, the smaller first.`,
      )
    }
  }
  for (let pair = table.pairOffsets[molecule]!; pair < table.pairOffsets[molecule + 1]!; pair++) {
    const first = table.pairAtoms[2 * pair]!
    const second = table.pairAtoms[2 * pair + 1]!
    if (first === second || first >= atoms || second >= atoms) {
      refuse(`a pair couples atoms ${first} and ${second} of ${atoms}. Give two different atoms.`)
    }
    const partner = COUPLING_PARTNERS[table.pairTypes[pair]!]
    if (
      table.atomicNumbers[start + first] !== 1 ||
      partner === undefined ||
      table.atomicNumbers[start + second] !== partner
    ) {
      refuse(
        `the pair of atoms ${first} and ${second} does not have the elements of its type. Put the hydrogen first.`,
      )
    }
  }
}
