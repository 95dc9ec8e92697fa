import type { BondGraph } from './BondGraph.ts'
import type { LewisStructure } from './lewisStructure.ts'

/** Less than this share of a pi bond is rounding. */
const TRACE = 0.01

/** Which atoms of one molecule have p electrons to share, and which bonds let them. */
export interface PiSystem {
  /** 1 for the bonds of a chain X=Y-Z with p electrons on X, Y and Z, `[bonds]`. */
  readonly conjugatedBonds: Uint8Array
  /** Number of p orbitals in the hybrids of each atom, `[atoms]`: 0 hydrogen, 1 sp, 2 sp2, 3 sp3. */
  readonly hybridisations: Uint8Array
}

/**
 * Derives conjugation and hybridisation from the means over the resonance structures, so that neither depends on the order of
 * the atoms.
 *
 * A bond is conjugated in a chain X=Y-Z (also with Y=Z, if not cumulated) where Z is unsaturated or has a lone pair: carbon,
 * nitrogen or oxygen with at most three neighbours. Hybridisation counts pi bonds: two make an atom sp, one sp2, none sp3; an
 * atom with a lone pair in a conjugated bond is sp2 too (the nitrogen of an amide, the oxygen of furan).
 */
export function piSystem(
  atomicNumbers: Uint8Array,
  graph: BondGraph,
  { resonanceOrders }: LewisStructure,
): PiSystem {
  const shares = resonanceOrders.map((order) => order - 1)
  const piBonds = graph.bondsOf.map((list) => list.reduce((sum, bond) => sum + shares[bond]!, 0))
  const donors = graph.neighbours.map(
    (list, atom) => list.length <= 3 && atomicNumbers[atom]! >= 6 && atomicNumbers[atom]! <= 8,
  )
  const conjugatedBonds = new Uint8Array(shares.length)
  for (const [middle, list] of graph.bondsOf.entries()) {
    if (!donors[middle]) continue
    for (const [index, bond] of list.entries()) {
      if (shares[bond]! < TRACE) continue
      for (const [otherIndex, other] of list.entries()) {
        if (otherIndex === index || !donors[graph.neighbours[middle]![otherIndex]!]) continue
        // The two pi bonds of X=Y=Z are at right angles; in benzene both shares are a half.
        if (Math.min(shares[bond]!, shares[other]!) > 0.75) continue
        conjugatedBonds[bond] = 1
        conjugatedBonds[other] = 1
      }
    }
  }
  const hybridisations = Uint8Array.from(atomicNumbers, (atomicNumber, atom) => {
    if (atomicNumber === 1) return 0
    // Not exactly 1.5: two structures of equal weight must not be told apart by rounding.
    if (piBonds[atom]! > 1.45) return 1
    if (piBonds[atom]! > TRACE) return 2
    const conjugated = graph.bondsOf[atom]!.some((bond) => conjugatedBonds[bond] === 1)
    return donors[atom] && conjugated ? 2 : 3
  })
  return { conjugatedBonds, hybridisations }
}
