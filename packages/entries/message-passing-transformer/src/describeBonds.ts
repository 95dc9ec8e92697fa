import { angle, moleculeAt, neighbourLists, type MoleculeTable } from '@couplet/data'
import type { Chemistry } from '@couplet/data/chemistry'
import { bondLengths, deviation, mean } from './describeAtoms.ts'

/** Values of a bond; see {@link describeBonds}. */
export const BOND_FEATURES = 8
/** Spread of bond lengths in angstrom below which a molecule's bonds count as equally long. */
const LEAST_SPREAD = 1e-3

/**
 * What is known of each bond, `[bonds, 8]`: single, double, triple, aromatic, conjugated, in a ring, length in angstrom, and
 * length in standard deviations from the mean over the molecule's bonds.
 */
export function describeBonds(table: MoleculeTable, chemistry: Chemistry): Float32Array {
  const features = new Float32Array((table.bondAtoms.length / 2) * BOND_FEATURES)
  for (const molecule of table.names.keys()) {
    const lengths = bondLengths(table, molecule)
    const centre = mean(lengths)
    const spread = deviation(lengths)
    lengths.forEach((length, bond) => {
      const row = table.bondOffsets[molecule]! + bond
      features.set(
        [
          ...orderFlags(chemistry.resonanceOrders[row]!, chemistry.aromaticBonds[row] === 1),
          chemistry.conjugatedBonds[row]!,
          chemistry.bondRingSizes[row]! > 0 ? 1 : 0,
          length,
          spread < LEAST_SPREAD ? 0 : (length - centre) / spread,
        ],
        row * BOND_FEATURES,
      )
    })
  }
  return features
}

/** Single, double, triple, aromatic; none of them where the order is not known. */
function orderFlags(order: number, isAromatic: boolean): number[] {
  if (isAromatic) return [0, 0, 0, 1]
  // Between two orders, as in an amide's resonance structures, both flags stand in part.
  return [1, 2, 3].map((whole) => Math.max(0, 1 - Math.abs(order - whole)) || 0).concat(0)
}

/** The angles between bonded atoms: the cosine of each, and its two bonds, counted over the table. */
export interface BondAngles {
  readonly cosines: readonly number[]
  readonly firstBonds: readonly number[]
  readonly secondBonds: readonly number[]
}

/** Lists the angles between the bonds of every atom. */
export function bondAngles(table: MoleculeTable): BondAngles {
  const cosines: number[] = []
  const firstBonds: number[] = []
  const secondBonds: number[] = []
  for (const molecule of table.names.keys()) {
    const { positions, bondAtoms, atomicNumbers } = moleculeAt(table, molecule)
    const bondOf = new Map<string, number>()
    for (let bond = 0; bond < bondAtoms.length / 2; bond++) {
      const [one, other] = [bondAtoms[2 * bond]!, bondAtoms[2 * bond + 1]!]
      const row = table.bondOffsets[molecule]! + bond
      bondOf.set(`${one} ${other}`, row).set(`${other} ${one}`, row)
    }
    neighbourLists(atomicNumbers.length, bondAtoms).forEach((neighbours, centre) => {
      for (const [place, one] of neighbours.entries()) {
        for (const other of neighbours.slice(place + 1)) {
          cosines.push(Math.cos(angle(positions, one, centre, other)))
          firstBonds.push(bondOf.get(`${centre} ${one}`)!)
          secondBonds.push(bondOf.get(`${centre} ${other}`)!)
        }
      }
    })
  }
  return { cosines, firstBonds, secondBonds }
}

/** Number of bond angles of each molecule, `[molecules]`. */
export function countBondAngles(table: MoleculeTable): Uint32Array {
  return Uint32Array.from(table.names, (_, molecule) => {
    const { bondAtoms, atomicNumbers } = moleculeAt(table, molecule)
    return neighbourLists(atomicNumbers.length, bondAtoms).reduce(
      (sum, { length }) => sum + (length * (length - 1)) / 2,
      0,
    )
  })
}
