import type { MoleculeTable } from '@couplet/data'
import { perceiveChemistry } from '@couplet/data/chemistry'
import type { NearEdges } from './nearEdges.ts'

/** Kinds of edge with an embedding of their own: single, double, triple and aromatic bond, two bonds, three bonds, an atom with itself. */
export const EDGE_TYPES = 7
const [SINGLE, DOUBLE, TRIPLE, AROMATIC, TWO_BONDS, THREE_BONDS, SELF] = [0, 1, 2, 3, 4, 5, 6]

/**
 * Kind of every edge as shares that add up to 1, `[edges, EDGE_TYPES]` row by row. A bond whose mean order over the resonance structures
 * lies between two whole numbers has a share of both kinds: which of two equal Lewis structures is written down depends on the numbering
 * of the atoms, their mean does not. Bonds of molecules whose chemistry cannot be perceived, and edges of coupled pairs without a chain of
 * bonds, count as single.
 */
export function edgeKinds(molecules: MoleculeTable, edges: NearEdges): Float32Array {
  const orders = bondShares(molecules)
  const kinds = new Float32Array(EDGE_TYPES * edges.sources.length)
  edges.bondCounts.forEach((bonds, edge) => {
    const share = (kind: number, part: number): void => {
      kinds[EDGE_TYPES * edge + kind] = part
    }
    if (bonds === 0) share(SELF, 1)
    else if (bonds === 2) share(TWO_BONDS, 1)
    else if (bonds === 3) share(THREE_BONDS, 1)
    else {
      const order = orders.get(keyOf(edges.sources[edge]!, edges.targets[edge]!)) ?? 1
      if (order === 'aromatic') return share(AROMATIC, 1)
      share(SINGLE, Math.max(0, 2 - order))
      share(DOUBLE, Math.max(0, 1 - Math.abs(2 - order)))
      share(TRIPLE, Math.max(0, order - 2))
    }
  })
  return kinds
}

/** Mean order of every bond, by its two atoms counted over the whole table. */
function bondShares(molecules: MoleculeTable): ReadonlyMap<string, number | 'aromatic'> {
  const { names, atomOffsets, bondOffsets, bondAtoms } = molecules
  const { resonanceOrders, aromaticBonds } = perceiveChemistry(molecules, { onFailure: 'mark' })
  const orders = new Map<string, number | 'aromatic'>()
  for (const molecule of names.keys()) {
    for (let bond = bondOffsets[molecule]!; bond < bondOffsets[molecule + 1]!; bond++) {
      const [one, other] = [bondAtoms[2 * bond]!, bondAtoms[2 * bond + 1]!]
      const first = atomOffsets[molecule]!
      const order = resonanceOrders[bond]!
      orders.set(
        keyOf(first + one, first + other),
        // The float32 mean may miss a whole number by a rounding error.
        aromaticBonds[bond] === 1 ? 'aromatic' : Number.isNaN(order) ? 1 : clamped(order),
      )
    }
  }
  return orders
}

function clamped(order: number): number {
  return Math.max(1, Math.min(3, order))
}

function keyOf(one: number, other: number): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}
