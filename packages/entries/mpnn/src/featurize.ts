import {
  completeGraph,
  COUPLING_TYPES,
  graphDistances,
  moleculeAt,
  type MoleculeTable,
} from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import type { Bucket } from '@couplet/model'
import { indexArray, oneHotArray, valueArray } from '@couplet/model/features'

const ELEMENTS = [1, 6, 7, 8, 9]
const MOST_NEIGHBOURS = 4
/** Values per atom: element, number of neighbours 1 to 4, number of attached hydrogens. */
export const ATOM_FEATURES = ELEMENTS.length + MOST_NEIGHBOURS + 1
/** Values per edge beside the distance: one, two or three bonds apart. */
export const EDGE_FEATURES = 3

/**
 * The complete graph of every molecule of a batch: `atomFeatures [atoms, ATOM_FEATURES]`, `atomMolecules [atoms]`,
 * `sources` and `targets [edges]` (atoms), `inverseDegrees [atoms, 1]`, `distances [edges]`, `edgeFeatures [edges, EDGE_FEATURES]`,
 * `moleculeMask [molecules, 1]` (1 for real molecules), `pairSources`, `pairTargets` (atoms), `pairEdges` and `pairMolecules [pairs]`, `pairTypes [pairs, 8]`.
 */
export function featurize(molecules: MoleculeTable, bucket: Bucket): HostArrays {
  const graph = completeGraph(molecules)
  const atoms = bucket['atoms']!
  const edges = bucket['edges']!
  const atomFeatures = new Float32Array(atoms * ATOM_FEATURES)
  const atomMolecules = new Int32Array(atoms).fill(bucket.molecules - 1)
  const inverseDegrees = new Float32Array(atoms)
  const edgeFeatures = new Float32Array(edges * EDGE_FEATURES)
  const pairMolecules = new Int32Array(bucket.pairs).fill(bucket.molecules - 1)
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const { atomicNumbers, bondAtoms } = moleculeAt(molecules, molecule)
    const first = molecules.atomOffsets[molecule]!
    const count = atomicNumbers.length
    describeAtoms(atomicNumbers, bondAtoms, atomFeatures.subarray(first * ATOM_FEATURES))
    atomMolecules.fill(molecule, first, first + count)
    inverseDegrees.fill(1 / Math.max(1, count - 1), first, first + count)
    pairMolecules.fill(
      molecule,
      molecules.pairOffsets[molecule],
      molecules.pairOffsets[molecule + 1],
    )
    const bonds = graphDistances(count, bondAtoms, EDGE_FEATURES)
    for (let edge = graph.edgeOffsets[molecule]!; edge < graph.edgeOffsets[molecule + 1]!; edge++) {
      const apart = bonds[(graph.sources[edge]! - first) * count + graph.targets[edge]! - first]!
      if (apart <= EDGE_FEATURES) edgeFeatures[edge * EDGE_FEATURES + apart - 1] = 1
    }
  }
  const ends = (end: Int32Array): Int32Array => graph.pairEdges.map((edge) => end[edge]!)
  return {
    atomFeatures: { shape: [atoms, ATOM_FEATURES], data: atomFeatures },
    moleculeMask: {
      shape: [bucket.molecules, 1],
      data: new Float32Array(bucket.molecules).fill(1, 0, molecules.names.length),
    },
    atomMolecules: { shape: [atoms], data: atomMolecules },
    inverseDegrees: { shape: [atoms, 1], data: inverseDegrees },
    sources: indexArray(graph.sources, edges, atoms - 1),
    targets: indexArray(graph.targets, edges, atoms - 1),
    distances: valueArray(graph.distances, [edges]),
    edgeFeatures: { shape: [edges, EDGE_FEATURES], data: edgeFeatures },
    pairSources: indexArray(ends(graph.sources), bucket.pairs, atoms - 1),
    pairTargets: indexArray(ends(graph.targets), bucket.pairs, atoms - 1),
    pairEdges: indexArray(graph.pairEdges, bucket.pairs, edges - 1),
    pairMolecules: { shape: [bucket.pairs], data: pairMolecules },
    pairTypes: oneHotArray(molecules.pairTypes, bucket.pairs, COUPLING_TYPES.length),
  }
}

function describeAtoms(
  atomicNumbers: Uint8Array,
  bondAtoms: Uint16Array,
  features: Float32Array,
): void {
  const neighbours = new Uint8Array(atomicNumbers.length)
  const hydrogens = new Uint8Array(atomicNumbers.length)
  for (let bond = 0; bond < bondAtoms.length; bond += 2) {
    const [one, other] = [bondAtoms[bond]!, bondAtoms[bond + 1]!]
    neighbours[one]! += 1
    neighbours[other]! += 1
    if (atomicNumbers[other] === 1) hydrogens[one]! += 1
    if (atomicNumbers[one] === 1) hydrogens[other]! += 1
  }
  atomicNumbers.forEach((number, atom) => {
    const row = atom * ATOM_FEATURES
    features[row + ELEMENTS.indexOf(number)] = 1
    const count = Math.min(neighbours[atom]!, MOST_NEIGHBOURS)
    if (count > 0) features[row + ELEMENTS.length + count - 1] = 1
    features[row + ATOM_FEATURES - 1] = hydrogens[atom]! / MOST_NEIGHBOURS
  })
}
