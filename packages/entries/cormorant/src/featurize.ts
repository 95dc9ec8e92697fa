import { completeGraph, COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import type { Bucket } from '@couplet/model'
import { indexArray, oneHotArray, valueArray } from '@couplet/model/features'
import { componentCount, sphericalHarmonics } from './sphericalHarmonics.ts'

const ELEMENTS = [1, 6, 7, 8, 9]
/** Powers 0, 1, 2 of the atomic number, over that of fluorine, beside each element. */
const POWERS = 3
const LARGEST_NUMBER = 9
/** Scalars of an atom: element one-hot times powers of its number. */
export const ATOM_SCALARS = ELEMENTS.length * POWERS

/**
 * The complete graph of every molecule of a batch: `atomScalars [atoms, 15]`, `sources` and `targets [edges]` (atoms), `distances
 * [edges, 1]` (1 for padding, because networks divide by it), `directions [edges, (degree + 1)^2]` (spherical harmonics of the
 * direction from target to source, 0 for padding), `pairEdges [pairs]` (edges), `pairTypes [pairs, 8]`.
 * @param degree largest degree of the harmonics.
 */
export function featurize(molecules: MoleculeTable, degree: number, bucket: Bucket): HostArrays {
  const graph = completeGraph(molecules)
  const atoms = bucket['atoms']!
  const edges = bucket['edges']!
  const components = componentCount(degree)
  const distances = new Float32Array(edges).fill(1)
  const directions = new Float32Array(edges * components)
  graph.distances.forEach((distance, edge) => {
    distances[edge] = distance
    const unit = [0, 1, 2].map((axis) => {
      const [source, target] = [graph.sources[edge]!, graph.targets[edge]!]
      return (
        (molecules.positions[3 * source + axis]! - molecules.positions[3 * target + axis]!) /
        distance
      )
    }) as [number, number, number]
    directions.set(sphericalHarmonics(unit, degree), edge * components)
  })
  return {
    atomScalars: valueArray(Array.from(molecules.atomicNumbers, scalarsOf).flat(), [
      atoms,
      ATOM_SCALARS,
    ]),
    sources: indexArray(graph.sources, edges, atoms - 1),
    targets: indexArray(graph.targets, edges, atoms - 1),
    distances: { shape: [edges, 1], data: distances },
    directions: { shape: [edges, components], data: directions },
    pairEdges: indexArray(graph.pairEdges, bucket.pairs, edges - 1),
    pairTypes: oneHotArray(molecules.pairTypes, bucket.pairs, COUPLING_TYPES.length),
  }
}

function scalarsOf(atomicNumber: number): number[] {
  return ELEMENTS.flatMap((element) =>
    Array.from({ length: POWERS }, (_, power) =>
      element === atomicNumber ? (atomicNumber / LARGEST_NUMBER) ** power : 0,
    ),
  )
}
