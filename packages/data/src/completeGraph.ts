import type { MoleculeTable } from './MoleculeTable.ts'

/** All ordered pairs of different atoms of each molecule: the edges of networks that see a molecule as a complete graph. */
export interface CompleteGraph {
  /** Start of each molecule's edges, `[molecules + 1]`. */
  readonly edgeOffsets: Uint32Array
  /** First atom of each edge, counted over the whole table, `[edges]`. */
  readonly sources: Int32Array
  /** Second atom of each edge, counted over the whole table, `[edges]`. */
  readonly targets: Int32Array
  /** Distance of the two atoms in angstrom, `[edges]`. */
  readonly distances: Float32Array
  /** The edge from the first atom of each coupled pair to the second, `[pairs]`. */
  readonly pairEdges: Int32Array
  /** The edge from the second atom of each coupled pair to the first, `[pairs]`. */
  readonly pairReverseEdges: Int32Array
}

/** Number of atoms and of ordered atom pairs of each molecule, `[molecules]` each. */
export function completeGraphSizes({ names, atomOffsets }: MoleculeTable): {
  atoms: Uint32Array
  edges: Uint32Array
} {
  const atoms = Uint32Array.from(names, (_, m) => atomOffsets[m + 1]! - atomOffsets[m]!)
  return { atoms, edges: atoms.map((count) => count * (count - 1)) }
}

/** Lists the ordered atom pairs of every molecule, by first and then by second atom. */
export function completeGraph(table: MoleculeTable): CompleteGraph {
  const { atomOffsets, pairOffsets, pairAtoms, positions } = table
  const edgeOffsets = new Uint32Array(table.names.length + 1)
  completeGraphSizes(table).edges.forEach((edges, molecule) => {
    edgeOffsets[molecule + 1] = edgeOffsets[molecule]! + edges
  })
  const edges = edgeOffsets.at(-1)!
  const sources = new Int32Array(edges)
  const targets = new Int32Array(edges)
  const distances = new Float32Array(edges)
  const pairEdges = new Int32Array(table.pairTypes.length)
  const pairReverseEdges = new Int32Array(table.pairTypes.length)
  let edge = 0
  for (let molecule = 0; molecule < table.names.length; molecule++) {
    const from = atomOffsets[molecule]!
    const to = atomOffsets[molecule + 1]!
    for (let source = from; source < to; source++) {
      for (let target = from; target < to; target++) {
        if (source === target) continue
        sources[edge] = source
        targets[edge] = target
        const x = positions[3 * source]! - positions[3 * target]!
        const y = positions[3 * source + 1]! - positions[3 * target + 1]!
        const z = positions[3 * source + 2]! - positions[3 * target + 2]!
        distances[edge++] = Math.sqrt(x * x + y * y + z * z)
      }
    }
    const row = (source: number, target: number): number =>
      edgeOffsets[molecule]! + source * (to - from - 1) + target - (target > source ? 1 : 0)
    for (let pair = pairOffsets[molecule]!; pair < pairOffsets[molecule + 1]!; pair++) {
      const [first, second] = [pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!]
      pairEdges[pair] = row(first, second)
      pairReverseEdges[pair] = row(second, first)
    }
  }
  return { edgeOffsets, sources, targets, distances, pairEdges, pairReverseEdges }
}
