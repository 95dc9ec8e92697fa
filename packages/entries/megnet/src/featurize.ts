import {
  COUPLING_TYPES,
  couplingPaths,
  moleculeAt,
  type CouplingPaths,
  type MoleculeTable,
} from '@couplet/data'
import { BOND_FLAGS, bondFlags, perceiveChemistry } from '@couplet/data/chemistry'
import type { HostArray, HostArrays } from '@couplet/engine'
import type { Bucket, Sizes } from '@couplet/model'
import { indexArray, pairsByType, typeAxis, typeSizes, valueArray } from '@couplet/model/features'
import { ATOM_FLAGS, atomFlags, MOLECULE_VALUES, moleculeValues } from './chemicalFlags.ts'
import { moleculeGraph, NEAR_BONDS, type MoleculeGraph } from './moleculeGraph.ts'

/** Flags of an edge: those of its bond, and one, two or three bonds apart. */
export const EDGE_FLAGS = BOND_FLAGS + NEAR_BONDS
/** Measures of an angle: cosine, lengths of the edge and of the bond, distance of their outer ends. */
export const ANGLE_MEASURES = 4

/** Edges that the readout of a pair so many bonds apart reads: those of the chain, and before them its own if it is no bond. */
export function edgesRead(bonds: number): number {
  return bonds > 1 ? bonds + 1 : bonds
}

/** What of the configuration decides about the graph. */
export interface GraphConfig {
  /** Distance in angstrom up to which atoms are joined by edges; 0: however far apart. */
  readonly reach: number
  /** Whether edges receive messages from the bonds at their ends. */
  readonly angleMessages: boolean
}

/** Atoms, edges and angles of every molecule, and the pairs of each coupling type, whose readouts are private. */
export function sizes(molecules: MoleculeTable, config: GraphConfig): Sizes {
  const graphs = molecules.names.map((_, molecule) => {
    const { sources, angleEdges } = graphOf(molecules, molecule, config)
    return { edges: sources.length, angles: angleEdges.length }
  })
  const { atomOffsets } = molecules
  return {
    atoms: Uint32Array.from(molecules.names, (_, m) => atomOffsets[m + 1]! - atomOffsets[m]!),
    edges: Uint32Array.from(graphs, ({ edges }) => edges),
    ...(config.angleMessages ? { angles: Uint32Array.from(graphs, ({ angles }) => angles) } : {}),
    ...typeSizes(molecules),
  }
}

/**
 * The graph of every molecule of a batch. `atomFlags [atoms, ATOM_FLAGS]`, `atomMolecules [atoms]`; `sources`, `targets` (atoms) and
 * `edgeMolecules [edges]`, `distances [edges]` in angstrom, `edgeFlags [edges, EDGE_FLAGS]`; with angle messages `angleEdges` and `angleBonds
 * [angles]` (edges), `angleMeasures [angles, 4]`; `moleculeValues [molecules, 2]`, `inverseAtoms` and `inverseEdges [molecules, 1]`.
 *
 * For each coupling type of b bonds, with P rows on its axis: `moleculesOf1JHC [P]`, `pathAtomsOf1JHC [P (b + 1)]`, `pathEdgesOf1JHC [P b]`
 * from the pair's first atom to its second, and from the second to the first `reversePathAtomsOf1JHC` and `reversePathEdgesOf1JHC`, and so
 * on; where b > 1 the pair's own edge stands before those of the chain, `pathEdgesOf2JHH [P (b + 1)]`. `pairPlaces [pairs]`: where each pair
 * stands among the types' rows.
 */
