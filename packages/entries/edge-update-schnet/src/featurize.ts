import { completeGraph, COUPLING_TYPES, couplingPaths, type MoleculeTable } from '@couplet/data'
import type { Bucket } from '@couplet/model'
import type { HostArrays } from '@couplet/engine'

/** Values that describe an edge beside its distance: coupling type, bond, dihedral angle, path angles. */
export const EDGE_FEATURES = COUPLING_TYPES.length + 1 + 3 + 2

/** Row of each element in the embedding, in the order H C N O F; padding uses the row behind them. */
const ELEMENT_ROWS: Readonly<Record<number, number>> = { 1: 0, 6: 1, 7: 2, 8: 3, 9: 4 }
/** Number of rows of the element embedding. */
export const ELEMENTS = 6

/**
 * The complete graph of every molecule of a batch:
 * `elements [atoms]`, `sources` and `targets [edges]` (atoms), `distances [edges]`, `edgeFeatures [edges, EDGE_FEATURES]`,
 * `pairEdges` and `pairReverseEdges [pairs]` (edges), `pairTypes [pairs, 8]`.
 */
export function featurize(molecules: MoleculeTable, bucket: Bucket): HostArrays {
  const graph = completeGraph(molecules)
  const atoms = bucket['atoms']!
  const edges = bucket['edges']!
  const elements = new Int32Array(atoms).fill(ELEMENTS - 1)
  molecules.atomicNumbers.forEach((number, atom) => {
    elements[atom] = ELEMENT_ROWS[number]!
  })
  const distances = new Float32Array(edges)
  distances.set(graph.distances)
  return {
    elements: { shape: [atoms], data: elements },
    sources: { shape: [edges], data: padded(graph.sources, edges, atoms - 1) },
    targets: { shape: [edges], data: padded(graph.targets, edges, atoms - 1) },
    distances: { shape: [edges], data: distances },
    edgeFeatures: {
      shape: [edges, EDGE_FEATURES],
      data: edgeFeatures(molecules, graph, edges),
    },
    pairEdges: { shape: [bucket.pairs], data: padded(graph.pairEdges, bucket.pairs, edges - 1) },
    pairReverseEdges: {
      shape: [bucket.pairs],
      data: padded(graph.pairReverseEdges, bucket.pairs, edges - 1),
    },
    pairTypes: {
      shape: [bucket.pairs, COUPLING_TYPES.length],
      data: oneHotTypes(molecules.pairTypes, bucket.pairs),
    },
  }
}

/** Describes the edges of coupled pairs in both directions, and which edges are bonds. */
function edgeFeatures(
  molecules: MoleculeTable,
  { edgeOffsets, pairEdges, pairReverseEdges }: ReturnType<typeof completeGraph>,
  edges: number,
): Float32Array {
  const features = new Float32Array(edges * EDGE_FEATURES)
  const types = COUPLING_TYPES.length
  const paths = couplingPaths(molecules)
  molecules.pairTypes.forEach((type, pair) => {
    const cosine = Math.cos(paths.dihedrals[pair]!)
    const dihedral = paths.dihedralDefined[pair] ? [cosine, cosine * cosine, 1] : [0, 0, 0]
    const angles = [paths.firstAngles[pair]!, paths.secondAngles[pair]!].map((angle) =>
      angle > 0 ? Math.cos(angle) : 0,
    )
    const reversed = paths.bondCounts[pair] === 3 ? angles.toReversed() : angles
    features[pairEdges[pair]! * EDGE_FEATURES + type] = 1
    features[pairReverseEdges[pair]! * EDGE_FEATURES + type] = 1
    features.set([...dihedral, ...angles], pairEdges[pair]! * EDGE_FEATURES + types + 1)
    features.set([...dihedral, ...reversed], pairReverseEdges[pair]! * EDGE_FEATURES + types + 1)
  })
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const atoms = molecules.atomOffsets[molecule + 1]! - molecules.atomOffsets[molecule]!
    const row = (source: number, target: number): number =>
      edgeOffsets[molecule]! + source * (atoms - 1) + target - (target > source ? 1 : 0)
    for (let bond = molecules.bondOffsets[molecule]!; bond < molecules.bondOffsets[molecule + 1]!; bond++) {
      const [first, second] = [molecules.bondAtoms[2 * bond]!, molecules.bondAtoms[2 * bond + 1]!]
      features[row(first, second) * EDGE_FEATURES + types] = 1
      features[row(second, first) * EDGE_FEATURES + types] = 1
    }
  }
  return features
}

function padded(values: Int32Array, length: number, fill: number): Int32Array {
  const array = new Int32Array(length).fill(fill)
  array.set(values)
  return array
}

function oneHotTypes(pairTypes: Uint8Array, rows: number): Float32Array {
  const oneHot = new Float32Array(rows * COUPLING_TYPES.length)
  pairTypes.forEach((type, pair) => {
    oneHot[pair * COUPLING_TYPES.length + type] = 1
  })
  return oneHot
}
