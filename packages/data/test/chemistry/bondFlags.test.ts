import { expect, test } from 'vitest'
import { buildTable } from '../../src/buildTable.ts'
import { BOND_FLAGS, bondFlags, perceiveChemistry } from '../../src/chemistry.ts'
import { methane } from '../testMolecules.ts'
import { hexagons } from './hexagons.ts'

const table = buildTable([methane, hexagons('benzene', [[0, 0]])])
const chemistry = perceiveChemistry(table)
const ofBond = (bond: number): number[] => bondFlags(chemistry, bond)

test('a single bond, and an aromatic one in a ring', () => {
  expect(ofBond(0)).toEqual([1, 0, 0, 0, 0, 0, 0])
  expect(ofBond(4)).toEqual([0, 1, 0, 0, 1, 1, 1])
  expect(ofBond(0)).toHaveLength(BOND_FLAGS)
})

test('a bond of unknown order has no order', () => {
  const unknown = { ...chemistry, resonanceOrders: chemistry.resonanceOrders.map(() => Number.NaN) }
  expect(bondFlags(unknown, 0)).toEqual([0, 0, 0, 0, 0, 0, 0])
})