export function featurize(
  molecules: MoleculeTable,
  config: GraphConfig,
  bucket: Bucket,
): HostArrays {
  const atoms = bucket['atoms']!
  const edges = bucket['edges']!
  const angles = bucket['angles'] ?? 0
  const chemistry = perceiveChemistry(molecules, { onFailure: 'mark' })
  const atomMolecules = new Int32Array(atoms).fill(bucket.molecules - 1)
  const edgeMolecules = new Int32Array(edges).fill(bucket.molecules - 1)
  const sources = new Int32Array(edges).fill(atoms - 1)
  const targets = new Int32Array(edges).fill(atoms - 1)
  const distances = new Float32Array(edges)
  const flags = new Float32Array(edges * EDGE_FLAGS)
  const angleEdges = new Int32Array(angles).fill(edges - 1)
  const angleBonds = new Int32Array(angles).fill(edges - 1)
  const measures = new Float32Array(angles * ANGLE_MEASURES)
  const values = new Float32Array(bucket.molecules * MOLECULE_VALUES)
  const inverseAtoms = new Float32Array(bucket.molecules)
  const inverseEdges = new Float32Array(bucket.molecules)
  const graphs: MoleculeGraph[] = []
  const edgeOffsets: number[] = []
  let offset = 0
  let angle = 0
  for (const molecule of molecules.names.keys()) {
    const { atomicNumbers, bondAtoms } = moleculeAt(molecules, molecule)
    const graph = graphOf(molecules, molecule, config)
    const first = molecules.atomOffsets[molecule]!
    const count = atomicNumbers.length
    const own = graph.sources.length
    atomMolecules.fill(molecule, first, first + count)
    edgeMolecules.fill(molecule, offset, offset + own)
    for (let edge = 0; edge < own; edge++) {
      const [source, target] = [graph.sources[edge]!, graph.targets[edge]!]
      const row = offset + edge
      sources[row] = first + source
      targets[row] = first + target
      distances[row] = graph.distances[source * count + target]!
      const bonds = graph.bondsApart[source * count + target]!
      if (bonds <= NEAR_BONDS) flags[row * EDGE_FLAGS + BOND_FLAGS + bonds - 1] = 1
    }
    for (let bond = 0; bond < bondAtoms.length; bond += 2) {
      const [one, other] = [bondAtoms[bond]!, bondAtoms[bond + 1]!]
      const ofBond = bondFlags(chemistry, molecules.bondOffsets[molecule]! + bond / 2)
      for (const cell of [one * count + other, other * count + one]) {
        flags.set(ofBond, (offset + graph.edgeOf[cell]!) * EDGE_FLAGS)
      }
    }
    for (let index = 0; index < graph.angleEdges.length; index++, angle++) {
      angleEdges[angle] = offset + graph.angleEdges[index]!
      angleBonds[angle] = offset + graph.angleBonds[index]!
      measureAngle(graph, index, count, measures, angle * ANGLE_MEASURES)
    }
    values.set(moleculeValues(atomicNumbers, bondAtoms.length / 2), molecule * MOLECULE_VALUES)
    inverseAtoms[molecule] = 1 / Math.max(1, count)
    inverseEdges[molecule] = 1 / Math.max(1, own)
    graphs.push(graph)
    edgeOffsets.push(offset)
    offset += own
  }
  return {
    atomFlags: valueArray(atomFlags(molecules, chemistry), [atoms, ATOM_FLAGS]),
    atomMolecules: { shape: [atoms], data: atomMolecules },
    edgeMolecules: { shape: [edges], data: edgeMolecules },
    sources: { shape: [edges], data: sources },
    targets: { shape: [edges], data: targets },
    distances: { shape: [edges], data: distances },
    edgeFlags: { shape: [edges, EDGE_FLAGS], data: flags },
    moleculeValues: { shape: [bucket.molecules, MOLECULE_VALUES], data: values },
    inverseAtoms: { shape: [bucket.molecules, 1], data: inverseAtoms },
    inverseEdges: { shape: [bucket.molecules, 1], data: inverseEdges },
    ...(config.angleMessages
      ? {
          angleEdges: { shape: [angles], data: angleEdges },
          angleBonds: { shape: [angles], data: angleBonds },
          angleMeasures: { shape: [angles, ANGLE_MEASURES], data: measures },
        }
      : {}),
    ...pathArrays(molecules, graphs, edgeOffsets, bucket),
  }
}

function graphOf(
  molecules: MoleculeTable,
  molecule: number,
  { reach, angleMessages }: GraphConfig,
): MoleculeGraph {
  return moleculeGraph(moleculeAt(molecules, molecule), reach || Infinity, angleMessages)
}

