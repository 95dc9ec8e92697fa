import { describe, expect, it } from 'vitest'
import { buildTable } from '../../src/buildTable.ts'
import { gasteigerCharges, perceiveChemistry } from '../../src/chemistry.ts'
import { methane, type TestMolecule } from '../testMolecules.ts'
import { GEOMETRIES, geometry } from './geometries.ts'

const chargesOf = (one: TestMolecule): number[] => {
  const table = buildTable([one])
  return [...gasteigerCharges(table, perceiveChemistry(table))]
}

describe('gasteigerCharges', () => {
  // Peer: RDKit 2026.09.1, ComputeGasteigerCharges of the same molecules with all hydrogens.
  it.each([
    ['methane', methane, [-0.0776, 0.0194, 0.0194, 0.0194, 0.0194]],
    ['water', geometry('water'), [-0.4115, 0.2058, 0.2058]],
    ['formamide', geometry('formamide'), [-0.3723, 0.204, -0.2791, 0.1588, 0.1588, 0.1297]],
  ])('equals the peer for %s', (_, one, expected) => {
    const charges = chargesOf(one)
    expect(charges).toHaveLength(expected.length)
    for (const [atom, charge] of expected.entries()) expect(charges[atom]).toBeCloseTo(charge, 3)
  })

  it('adds up to the charge of each molecule in a table of many', () => {
    const molecules = GEOMETRIES.map(geometry)
    const table = buildTable(molecules)
    const charges = gasteigerCharges(table, perceiveChemistry(table))
    for (const [index, one] of molecules.entries()) {
      const own = charges.subarray(table.atomOffsets[index], table.atomOffsets[index + 1])
      expect(own.reduce((sum, charge) => sum + charge, 0)).toBeCloseTo(0, 5)
      expect([...own]).toEqual(chargesOf(one))
    }
  })

  it('puts equal charges on the oxygens of a nitro group of equal bonds, up to their lengths', () => {
    const [, , first, second] = chargesOf(geometry('nitromethane'))
    expect(Math.abs(first! - second!)).toBeLessThan(0.02)
  })
})
