import {
  distance,
  graphDistances,
  neighbourLists,
  NOT_CONNECTED,
  type MoleculeView,
} from '@couplet/data'

/** Bonds up to which two atoms are joined by edges however far apart they are: a coupling path must have its edges. */
export const NEAR_BONDS = 3

/** The graph of one molecule: ordered pairs of atoms as edges, and at both ends of each edge the bonds that share an atom with it. */
export interface MoleculeGraph {
  /** First and second atom of each edge, counted within the molecule, `[edges]` each. */
  readonly sources: readonly number[]
  readonly targets: readonly number[]
  /** Edge from one atom to another, `[atoms, atoms]`; -1 where there is none. */
  readonly edgeOf: Int32Array
  /** Bonds between two atoms up to {@link NEAR_BONDS}, `[atoms, atoms]`; 255 beyond. */
  readonly bondsApart: Uint8Array
  /** Distance of two atoms in angstrom, `[atoms, atoms]`. */
  readonly distances: Float64Array
  /** Edge of each angle, and the edge that is its bond, from the shared atom outwards, `[angles]` each. */
  readonly angleEdges: readonly number[]
  readonly angleBonds: readonly number[]
}

/**
 * Lists the edges of a molecule by first and then by second atom: atoms no farther apart than `reach` in angstrom, joined by up to
 * three bonds, or coupled. With `angles`, every edge meets the bonds at its two ends, itself left out.
 */
export function moleculeGraph(
  { atomicNumbers, positions, bondAtoms, pairAtoms }: MoleculeView,
  reach: number,
  angles: boolean,
): MoleculeGraph {
  const count = atomicNumbers.length
  const bondsApart = graphDistances(count, bondAtoms, NEAR_BONDS)
  const joined = new Uint8Array(count * count)
  for (let pair = 0; pair < pairAtoms.length; pair += 2) {
    const [one, other] = [pairAtoms[pair]!, pairAtoms[pair + 1]!]
    joined[one * count + other] = 1
    joined[other * count + one] = 1
  }
  const distances = new Float64Array(count * count)
  const sources: number[] = []
  const targets: number[] = []
  const edgeOf = new Int32Array(count * count).fill(-1)
  for (let source = 0; source < count; source++) {
    for (let target = 0; target < count; target++) {
      const cell = source * count + target
      distances[cell] = distance(positions, source, target)
      if (source === target) continue
      const near = joined[cell] === 1 || bondsApart[cell] !== NOT_CONNECTED
      if (!near && distances[cell] > reach) continue
      edgeOf[cell] = sources.length
      sources.push(source)
      targets.push(target)
    }
  }
  const graph = { sources, targets, edgeOf, bondsApart, distances }
  return { ...graph, ...(angles ? listAngles(graph, neighbourLists(count, bondAtoms)) : NO_ANGLES) }
}

type Angles = Pick<MoleculeGraph, 'angleEdges' | 'angleBonds'>

const NO_ANGLES: Angles = { angleEdges: [], angleBonds: [] }

function listAngles(
  { sources, targets, edgeOf }: Omit<MoleculeGraph, keyof Angles>,
  neighbours: readonly (readonly number[])[],
): Angles {
  const count = neighbours.length
  const angleEdges: number[] = []
  const angleBonds: number[] = []
  const meet = (edge: number, shared: number, far: number): void => {
    for (const outer of neighbours[shared]!) {
      if (outer === far) continue
      angleEdges.push(edge)
      angleBonds.push(edgeOf[shared * count + outer]!)
    }
  }
  for (let edge = 0; edge < sources.length; edge++) {
    meet(edge, sources[edge]!, targets[edge]!)
    meet(edge, targets[edge]!, sources[edge]!)
  }
  return { angleEdges, angleBonds }
}
