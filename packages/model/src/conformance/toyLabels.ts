import type { MoleculeTable } from '@couplet/data'

/** A plausible coupling of each type in hertz. */
const TYPICAL = [95, 48, -2, -10, 3, 4, 5, 1]
/** Share of each contribution (Fermi contact, spin-dipolar, paramagnetic and diamagnetic spin-orbit); they add up to 1. */
const SHARES = [0.9, 0.03, 0.06, 0.01]

/**
 * The molecules with labels made up for them: a smooth function of the geometry that no rotation and no order of atoms changes, so that a
 * model can learn it. The other optional columns are filled too, with values that mean nothing.
 */
export function withLabels(molecules: MoleculeTable): MoleculeTable {
  const { atomOffsets, pairOffsets, pairAtoms, pairTypes, atomicNumbers, names } = molecules
  const couplings = new Float32Array(pairTypes.length)
  for (let molecule = 0; molecule < names.length; molecule++) {
    const first = atomOffsets[molecule]!
    for (let pair = pairOffsets[molecule]!; pair < pairOffsets[molecule + 1]!; pair++) {
      const one = first + pairAtoms[2 * pair]!
      const other = first + pairAtoms[2 * pair + 1]!
      let surroundings = 0
      for (let atom = first; atom < atomOffsets[molecule + 1]!; atom++) {
        if (atom === one || atom === other) continue
        const reach = distance(molecules, one, atom) + distance(molecules, atom, other)
        surroundings += atomicNumbers[atom]! * Math.exp(-reach)
      }
      const typical = TYPICAL[pairTypes[pair]!]!
      couplings[pair] =
        typical + 4 * Math.cos(2 * distance(molecules, one, other)) + 5 * surroundings
    }
  }
  return {
    ...molecules,
    couplings,
    contributions: Float32Array.from(
      { length: 4 * couplings.length },
      (_, value) => SHARES[value % 4]! * couplings[Math.floor(value / 4)]!,
    ),
    mullikenCharges: Float32Array.from(atomicNumbers, (atomicNumber) => (4 - atomicNumber) / 20),
    shieldingTensors: Float32Array.from(
      { length: 9 * atomicNumbers.length },
      (_, value) => value % 9,
    ),
    dipoleMoments: Float32Array.from({ length: 3 * names.length }, (_, value) => value % 3),
    potentialEnergies: Float64Array.from(names, (_, molecule) => -100 - molecule),
  }
}

function distance({ positions }: MoleculeTable, one: number, other: number): number {
  return Math.hypot(
    positions[3 * one]! - positions[3 * other]!,
    positions[3 * one + 1]! - positions[3 * other + 1]!,
    positions[3 * one + 2]! - positions[3 * other + 2]!,
  )
}
