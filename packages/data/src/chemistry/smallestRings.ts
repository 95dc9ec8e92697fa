import { DataError } from '../DataError.ts'
import type { BondGraph } from './BondGraph.ts'

/** Larger rings count in the sizes, but are not listed. */
const MOST_RING_ATOMS = 24

/** A molecule has about as many rings as bonds; a mesh made to break programs has exponentially many. */
const MOST_RINGS = 10_000

/** The smallest rings of one molecule. */
export interface SmallestRings {
  /** Atoms of each ring in their order around it, beginning with the smallest index; smaller rings first. */
  readonly rings: readonly (readonly number[])[]
  /** Number of atoms of the smallest ring through each atom, `[atoms]`; 0 outside of rings, 255 for 255 and more. */
  readonly atomRingSizes: Uint8Array
  /** Number of atoms of the smallest ring through each bond, `[bonds]`; likewise. */
  readonly bondRingSizes: Uint8Array
}

/**
 * Finds the smallest rings through each bond: all of them, where several are equally small. So the list does not depend on the
 * order of the atoms, unlike a smallest set of smallest rings (cubane has six faces here, five there). A ring all of whose
 * bonds are in smaller rings is not in it. Rings of more than 24 atoms are not listed.
 *
 * @throws DataError for more than 10,000 rings.
 */
export function smallestRings(graph: BondGraph): SmallestRings {
  const atomRingSizes = new Uint8Array(graph.atomCount)
  const bondRingSizes = new Uint8Array(graph.bonds.length / 2)
  const rings = new Map<string, number[]>()
  const ringAtoms = withoutChains(graph)
  for (let bond = 0; bond < bondRingSizes.length; bond += 1) {
    const first = graph.bonds[2 * bond]!
    const second = graph.bonds[2 * bond + 1]!
    if (!ringAtoms[first] || !ringAtoms[second]) continue
    const distances = distancesAround(graph, ringAtoms, first, second)
    const size = distances[second]! + 1
    if (size === 0) continue // a bridge between rings
    bondRingSizes[bond] = Math.min(size, 255)
    for (const atom of [first, second]) {
      const known = atomRingSizes[atom]!
      atomRingSizes[atom] = Math.min(size, known === 0 ? 255 : known)
    }
    if (size > MOST_RING_ATOMS) continue
    for (const path of pathsBack(graph, distances, [second])) {
      const ring = fromSmallest(path)
      rings.set(ring.join(' '), ring)
      if (rings.size > MOST_RINGS) {
        throw new DataError(
          `a molecule has more than ${MOST_RINGS} smallest rings. Check its bonds; leave it out if they are right.`,
        )
      }
    }
  }
  const sorted = [...rings.values()].toSorted((one, other) => one.length - other.length)
  return { rings: sorted, atomRingSizes, bondRingSizes }
}

/** Whether each atom remains when atoms with a single neighbour are taken off again and again, `[atoms]`. */
function withoutChains({ neighbours }: BondGraph): boolean[] {
  const counts = neighbours.map((list) => list.length)
  const ends = [...counts.keys()].filter((atom) => counts[atom]! <= 1)
  const remains = counts.map((count) => count > 1)
  for (const end of ends) {
    for (const atom of neighbours[end]!) {
      counts[atom]! -= 1
      if (counts[atom] !== 1 || !remains[atom]) continue
      remains[atom] = false
      ends.push(atom)
    }
  }
  return remains
}

/** Number of bonds from `start` to the atoms on the way to `target`, not by their own bond, `[atoms]`; -1 where not reached. */
function distancesAround(
  { neighbours, atomCount }: BondGraph,
  ringAtoms: readonly boolean[],
  start: number,
  target: number,
): Int32Array {
  const distances = new Int32Array(atomCount).fill(-1)
  distances[start] = 0
  const queue = [start]
  for (const atom of queue) {
    if (distances[target]! >= 0) break
    for (const neighbour of neighbours[atom]!) {
      if (distances[neighbour]! >= 0 || !ringAtoms[neighbour]) continue
      if (atom === start && neighbour === target) continue
      distances[neighbour] = distances[atom]! + 1
      queue.push(neighbour)
    }
  }
  return distances
}

/** Every shortest path back to the atom that the distances count from, as `path` continued. */
function* pathsBack(
  graph: BondGraph,
  distances: Int32Array,
  path: readonly number[],
): Generator<readonly number[]> {
  const atom = path.at(-1)!
  if (distances[atom] === 0) yield path
  for (const neighbour of graph.neighbours[atom]!) {
    if (distances[neighbour] !== distances[atom]! - 1 || distances[neighbour] < 0) continue
    yield* pathsBack(graph, distances, [...path, neighbour])
  }
}

/** The same ring from its smallest atom towards the smaller of that one's neighbours. */
function fromSmallest(ring: readonly number[]): number[] {
  const start = ring.indexOf(Math.min(...ring))
  const turned = [...ring.slice(start), ...ring.slice(0, start)]
  return turned[1]! < turned.at(-1)! ? turned : [turned[0]!, ...turned.slice(1).toReversed()]
}
