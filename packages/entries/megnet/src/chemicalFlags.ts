import type { MoleculeTable } from '@couplet/data'
import type { Chemistry } from '@couplet/data/chemistry'

const ELEMENTS = [1, 6, 7, 8, 9]
/** Atomic masses of H, C, N, O and F in units of carbon's. */
const MASSES = [1.008, 12.011, 14.007, 15.999, 18.998].map((mass) => mass / 12.011)
const [NITROGEN, OXYGEN] = [7, 8]
/** sp, sp2, sp3. */
const HYBRIDISATIONS = 3
const MOST_HYDROGENS = 4
const [SMALLEST_RING, LARGEST_RING] = [3, 9]
const RINGS = LARGEST_RING - SMALLEST_RING + 1

/** Flags of an atom: element, acceptor and donor of hydrogen bonds, aromatic, hybridisation, hydrogens on it, smallest ring. */
export const ATOM_FLAGS = ELEMENTS.length + 2 + 1 + HYBRIDISATIONS + MOST_HYDROGENS + RINGS
/** Values of a molecule: mean atomic mass in units of carbon's, bonds per atom. */
export const MOLECULE_VALUES = 2

/** Flags of every atom of a table, `[atoms, ATOM_FLAGS]`. What was not perceived stays 0. */
export function atomFlags(molecules: MoleculeTable, chemistry: Chemistry): Float32Array {
  const { atomicNumbers } = molecules
  const hydrogens = countHydrogens(molecules)
  const flags = new Float32Array(atomicNumbers.length * ATOM_FLAGS)
  for (const [atom, number] of atomicNumbers.entries()) {
    let at = atom * ATOM_FLAGS
    const choose = (place: number, length: number): void => {
      if (place >= 0 && place < length) flags[at + place] = 1
      at += length
    }
    const hetero = number === NITROGEN || number === OXYGEN
    choose(ELEMENTS.indexOf(number), ELEMENTS.length)
    choose(hetero && !(chemistry.resonanceCharges[atom]! > 0) ? 0 : -1, 1)
    choose(hetero && hydrogens[atom]! > 0 ? 0 : -1, 1)
    choose(chemistry.aromaticAtoms[atom]! - 1, 1)
    choose(chemistry.hybridisations[atom]! - 1, HYBRIDISATIONS)
    choose(hydrogens[atom]! - 1, MOST_HYDROGENS)
    choose(chemistry.atomRingSizes[atom]! - SMALLEST_RING, RINGS)
  }
  return flags
}

/** Mean atomic mass and bonds per atom of a molecule, `[MOLECULE_VALUES]`. */
export function moleculeValues(atomicNumbers: Uint8Array, bonds: number): number[] {
  const masses = Array.from(atomicNumbers, (number) => MASSES[ELEMENTS.indexOf(number)]!)
  const count = Math.max(1, masses.length)
  return [masses.reduce((sum, mass) => sum + mass, 0) / count, bonds / count]
}

function countHydrogens(molecules: MoleculeTable): Uint8Array {
  const { atomicNumbers, atomOffsets, bondOffsets, bondAtoms } = molecules
  const hydrogens = new Uint8Array(atomicNumbers.length)
  for (const molecule of molecules.names.keys()) {
    for (let bond = bondOffsets[molecule]!; bond < bondOffsets[molecule + 1]!; bond++) {
      const [one, other] = [0, 1].map((end) => atomOffsets[molecule]! + bondAtoms[2 * bond + end]!)
      if (atomicNumbers[other!] === 1) hydrogens[one!]! += 1
      if (atomicNumbers[one!] === 1) hydrogens[other!]! += 1
    }
  }
  return hydrogens
}
