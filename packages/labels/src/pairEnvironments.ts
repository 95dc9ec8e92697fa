import { coupledPairs, COUPLING_TYPES, neighbourLists, shortestPath } from '@couplet/data'
import type { MoleculeGraph } from './moleculeGraph.ts'

/** What surrounds one coupled pair, as far as the graph tells. */
export interface PairEnvironment {
  /** Index of the pair's type in `COUPLING_TYPES`. */
  readonly type: number
  /** Equal for pairs with equal surroundings. */
  readonly key: string
}

/**
 * The environment of every coupled pair of a molecule: its type, and of each atom on the path between its two atoms the
 * element with all neighbours and bond orders; for pairs one bond apart also the neighbours of the neighbours.
 */
export function pairEnvironments({
  atomicNumbers,
  bonds,
  orders,
}: MoleculeGraph): PairEnvironment[] {
  const neighbours = neighbourLists(atomicNumbers.length, bonds)
  const order = new Map<string, number>()
  for (const [bond, value] of orders.entries()) {
    const [first, second] = [bonds[2 * bond]!, bonds[2 * bond + 1]!]
    order.set(`${first} ${second}`, value).set(`${second} ${first}`, value)
  }
  /** An atom and what is bonded to it. */
  const code = (atom: number, inner: (neighbour: number) => string): string => {
    const around = neighbours[atom]!.map((one) => `${order.get(`${atom} ${one}`)}${inner(one)}`)
    return `${atomicNumbers[atom]}(${around.toSorted().join()})`
  }
  const near = Array.from(atomicNumbers, (_, atom) => code(atom, (one) => `:${atomicNumbers[one]}`))
  const far = Array.from(atomicNumbers, (_, atom) => code(atom, (one) => near[one]!))
  const { atoms, types } = coupledPairs(atomicNumbers, bonds)
  return Array.from(types, (type, pair) => {
    const path = shortestPath(neighbours, atoms[2 * pair]!, atoms[2 * pair + 1]!)
    const codes = path.map((atom) => (path.length === 2 ? far[atom]! : near[atom]!))
    // From either end the same, for two hydrogens.
    const key = [codes, codes.toReversed()].map((one) => one.join('-')).toSorted()[0]
    return { type, key: `${COUPLING_TYPES[type]} ${key}` }
  })
}
