import {
  COUPLING_TYPES,
  couplingPaths,
  graphDistances,
  moleculeAt,
  type CouplingPaths,
  type MoleculeTable,
} from '@couplet/data'

/** Farthest two atoms of an edge in bonds. */
const FARTHEST = 3

/**
 * Directed edges between atoms up to three bonds apart, in both directions, and from every atom to itself; each with the
 * geometry of the shortest chain of bonds. A coupled pair has its two edges even where no bonds were found.
 */
export interface NearEdges {
  /** Start of each molecule's edges, `[molecules + 1]`. */
  readonly edgeOffsets: Uint32Array
  /** First and second atom of each edge, counted over the whole table, `[edges]` each. */
  readonly sources: Int32Array
  readonly targets: Int32Array
  /** Bonds between the two atoms, 0 to 3, `[edges]`. */
  readonly bondCounts: Uint8Array
  /** Distance, angle and dihedral angle of each edge; see {@link CouplingPaths}. */
  readonly paths: CouplingPaths
  /** The edge from the first atom of each coupled pair to the second, and back, `[pairs]` each. */
  readonly pairEdges: Int32Array
  readonly pairReverseEdges: Int32Array
}

/** Lists the edges of every molecule, by first and then by second atom. */
export function nearEdges(table: MoleculeTable): NearEdges {
  const edgeOffsets = new Uint32Array(table.names.length + 1)
  const local: number[] = []
  const sources: number[] = []
  const targets: number[] = []
  const bondCounts: number[] = []
  const pairEdges = new Int32Array(table.pairTypes.length)
  const pairReverseEdges = new Int32Array(table.pairTypes.length)
  for (let molecule = 0; molecule < table.names.length; molecule++) {
    const first = table.atomOffsets[molecule]!
    const { count, apart } = bondsApart(table, molecule)
    const rows = new Int32Array(count * count)
    apart.forEach((bonds, cell) => {
      if (bonds > FARTHEST) return
      const [source, target] = [Math.floor(cell / count), cell % count]
      rows[cell] = sources.length
      local.push(source, target)
      sources.push(first + source)
      targets.push(first + target)
      bondCounts.push(bonds)
    })
    edgeOffsets[molecule + 1] = sources.length
    for (let pair = table.pairOffsets[molecule]!; pair < table.pairOffsets[molecule + 1]!; pair++) {
      const [one, other] = [table.pairAtoms[2 * pair]!, table.pairAtoms[2 * pair + 1]!]
      pairEdges[pair] = rows[one * count + other]!
      pairReverseEdges[pair] = rows[other * count + one]!
    }
  }
  // The edges stand in for the pairs, so that the same code measures both.
  const paths = couplingPaths({
    ...table,
    pairOffsets: edgeOffsets,
    pairAtoms: Uint16Array.from(local),
    pairTypes: new Uint8Array(sources.length),
  })
  return {
    edgeOffsets,
    sources: Int32Array.from(sources),
    targets: Int32Array.from(targets),
    bondCounts: Uint8Array.from(bondCounts),
    paths,
    pairEdges,
    pairReverseEdges,
  }
}

/** Number of edges of each molecule, `[molecules]`, without listing them. */
export function countNearEdges(table: MoleculeTable): Uint32Array {
  return Uint32Array.from(
    table.names,
    (_, molecule) => bondsApart(table, molecule).apart.filter((bonds) => bonds <= FARTHEST).length,
  )
}

/** Bonds between every two atoms of a molecule, `[atoms, atoms]`; those of a coupled pair without a chain of bonds by its type. */
function bondsApart(table: MoleculeTable, molecule: number): { count: number; apart: Uint8Array } {
  const { atomicNumbers, bondAtoms, pairAtoms, pairTypes } = moleculeAt(table, molecule)
  const count = atomicNumbers.length
  const apart = graphDistances(count, bondAtoms, FARTHEST)
  pairTypes.forEach((type, pair) => {
    const [one, other] = [pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!]
    for (const cell of [one * count + other, other * count + one]) {
      if (apart[cell]! > FARTHEST) apart[cell] = Number(COUPLING_TYPES[type]![0])
    }
  })
  return { count, apart }
}
