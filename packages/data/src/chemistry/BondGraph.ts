import { neighbourLists } from '../graphDistances.ts'

/** The bonds of one molecule, seen from its atoms. */
export interface BondGraph {
  readonly atomCount: number
  /** The two atoms of each bond, `[bonds, 2]`. */
  readonly bonds: Uint16Array
  /** Neighbours of each atom, ascending. */
  readonly neighbours: readonly (readonly number[])[]
  /** Bond to each neighbour, in the order of `neighbours`. */
  readonly bondsOf: readonly (readonly number[])[]
}

/**
 * Makes the graph of one molecule.
 * @param bonds the two atoms of each bond, `[bonds, 2]`.
 * @throws DataError for a bond to an atom that does not exist.
 */
export function bondGraph(atomCount: number, bonds: Uint16Array): BondGraph {
  const neighbours = neighbourLists(atomCount, bonds)
  const bondsOf: number[][] = neighbours.map((list) => list.map(() => -1))
  for (let bond = 0; bond < bonds.length / 2; bond += 1) {
    const first = bonds[2 * bond]!
    const second = bonds[2 * bond + 1]!
    bondsOf[first]![neighbours[first]!.indexOf(second)] = bond
    bondsOf[second]![neighbours[second]!.indexOf(first)] = bond
  }
  return { atomCount, bonds, neighbours, bondsOf }
}
