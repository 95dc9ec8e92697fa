import { DataError } from './DataError.ts'

/** Graph distance of two atoms that no chain of bonds (of at most the limit) connects. */
export const NOT_CONNECTED = 255

/** Neighbours of each atom, ascending, from the bonds of one molecule, `[bonds, 2]`. */
export function neighbourLists(atomCount: number, bonds: Uint16Array): number[][] {
  const neighbours: number[][] = Array.from({ length: atomCount }, () => [])
  for (let bond = 0; bond < bonds.length; bond += 2) {
    const first = bonds[bond]!
    const second = bonds[bond + 1]!
    if (first >= atomCount || second >= atomCount || first === second) {
      throw new DataError(
        `bond ${bond / 2} joins atoms ${first} and ${second} of a molecule with ${atomCount} atoms. ` +
          'Give two different atoms, counted from 0.',
      )
    }
    neighbours[first]!.push(second)
    neighbours[second]!.push(first)
  }
  for (const list of neighbours) list.sort((one, other) => one - other)
  return neighbours
}

/**
 * Number of bonds between every two atoms of one molecule, by breadth-first search.
 * @param atomCount number of atoms.
 * @param bonds the two atoms of each bond, `[bonds, 2]`.
 * @param limit longest distance looked for, at most 254; farther atoms count as not connected.
 * @returns `[atoms, atoms]`, 0 on the diagonal, {@link NOT_CONNECTED} (255) where the limit is exceeded.
 * @throws DataError for a bond to an atom that does not exist.
 */
export function graphDistances(
  atomCount: number,
  bonds: Uint16Array,
  limit = NOT_CONNECTED - 1,
): Uint8Array {
  const neighbours = neighbourLists(atomCount, bonds)
  const distances = new Uint8Array(atomCount * atomCount).fill(NOT_CONNECTED)
  const farthest = Math.min(limit, NOT_CONNECTED - 1)
  for (let start = 0; start < atomCount; start += 1) {
    const row = distances.subarray(start * atomCount, (start + 1) * atomCount)
    breadthFirst(neighbours, start, farthest, row)
  }
  return distances
}

/** Fills `row` (`[atoms]`, all {@link NOT_CONNECTED}) with the distances from `start`; returns the atoms reached, nearest first. */
export function breadthFirst(
  neighbours: readonly (readonly number[])[],
  start: number,
  limit: number,
  row: Uint8Array,
): number[] {
  row[start] = 0
  const reached = [start]
  // The array grows while it is walked: it is the queue.
  for (const atom of reached) {
    const distance = row[atom]!
    if (distance >= limit) continue
    for (const neighbour of neighbours[atom]!) {
      if (row[neighbour] !== NOT_CONNECTED) continue
      row[neighbour] = distance + 1
      reached.push(neighbour)
    }
  }
  return reached
}

/**
 * A shortest chain of bonded atoms from one atom to another, both included; empty if there is none.
 *
 * Rings can hold several shortest paths (H-C-C-C across a four-membered ring has two). The one returned is the first in
 * lexicographic order of atom indices from `from`, so that equal input gives an equal path; it does depend on the order of
 * the atoms. Paths of more than 254 bonds are not found.
 * @param neighbours neighbours of each atom, ascending, from {@link neighbourLists}.
 */
export function shortestPath(
  neighbours: readonly (readonly number[])[],
  from: number,
  to: number,
): number[] {
  // Distances from the end, so that stepping to the lowest-numbered nearer neighbour yields the lexicographically first path.
  const row = new Uint8Array(neighbours.length).fill(NOT_CONNECTED)
  breadthFirst(neighbours, to, NOT_CONNECTED - 1, row)
  if (row[from] === NOT_CONNECTED) return []
  const path = [from]
  for (let atom = from; atom !== to;) {
    atom = neighbours[atom]!.find((neighbour) => row[neighbour] === row[atom]! - 1)!
    path.push(atom)
  }
  return path
}
