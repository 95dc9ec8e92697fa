import {
  completeGraph,
  COUPLING_TYPES,
  moleculeAt,
  neighbourLists,
  type MoleculeTable,
} from '@couplet/data'
import { BOND_FLAGS, bondFlags, perceiveChemistry, type Chemistry } from '@couplet/data/chemistry'
import type { HostArrays } from '@couplet/engine'
import type { Bucket } from '@couplet/model'
import { indexArray, oneHotArray, valueArray } from '@couplet/model/features'
import { edgeRow, forEachTriple } from './triples.ts'

const ELEMENTS = [1, 6, 7, 8, 9]
const MOST_NEIGHBOURS = 5
/** Flags of an atom: element, number of neighbours 1 to 5, in a ring, aromatic. */
export const ATOM_FLAGS = ELEMENTS.length + MOST_NEIGHBOURS + 2
/** Flags of an edge: whether it is a bond, and what was perceived of the bond. */
export const EDGE_FLAGS = 1 + BOND_FLAGS

/**
 * All ordered pairs and triples of different atoms of every molecule of a batch: `atomFlags [atoms, ATOM_FLAGS]`; `sources` and `targets [edges]`
 * (atoms), `distances [edges]` in angstrom, `edgeFlags [edges, EDGE_FLAGS]`; for each triple i, j, k `firstAtoms`, `secondAtoms` and `thirdAtoms
 * [triplets]`, `edgesIJ`, `edgesJK` and `edgesIK [triplets]`, `angles` at j in radians and `areas` in angstrom squared `[triplets]`;
 * `pairEdges` and `pairReverseEdges [pairs]` (edges), `pairTypes [pairs, 8]`.
 */
export function featurize(molecules: MoleculeTable, bucket: Bucket): HostArrays {
  const atoms = bucket['atoms']!
  const edges = bucket['edges']!
  const triplets = bucket['triplets']!
  const graph = completeGraph(molecules)
  const chemistry = perceiveChemistry(molecules, { onFailure: 'mark' })
  const edgeFlags = new Float32Array(edges * EDGE_FLAGS)
  const atomRows = [0, 1, 2].map(() => new Int32Array(triplets).fill(atoms - 1))
  const edgeRows = [0, 1, 2].map(() => new Int32Array(triplets).fill(edges - 1))
  const angles = new Float32Array(triplets)
  const areas = new Float32Array(triplets)
  let row = 0
  for (const molecule of molecules.names.keys()) {
    const { atomicNumbers, bondAtoms } = moleculeAt(molecules, molecule)
    const count = atomicNumbers.length
    const first = molecules.atomOffsets[molecule]!
    const offset = graph.edgeOffsets[molecule]!
    const edge = (from: number, to: number): number => offset + edgeRow(count, from, to)
    for (let bond = 0; bond < bondAtoms.length; bond += 2) {
      const [one, other] = [bondAtoms[bond]!, bondAtoms[bond + 1]!]
      const flags = [1, ...bondFlags(chemistry, molecules.bondOffsets[molecule]! + bond / 2)]
      edgeFlags.set(flags, edge(one, other) * EDGE_FLAGS)
      edgeFlags.set(flags, edge(other, one) * EDGE_FLAGS)
    }
    const distances = new Float64Array(count * count)
    for (let at = offset; at < graph.edgeOffsets[molecule + 1]!; at++) {
      distances[(graph.sources[at]! - first) * count + graph.targets[at]! - first] =
        graph.distances[at]!
    }
    forEachTriple(count, distances, (i, j, k, angle, area) => {
      atomRows[0]![row] = first + i
      atomRows[1]![row] = first + j
      atomRows[2]![row] = first + k
      edgeRows[0]![row] = edge(i, j)
      edgeRows[1]![row] = edge(j, k)
      edgeRows[2]![row] = edge(i, k)
      angles[row] = angle
      areas[row] = area
      row += 1
    })
  }
  const [firstAtoms, secondAtoms, thirdAtoms] = atomRows
  const [edgesIJ, edgesJK, edgesIK] = edgeRows
  return {
    atomFlags: valueArray(atomFlags(molecules, chemistry), [atoms, ATOM_FLAGS]),
    sources: indexArray(graph.sources, edges, atoms - 1),
    targets: indexArray(graph.targets, edges, atoms - 1),
    distances: valueArray(graph.distances, [edges]),
    edgeFlags: { shape: [edges, EDGE_FLAGS], data: edgeFlags },
    firstAtoms: { shape: [triplets], data: firstAtoms! },
    secondAtoms: { shape: [triplets], data: secondAtoms! },
    thirdAtoms: { shape: [triplets], data: thirdAtoms! },
    edgesIJ: { shape: [triplets], data: edgesIJ! },
    edgesJK: { shape: [triplets], data: edgesJK! },
    edgesIK: { shape: [triplets], data: edgesIK! },
    angles: { shape: [triplets], data: angles },
    areas: { shape: [triplets], data: areas },
    pairEdges: indexArray(graph.pairEdges, bucket.pairs, edges - 1),
    pairReverseEdges: indexArray(graph.pairReverseEdges, bucket.pairs, edges - 1),
    pairTypes: oneHotArray(molecules.pairTypes, bucket.pairs, COUPLING_TYPES.length),
  }
}

function atomFlags(molecules: MoleculeTable, chemistry: Chemistry): Float32Array {
  const flags = new Float32Array(molecules.atomicNumbers.length * ATOM_FLAGS)
  for (const molecule of molecules.names.keys()) {
    const { atomicNumbers, bondAtoms } = moleculeAt(molecules, molecule)
    const neighbours = neighbourLists(atomicNumbers.length, bondAtoms)
    for (const [local, number] of atomicNumbers.entries()) {
      const atom = molecules.atomOffsets[molecule]! + local
      const at = atom * ATOM_FLAGS
      const degree = Math.min(neighbours[local]!.length, MOST_NEIGHBOURS)
      flags[at + ELEMENTS.indexOf(number)] = 1
      if (degree > 0) flags[at + ELEMENTS.length + degree - 1] = 1
      flags[at + ATOM_FLAGS - 2] = chemistry.atomRingSizes[atom]! > 0 ? 1 : 0
      flags[at + ATOM_FLAGS - 1] = chemistry.aromaticAtoms[atom]!
    }
  }
  return flags
}
