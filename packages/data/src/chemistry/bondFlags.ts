import type { Chemistry } from './perceiveChemistry.ts'

/** Mean bond orders that have a flag of their own. */
const ORDERS = [1, 1.5, 2, 3]

/** Number of flags of a bond: nearest of the orders 1, 1.5, 2 and 3, aromatic, conjugated, in a ring. */
export const BOND_FLAGS = ORDERS.length + 3

/**
 * What was perceived of one bond as zeros and ones, `[BOND_FLAGS]`, for the inputs of networks. They do not depend on the numbering of the
 * atoms; what is not known is 0.
 * @param bond row of the table's bonds.
 */
export function bondFlags(chemistry: Chemistry, bond: number): number[] {
  const order = chemistry.resonanceOrders[bond]!
  const offsets = ORDERS.map((flag) => Math.abs(flag - order))
  // None is nearest to an order that is not known (NaN).
  const nearest = offsets.indexOf(Math.min(...offsets))
  return [
    ...ORDERS.map((_, flag) => (flag === nearest ? 1 : 0)),
    chemistry.aromaticBonds[bond]!,
    chemistry.conjugatedBonds[bond]!,
    chemistry.bondRingSizes[bond]! > 0 ? 1 : 0,
  ]
}