/** Writes the cosine of the angle between an edge and a bond that share an atom, both lengths, and the distance of the other two ends. */
function measureAngle(
  { sources, targets, distances, angleEdges, angleBonds }: MoleculeGraph,
  index: number,
  count: number,
  measures: Float32Array,
  at: number,
): void {
  const [edge, bond] = [angleEdges[index]!, angleBonds[index]!]
  const [shared, outer] = [sources[bond]!, targets[bond]!]
  const far = sources[edge] === shared ? targets[edge]! : sources[edge]!
  const one = distances[shared * count + far]!
  const other = distances[shared * count + outer]!
  const across = distances[far * count + outer]!
  const product = 2 * one * other
  // Atoms of a hostile file can coincide.
  measures[at] = product > 0 ? (one * one + other * other - across * across) / product : 1
  measures[at + 1] = one
  measures[at + 2] = other
  measures[at + 3] = across
}

/** The readout's arrays of every coupling type. */
function pathArrays(
  molecules: MoleculeTable,
  graphs: readonly MoleculeGraph[],
  edgeOffsets: readonly number[],
  bucket: Bucket,
): HostArrays {
  const paths = couplingPaths(molecules)
  const moleculeOf = new Int32Array(molecules.pairTypes.length)
  for (const molecule of molecules.names.keys()) {
    moleculeOf.fill(molecule, molecules.pairOffsets[molecule], molecules.pairOffsets[molecule + 1])
  }
  const { pairs, places } = pairsByType(molecules, bucket)
  const arrays: Record<string, HostArray> = { pairPlaces: places }
  for (const [type, name] of COUPLING_TYPES.entries()) {
    const rows = bucket[typeAxis(type)]!
    const bonds = Number(name[0])
    const own = pairs[type]!.map((pair): Path => {
      const molecule = moleculeOf[pair]!
      const first = molecules.atomOffsets[molecule]!
      const count = molecules.atomOffsets[molecule + 1]! - first
      const chain = chainOf(molecules, paths, pair, bonds)
      const edge = (from: number, to: number): number =>
        graphs[molecule]!.edgeOf[from * count + to]!
      const edgesAlong = (atoms: readonly number[]): number[] => {
        const direct = edge(atoms[0]!, atoms.at(-1)!)
        const steps = atoms.slice(1).map((atom, at) => edge(atoms[at]!, atom))
        // A pair without a chain of bonds is read from its own edge instead.
        return [direct, ...steps.map((step) => (step < 0 ? direct : step))].map(
          (row) => edgeOffsets[molecule]! + row,
        )
      }
      return {
        molecule,
        atoms: chain.map((atom) => first + atom),
        edges: edgesAlong(chain),
        reverseEdges: edgesAlong(chain.toReversed()),
      }
    })
    const put = (
      what: string,
      width: number,
      axis: string,
      indices: (path: Path) => number | readonly number[],
    ): void => {
      arrays[`${what}Of${name}`] = indexArray(own.flatMap(indices), rows * width, bucket[axis]! - 1)
    }
    put('molecules', 1, 'molecules', ({ molecule }) => molecule)
    put('pathAtoms', bonds + 1, 'atoms', (path) => path.atoms)
    put('reversePathAtoms', bonds + 1, 'atoms', (path) => path.atoms.toReversed())
    const read = edgesRead(bonds)
    put('pathEdges', read, 'edges', ({ edges }) => edges.slice(-read))
    put('reversePathEdges', read, 'edges', ({ reverseEdges }) => reverseEdges.slice(-read))
  }
  return arrays
}

/** What the readout of a pair reads, as rows of the batch. */
interface Path {
  readonly molecule: number
  /** Atoms of the chain, the pair's first atom first. */
  readonly atoms: readonly number[]
  /** The pair's own edge, then those of the chain; from the first atom to the second, and back. */
  readonly edges: readonly number[]
  readonly reverseEdges: readonly number[]
}

/** Atoms of a pair's path, counted within the molecule; without a chain of bonds as long as its type says, its first atom stands for those between. */
function chainOf(
  { pairAtoms }: MoleculeTable,
  { bondCounts, pathAtoms }: CouplingPaths,
  pair: number,
  bonds: number,
): number[] {
  if (bondCounts[pair] === bonds) return [...pathAtoms.subarray(4 * pair, 4 * pair + bonds + 1)]
  const [from, to] = [pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!]
  return [...Array.from({ length: bonds }, () => from), to]
}
