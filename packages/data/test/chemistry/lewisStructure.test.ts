import { describe, expect, it } from 'vitest'
import { bondGraph } from '../../src/chemistry/BondGraph.ts'
import { bondLengthCost } from '../../src/chemistry/bondLengthCost.ts'
import { lewisStructure } from '../../src/chemistry/lewisStructure.ts'
import { valenceStates } from '../../src/chemistry/valenceStates.ts'
import { distance } from '../../src/geometry.ts'
import { perceiveBonds } from '../../src/perceiveBonds.ts'
import type { TestMolecule } from '../testMolecules.ts'
import { geometry } from './geometries.ts'

describe('lewisStructure', () => {
  // Trying every bond order at every bond shows that the search leaves nothing out; both use the same tables.
  it.each([
    'benzene',
    'imidazole',
    'nitromethane',
    'glycineZwitterion',
    'methylAzide',
    'methylIsonitrile',
    'diazomethane',
    'allene',
    'aceticAcid',
    'cyclobutadiene',
  ])('equals trying every structure: %s', (name) => {
    const one = geometry(name)
    const structures = allStructures(one)
    const least = Math.min(...structures.map(({ cost }) => cost))
    const best = structures.filter(({ cost }) => cost === least)
    const total = best.reduce((sum, { weight }) => sum + weight, 0)
    const heaviest = best.toSorted((a, b) => b.weight - a.weight)[0]!

    const graph = bondGraph(
      one.atomicNumbers.length,
      perceiveBonds(one.atomicNumbers, one.positions),
    )
    const found = lewisStructure({ ...one, graph })
    if (typeof found === 'string') throw new Error(found)
    const weight = best.find(({ orders }) => orders.join() === found.bondOrders.join())!.weight
    expect(weight).toBeCloseTo(heaviest.weight, 10)
    for (const bond of found.bondOrders.keys()) {
      const mean = best.reduce((sum, { orders, weight: share }) => sum + orders[bond]! * share, 0)
      expect(found.resonanceOrders[bond]).toBeCloseTo(mean / total, 5)
    }
    for (const atom of found.formalCharges.keys()) {
      const mean = best.reduce((sum, { charges, weight: share }) => sum + charges[atom]! * share, 0)
      expect(found.resonanceCharges[atom]).toBeCloseTo(mean / total, 5)
    }
  })
})

interface Structure {
  readonly orders: readonly number[]
  readonly charges: readonly number[]
  readonly cost: number
  readonly weight: number
}

/** Every choice of bond orders 1 to 3 between heavy atoms that gives all atoms octets and total charge 0. */
function allStructures({ atomicNumbers, positions }: TestMolecule): Structure[] {
  const bonds = perceiveBonds(atomicNumbers, positions)
  const degrees = new Uint8Array(atomicNumbers.length)
  for (const atom of bonds) degrees[atom]! += 1
  let partial: number[][] = [[]]
  for (let bond = 0; bond < bonds.length; bond += 2) {
    const fixed = atomicNumbers[bonds[bond]!] === 1 || atomicNumbers[bonds[bond + 1]!] === 1
    partial = partial.flatMap((orders) =>
      (fixed ? [1] : [1, 2, 3]).map((order) => [...orders, order]),
    )
  }
  return partial.flatMap((orders): Structure[] => {
    const piBonds = new Uint8Array(atomicNumbers.length)
    let lengthCost = 0
    for (const [bond, order] of orders.entries()) {
      const [first, second] = [bonds[2 * bond]!, bonds[2 * bond + 1]!]
      piBonds[first]! += order - 1
      piBonds[second]! += order - 1
      const numbers = [atomicNumbers[first]!, atomicNumbers[second]!] as const
      if (numbers.includes(1)) continue
      lengthCost += bondLengthCost(...numbers, order, distance(positions, first, second))
    }
    const states = [...atomicNumbers].map((atomicNumber, atom) =>
      valenceStates(atomicNumber, degrees[atom]!).find((state) => state.piBonds === piBonds[atom]),
    )
    const charges = states.map((state) => state?.charge ?? Number.NaN)
    if (charges.reduce((sum, charge) => sum + charge, 0) !== 0) return []
    const cost = states.reduce((sum, state) => sum + state!.cost, 0)
    return [{ orders, charges, cost, weight: Math.exp(-lengthCost) }]
  })
}
