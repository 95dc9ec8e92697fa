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
import type { Bucket, TypeScale } from '@couplet/model'
import { indexArray, oneHotArray, valueArray } from '@couplet/model/features'

/** Row of each element in the embedding, in the order H C N O F; padding uses the row behind them. */
const ELEMENT_ROWS: Readonly<Record<number, number>> = { 1: 0, 6: 1, 7: 2, 8: 3, 9: 4 }
/** Number of rows of the element embedding. */
export const ELEMENTS = 6
/** Values about the coupling path: cos, cos^2 and presence of the dihedral angle, and the path's measures. */
const PATH_FEATURES = 3 + PATH_MEASURES

/** Values that describe an edge beside its distance: coupling type, bond, coupling path. */
export const EDGE_FEATURES = COUPLING_TYPES.length + 1 + PATH_FEATURES
/** The same in the second stage: a coupled pair's edge also has the coupling that the first stage predicts. */
export const SECOND_STAGE_EDGE_FEATURES = EDGE_FEATURES + 1

/**
 * The complete graph of every molecule of a batch:
 * `elements [atoms]`, `sources` and `targets [edges]` (atoms), `distances [edges]`, `edgeFeatures [edges, EDGE_FEATURES]`,
 * `pairEdges` and `pairReverseEdges [pairs]` (edges), `pairTypes [pairs, 8]`.
 * @param scale spread of the path measures over the training molecules.
 * @param couplings in the second stage, the scale of each type's couplings: edges get a value more.
 */
export function featurize(
  molecules: MoleculeTable,
  scale: PathScale,
  bucket: Bucket,
  couplings?: TypeScale,
): HostArrays {
  const graph = completeGraph(molecules)
  const atoms = bucket['atoms']!
  const edges = bucket['edges']!
  const elements = Array.from(molecules.atomicNumbers, (number) => ELEMENT_ROWS[number]!)
  const width = couplings ? SECOND_STAGE_EDGE_FEATURES : EDGE_FEATURES
  const features = new Float32Array(edges * width)
  describeCoupledPairs(molecules, graph, scale, features, width)
  markBonds(molecules, graph, features, width)
  if (couplings) addFirstStage(molecules, graph, couplings, features)
  return {
    elements: indexArray(elements, atoms, ELEMENTS - 1),
    sources: indexArray(graph.sources, edges, atoms - 1),
    targets: indexArray(graph.targets, edges, atoms - 1),
    distances: valueArray(graph.distances, [edges]),
    edgeFeatures: { shape: [edges, width], data: features },
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
  width: number,
): void {
  const paths = couplingPaths(molecules)
  molecules.pairTypes.forEach((type, pair) => {
    const cosine = Math.cos(paths.dihedrals[pair]!)
    const dihedral = paths.dihedralDefined[pair] ? [cosine, cosine * cosine, 1] : [0, 0, 0]
    const measures = standardisedPathMeasures(paths, pair, type, scale)
    const reversed = reversedPathMeasures(measures, paths.bondCounts[pair]!)
    const row = pairEdges[pair]! * width
    const reverseRow = pairReverseEdges[pair]! * width
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
  width: number,
): void {
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const { atomicNumbers, bondAtoms } = moleculeAt(molecules, molecule)
    const atoms = atomicNumbers.length
    const apart = graphDistances(atoms, bondAtoms, 1)
    const first = molecules.atomOffsets[molecule]!
    for (let edge = edgeOffsets[molecule]!; edge < edgeOffsets[molecule + 1]!; edge++) {
      const bonds = apart[(sources[edge]! - first) * atoms + targets[edge]! - first]!
      if (bonds === 1) features[edge * width + COUPLING_TYPES.length] = 1
    }
  }
}

/** Standardised couplings of the first stage, last on the edges of every coupled pair. */
function addFirstStage(
  { pairTypes, firstStageCouplings }: MoleculeTable,
  { pairEdges, pairReverseEdges }: CompleteGraph,
  { mean, deviation }: TypeScale,
  features: Float32Array,
): void {
  if (!firstStageCouplings) {
    throw new Error(
      '[@couplet/edge-update-schnet] the molecules have no firstStageCouplings, which the second stage reads. Call `predict`, which adds them.',
    )
  }
  const last = SECOND_STAGE_EDGE_FEATURES - 1
  pairTypes.forEach((type, pair) => {
    const value = (firstStageCouplings[pair]! - mean[type]!) / deviation[type]!
    features[pairEdges[pair]! * SECOND_STAGE_EDGE_FEATURES + last] = value
    features[pairReverseEdges[pair]! * SECOND_STAGE_EDGE_FEATURES + last] = value
  })
}
