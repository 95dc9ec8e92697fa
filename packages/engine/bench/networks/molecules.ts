import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { HostArray, HostArrays } from '../../src/arrays.ts'

/** Features of an atom. */
export const ATOM_FEATURES = 16
/** Features of a pair of atoms in the dense network. */
export const PAIR_FEATURES = 32
/** Features of an edge of the sparse network. */
export const EDGE_FEATURES = 16
/** Coupling types. */
export const TYPES = 8
/** Atoms of the largest molecule of the competition. */
export const MAXIMUM_ATOMS = 29

const EDGES_PER_ATOM = 8

/** Numbers that depend on the seed alone. */
export interface Random {
  /** In [0, 1). */
  uniform(): number
  /** Standard normal. */
  normal(): number
  /** A whole number below `limit`. */
  below(limit: number): number
}

/** A stream of random numbers. */
export function createRandom(seed: number): Random {
  const generator = mersenne(seed)
  const uniform = (): number => uniformFloat64(generator)
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    below: (limit) => Math.floor(uniform() * limit),
  }
}

/** Numbers of atoms like those of the competition's molecules: mean 18, deviation 3, at most 29. */
export function drawSizes(count: number, random: Random): number[] {
  return Array.from({ length: count }, () =>
    Math.min(MAXIMUM_ATOMS, Math.max(4, Math.round(18 + 3 * random.normal()))),
  )
}

/** A batch of random molecules for the graph transformer, padded to `size` atoms and three coupled pairs for each. */
export function denseBatch(
  sizes: readonly number[],
  size: number,
  pairsPerMolecule: number,
  random: Random,
): HostArrays {
  const graphs = sizes.length
  const rows = graphs * pairsPerMolecule
  const first = new Int32Array(rows)
  const second = new Int32Array(rows)
  const pairRows = new Int32Array(rows)
  const types = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    const graph = Math.floor(row / pairsPerMolecule)
    const [one, other] = [random.below(sizes[graph]!), random.below(sizes[graph]!)]
    first[row] = graph * size + one
    second[row] = graph * size + other
    pairRows[row] = first[row]! * size + other
    types[row] = random.below(TYPES)
  }
  const counts = types.reduce((all, type) => all.with(type, all[type]! + 1), Array(TYPES).fill(0))
  return {
    atoms: normals([graphs * size, ATOM_FEATURES], random),
    pairs: normals([graphs * size * size, PAIR_FEATURES], random),
    mask: floats([graphs, 1, 1, size], (k) => (k % size < sizes[Math.floor(k / size)]! ? 0 : -1e9)),
    first: { shape: [rows], data: first },
    second: { shape: [rows], data: second },
    pairRows: { shape: [rows], data: pairRows },
    weights: floats([TYPES, rows], (k) => {
      const type = Math.floor(k / rows)
      return types[k % rows] === type ? 1 / counts[type]! : 0
    }),
    target: normals([rows, 1], random),
  }
}

/** A batch of random molecules for the message-passing network: eight edges into each atom, padded to `size` atoms. */
export function sparseBatch(graphCount: number, size: number, random: Random): HostArrays {
  const nodes = graphCount * size
  const edges = nodes * EDGES_PER_ATOM
  return {
    atoms: normals([nodes, ATOM_FEATURES], random),
    edges: normals([edges, EDGE_FEATURES], random),
    sources: integers([edges], (edge) => {
      const graph = Math.floor(edge / (EDGES_PER_ATOM * size))
      return graph * size + random.below(size)
    }),
    targets: integers([edges], (edge) => Math.floor(edge / EDGES_PER_ATOM)),
    graphs: integers([nodes], (node) => Math.floor(node / size)),
    weights: floats([1, graphCount], () => 1 / graphCount),
    target: normals([graphCount, 1], random),
  }
}

function floats(shape: readonly number[], value: (index: number) => number): HostArray {
  const length = shape.reduce((product, n) => product * n, 1)
  return { shape, data: Float32Array.from({ length }, (_, index) => value(index)) }
}

function normals(shape: readonly number[], random: Random): HostArray {
  return floats(shape, () => random.normal())
}

function integers(shape: readonly number[], value: (index: number) => number): HostArray {
  const length = shape.reduce((product, n) => product * n, 1)
  return { shape, data: Int32Array.from({ length }, (_, index) => value(index)) }
}
