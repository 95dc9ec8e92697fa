import { COUPLING_TYPES, type CouplingType } from './couplingTypes.ts'
import { breadthFirst, neighbourLists, NOT_CONNECTED } from './graphDistances.ts'

/** The coupled pairs of one molecule. */
export interface CoupledPairs {
  /** The two atoms of each pair, hydrogen first, `[pairs, 2]`. */
  readonly atoms: Uint16Array
  /** Index of each pair's type in `COUPLING_TYPES`, `[pairs]`. */
  readonly types: Uint8Array
}

/** Partners of hydrogen that the competition asks for, by atomic number. */
const PARTNERS: Readonly<Record<number, string>> = { 1: 'H', 6: 'C', 7: 'N' }

const MOST_BONDS = 3

/**
 * Lists the coupled pairs of one molecule in the competition's order: for every hydrogen, ascending, every hydrogen, carbon
 * and nitrogen one to three bonds away, ascending; two hydrogens only once, lower index first.
 *
 * Two bonded hydrogens (the hydrogen molecule, 1JHH) are left out: 1JHH is not one of the eight types.
 * @param atomicNumbers atomic number of each atom, `[atoms]`.
 * @param bonds the two atoms of each bond, `[bonds, 2]`, for example from `perceiveBonds`.
 * @throws DataError for a bond to an atom that does not exist.
 */
export function coupledPairs(atomicNumbers: Uint8Array, bonds: Uint16Array): CoupledPairs {
  const neighbours = neighbourLists(atomicNumbers.length, bonds)
  const atoms: number[] = []
  const types: number[] = []
  const row = new Uint8Array(atomicNumbers.length).fill(NOT_CONNECTED)
  for (const [hydrogen, atomicNumber] of atomicNumbers.entries()) {
    if (atomicNumber !== 1) continue
    const reached = breadthFirst(neighbours, hydrogen, MOST_BONDS, row)
    for (const partner of reached.toSorted((one, other) => one - other)) {
      const element = PARTNERS[atomicNumbers[partner]!]
      if (!element || partner === hydrogen || (element === 'H' && partner < hydrogen)) continue
      const type = COUPLING_TYPES.indexOf(`${row[partner]!}JH${element}` as CouplingType)
      if (type === -1) continue
      atoms.push(hydrogen, partner)
      types.push(type)
    }
    // Only what was reached: a row of a large molecule is not cleared as a whole for each hydrogen.
    for (const atom of reached) row[atom] = NOT_CONNECTED
  }
  return { atoms: Uint16Array.from(atoms), types: Uint8Array.from(types) }
}
