import { distance, moleculeAt, neighbourLists, type MoleculeTable } from '@couplet/data'
import type { Chemistry } from '@couplet/data/chemistry'

/** Elements in the order of the one-hot code. */
const ELEMENTS = [1, 6, 7, 8, 9]
/** Most neighbours that the one-hot code tells apart. */
const MOST_NEIGHBOURS = 4
/** Hydrogen, sp, sp2, sp3. */
const HYBRIDISATIONS = 4
/** Atomic numbers and counts enter in tens, so that they are of the size of the other values. */
const TEN = 10

/** Values of an atom: element, neighbours and hybridisation one-hot, and the seven of {@link describeAtoms}. */
export const ATOM_FEATURES = ELEMENTS.length + MOST_NEIGHBOURS + 1 + HYBRIDISATIONS + 7
/** Values of a molecule: atoms in all and of each element, spread and mean of the bond lengths, mean atomic number. */
export const MOLECULE_FEATURES = 1 + ELEMENTS.length + 3

/**
 * What is known of each atom, `[atoms, 21]`: element (5), number of neighbours 0 to 4 (5), hybridisation (4), whether it is
 * aromatic, formal charge averaged over resonance structures, atomic number, mean length of its bonds in angstrom, mean atomic
 * number of its neighbours, whether it is a donor and whether it is an acceptor of hydrogen bonds.
 */
export function describeAtoms(table: MoleculeTable, chemistry: Chemistry): Float32Array {
  const features = new Float32Array(table.atomicNumbers.length * ATOM_FEATURES)
  for (const molecule of table.names.keys()) {
    const { atomicNumbers, positions, bondAtoms } = moleculeAt(table, molecule)
    neighbourLists(atomicNumbers.length, bondAtoms).forEach((neighbours, atom) => {
      const row = table.atomOffsets[molecule]! + atom
      const element = atomicNumbers[atom]!
      const elements = neighbours.map((other) => atomicNumbers[other]!)
      const charge = chemistry.resonanceCharges[row]! || 0
      features.set(
        [
          ...oneHot(ELEMENTS.indexOf(element), ELEMENTS.length),
          ...oneHot(Math.min(neighbours.length, MOST_NEIGHBOURS), MOST_NEIGHBOURS + 1),
          ...oneHot(chemistry.hybridisations[row]!, HYBRIDISATIONS),
          chemistry.aromaticAtoms[row]!,
          charge,
          element / TEN,
          mean(neighbours.map((other) => distance(positions, atom, other))),
          mean(elements) / TEN,
          // Donor: nitrogen or oxygen with a hydrogen. Acceptor: nitrogen, oxygen or fluorine that is not positive.
          (element === 7 || element === 8) && elements.includes(1) ? 1 : 0,
          element > 6 && charge <= 0 ? 1 : 0,
        ],
        row * ATOM_FEATURES,
      )
    })
  }
  return features
}

/** What is known of a molecule as a whole, {@link MOLECULE_FEATURES} values. */
export function describeMolecule(table: MoleculeTable, molecule: number): number[] {
  const numbers = [...moleculeAt(table, molecule).atomicNumbers]
  const lengths = bondLengths(table, molecule)
  return [
    numbers.length / TEN,
    ...ELEMENTS.map((element) => numbers.filter((other) => other === element).length / TEN),
    deviation(lengths),
    mean(lengths),
    mean(numbers) / TEN,
  ]
}

/** Length of each bond of a molecule in angstrom. */
export function bondLengths(table: MoleculeTable, molecule: number): number[] {
  const { positions, bondAtoms } = moleculeAt(table, molecule)
  return Array.from({ length: bondAtoms.length / 2 }, (_, bond) =>
    distance(positions, bondAtoms[2 * bond]!, bondAtoms[2 * bond + 1]!),
  )
}

/** Mean of some values; 0 of none. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

/** Standard deviation of some values; 0 of none. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))
}

/** A 1 at the place, or zeros where it lies outside. */
export function oneHot(place: number, length: number): number[] {
  return Array.from({ length }, (_, index) => (index === place ? 1 : 0))
}
