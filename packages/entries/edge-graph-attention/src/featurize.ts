import { COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import type { Bucket } from '@couplet/model'
import { indexArray, oneHotArray, valueArray } from '@couplet/model/features'
import { EDGE_MEASURES, standardisedMeasures, type EdgeScale } from './edgeScale.ts'
import { EDGE_TYPES, edgeKinds } from './edgeKinds.ts'
import { countNearEdges, nearEdges } from './nearEdges.ts'

/** Row of each element in the embedding, in the order H C N O F; padding uses the last. */
const ELEMENT_ROWS: Readonly<Record<number, number>> = { 1: 0, 6: 1, 7: 2, 8: 3, 9: 4 }
/** Number of rows of the element embedding. */
export const ELEMENTS = 5

/** Pauling electronegativity, electron affinity and first ionisation energy (kJ/mol) of H, C, N, O and F. */
const CONSTANTS = [
  [2.2, 2.55, 3.04, 3.44, 3.98],
  [72.8, 153.9, 7, 141, 328],
  [1312, 1086.5, 1402.3, 1313.9, 1681],
].map(standardised)
/** Values of an atom beside its element: the constants, and room for a partial charge where the original's idle parts are held. */
export function atomValues(idleParts: boolean): number {
  return CONSTANTS.length + (idleParts ? 1 : 0)
}

/** Number of atoms and edges of each molecule. */
export function sizes(molecules: MoleculeTable): { atoms: Uint32Array; edges: Uint32Array } {
  const { atomOffsets, names } = molecules
  const atoms = Uint32Array.from(names, (_, m) => atomOffsets[m + 1]! - atomOffsets[m]!)
  return { atoms, edges: countNearEdges(molecules) }
}

/**
 * The atoms up to three bonds apart of every molecule of a batch: `elements [atoms]`, `atomConstants [atoms, 3]` (4 with idle
 * parts, the last always 0), `sources` and `targets [edges]` (atoms), `edgeKinds [edges, 7]`, `edgeMeasures [edges, 3]`, `pairEdges` and `pairReverseEdges [pairs]` (edges), `pairTypes
 * [pairs, 8]`.
 * @param scale spread of the edges' measures over the training molecules.
 */
export function featurize(
  molecules: MoleculeTable,
  scale: EdgeScale,
  bucket: Bucket,
  idleParts: boolean,
): HostArrays {
  const graph = nearEdges(molecules)
  const atoms = bucket['atoms']!
  const edges = bucket['edges']!
  const values = atomValues(idleParts)
  const elements = Array.from(molecules.atomicNumbers, (number) => ELEMENT_ROWS[number]!)
  return {
    elements: indexArray(elements, atoms, ELEMENTS - 1),
    atomConstants: valueArray(
      elements.flatMap((element) =>
        Array.from({ length: values }, (_, place) => CONSTANTS[place]?.[element] ?? 0),
      ),
      [atoms, values],
    ),
    sources: indexArray(graph.sources, edges, atoms - 1),
    targets: indexArray(graph.targets, edges, atoms - 1),
    edgeKinds: valueArray(edgeKinds(molecules, graph), [edges, EDGE_TYPES]),
    edgeMeasures: valueArray(
      Array.from(graph.sources, (_, edge) =>
        standardisedMeasures(molecules, graph, edge, scale),
      ).flat(),
      [edges, EDGE_MEASURES],
    ),
    pairEdges: indexArray(graph.pairEdges, bucket.pairs, edges - 1),
    pairReverseEdges: indexArray(graph.pairReverseEdges, bucket.pairs, edges - 1),
    pairTypes: oneHotArray(molecules.pairTypes, bucket.pairs, COUPLING_TYPES.length),
  }
}

function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
  )
  return values.map((value) => (value - mean) / deviation)
}
