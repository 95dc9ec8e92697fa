import {
  completeGraph,
  COUPLING_TYPES,
  couplingPaths,
  graphDistances,
  moleculeAt,
  PATH_MEASURES,
  reversedPathMeasures,
  standardisedPathMeasures,
  type CompleteGraph,
  type MoleculeTable,
  type PathScale,
} from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import type { Bucket } from '@couplet/model'
import { indexArray, oneHotArray, valueArray } from '@couplet/model/features'

/** Row of each element in the embedding, in the order H C N O F; padding uses the row behind them. */
const ELEMENT_ROWS: Readonly<Record<number, number>> = { 1: 0, 6: 1, 7: 2, 8: 3, 9: 4 }
/** Number of rows of the element embedding. */
export const ELEMENTS = 6
/** Values about the coupling path: cos, cos^2 and presence of the dihedral angle, and the path's measures. */
const PATH_FEATURES = 3 + PATH_MEASURES

/** Values that describe an edge beside its distance: coupling type, bond, coupling path. */
export const EDGE_FEATURES = COUPLING_TYPES.length + 1 + PATH_FEATURES

/**
 * The complete graph of every molecule of a batch:
 * `elements [atoms]`, `sources` and `targets [edges]` (atoms), `distances [edges]`, `edgeFeatures [edges, EDGE_FEATURES]`,
 * `pairEdges` and `pairReverseEdges [pairs]` (edges), `pairTypes [pairs, 8]`.
 * @param scale spread of the path measures over the training molecules.
 */
export function featurize(molecules: MoleculeTable, scale: PathScale, bucket: Bucket): HostArrays {
  const graph = completeGraph(molecules)
  const atoms = bucket['atoms']!
  const edges = bucket['edges']!
  const elements = Array.from(molecules.atomicNumbers, (number) => ELEMENT_ROWS[number]!)
  const features = new Float32Array(edges * EDGE_FEATURES)
  describeCoupledPairs(molecules, graph, scale, features)
  markBonds(molecules, graph, features)
  return {
    elements: indexArray(elements, atoms, ELEMENTS - 1),
    sources: indexArray(graph.sources, edges, atoms - 1),
    targets: indexArray(graph.targets, edges, atoms - 1),
    distances: valueArray(graph.distances, [edges]),
    edgeFeatures: { shape: [edges, EDGE_FEATURES], data: features },
    pairEdges: indexArray(graph.pairEdges, bucket.pairs, edges - 1),
    pairReverseEdges: indexArray(graph.pairReverseEdges, bucket.pairs, edges - 1),
    pairTypes: oneHotArray(molecules.pairTypes, bucket.pairs, COUPLING_TYPES.length),
  }
}

/** Type and path of the coupled pairs, on their edges in both directions. */
function describeCoupledPairs(
  molecules: MoleculeTable,
  { pairEdges, pairReverseEdges }: CompleteGraph,
  scale: PathScale,
  features: Float32Array,
): void {
  const paths = couplingPaths(molecules)
  molecules.pairTypes.forEach((type, pair) => {
    const cosine = Math.cos(paths.dihedrals[pair]!)
    const dihedral = paths.dihedralDefined[pair] ? [cosine, cosine * cosine, 1] : [0, 0, 0]
    const measures = standardisedPathMeasures(paths, pair, type, scale)
    const reversed = reversedPathMeasures(measures, paths.bondCounts[pair]!)
    const row = pairEdges[pair]! * EDGE_FEATURES
    const reverseRow = pairReverseEdges[pair]! * EDGE_FEATURES
    features[row + type] = 1
    features[reverseRow + type] = 1
    features.set([...dihedral, ...measures], row + EDGE_FEATURES - PATH_FEATURES)
    features.set([...dihedral, ...reversed], reverseRow + EDGE_FEATURES - PATH_FEATURES)
  })
}

/** Marks the edges that are bonds. */
function markBonds(
  molecules: MoleculeTable,
  { edgeOffsets, sources, targets }: CompleteGraph,
  features: Float32Array,
): void {
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const { atomicNumbers, bondAtoms } = moleculeAt(molecules, molecule)
    const atoms = atomicNumbers.length
    const apart = graphDistances(atoms, bondAtoms, 1)
    const first = molecules.atomOffsets[molecule]!
    for (let edge = edgeOffsets[molecule]!; edge < edgeOffsets[molecule + 1]!; edge++) {
      const bonds = apart[(sources[edge]! - first) * atoms + targets[edge]! - first]!
      if (bonds === 1) features[edge * EDGE_FEATURES + COUPLING_TYPES.length] = 1
    }
  }
}
