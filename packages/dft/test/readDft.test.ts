import { readFile } from 'node:fs/promises'
import { COUPLING_TYPES, coupledPairs, moleculeAt, perceiveBonds } from '@couplet/data'
import { describe, expect, it } from 'vitest'
import { CARD_END, CARD_START, describeDft } from '../src/describeDft.ts'
import { readDft, readDftOrigins } from '../src/index.ts'

const { table, dataset } = await readDft()
const origins = await readDftOrigins()

describe('the embedded data set', () => {
  it('has a name, and labels, contributions and every other column but shielding tensors', () => {
    expect(dataset.name).toBe('couplet-dft')
    expect(dataset.files.map((file) => file.name)).toEqual([
      'structures.csv',
      'train.csv',
      'scalar_coupling_contributions.csv',
      'mulliken_charges.csv',
      'dipole_moments.csv',
      'potential_energy.csv',
    ])
    expect(Object.values(dataset.skipped).every((rows) => rows === 0)).toBe(true)
    const { couplings, contributions, mullikenCharges, dipoleMoments, potentialEnergies } = table
    for (const column of [couplings, contributions, mullikenCharges, dipoleMoments]) {
      expect(column!.length).toBeGreaterThan(0)
      expect(column!.every((value) => Number.isFinite(value))).toBe(true)
    }
    expect(potentialEnergies!.every((energy) => energy < -40)).toBe(true)
    expect(table.shieldingTensors).toBeUndefined()
  })

  it('holds exactly the pairs that the rule derives from the geometries, in its order', () => {
    for (const [molecule, name] of table.names.entries()) {
      const view = moleculeAt(table, molecule)
      const bonds = perceiveBonds(view.atomicNumbers, view.positions, name)
      const { atoms, types } = coupledPairs(view.atomicNumbers, bonds)
      expect([name, ...view.pairAtoms]).toEqual([name, ...atoms])
      expect([name, ...view.pairTypes]).toEqual([name, ...types])
    }
  })

  it('has couplings that are the sums of their four contributions', () => {
    for (const [pair, coupling] of table.couplings!.entries()) {
      const parts = table.contributions!.subarray(4 * pair, 4 * pair + 4)
      const sum = parts.reduce((total, part) => total + part, 0)
      expect(Math.abs(sum - coupling)).toBeLessThan(0.0015)
    }
  })

  it('has neutral molecules: the charges add up to zero', () => {
    for (const [molecule, name] of table.names.entries()) {
      const [start, end] = [table.atomOffsets[molecule]!, table.atomOffsets[molecule + 1]!]
      const charge = table.mullikenCharges!.subarray(start, end).reduce((sum, one) => sum + one, 0)
      // The files have six decimals for each atom.
      expect([name, Math.abs(charge) < 1e-4]).toEqual([name, true])
    }
  })

  it('has an origin for every molecule: converged, stable, with the atoms of its SMILES', () => {
    expect(origins.map((origin) => origin.name)).toEqual(table.names)
    for (const [molecule, origin] of origins.entries()) {
      expect(origin).toMatchObject({
        geometry: 'dft',
        engine: 'psi4',
        converged: true,
        stable: true,
      })
      const heavy = Array.from(moleculeAt(table, molecule).atomicNumbers).filter((z) => z > 1)
      // Brackets hold hydrogens and charges; everything else that is a letter is one heavy atom.
      const letters = origin.smiles.replaceAll(/\[([A-Z])[^\]]*\]/g, '$1').match(/[CNOFcno]/g)
      const counts = [origin.smiles, letters!.length, heavy.length]
      expect(counts).toEqual([origin.smiles, origin.heavyAtoms, origin.heavyAtoms])
    }
    expect(new Set(origins.map((origin) => origin.smiles)).size).toBe(origins.length)
  })

  it('has the couplings of methane that its symmetry and the sign of each type ask for', () => {
    const { pairTypes, couplings, pairOffsets } = table
    expect([table.names[0], origins[0]!.smiles]).toEqual(['couplet_000001', 'C'])
    const ofType = (type: number): number[] =>
      Array.from(couplings!.subarray(0, pairOffsets[1])).filter(
        (_, pair) => pairTypes[pair] === type,
      )
    const oneBond = ofType(COUPLING_TYPES.indexOf('1JHC'))
    const geminal = ofType(COUPLING_TYPES.indexOf('2JHH'))
    expect([oneBond.length, geminal.length]).toEqual([4, 6])
    // All hydrogens are equivalent; what is left comes from the geometry and the grid.
    for (const equal of [oneBond, geminal]) {
      expect(Math.max(...equal) - Math.min(...equal)).toBeLessThan(0.1)
    }
    expect(Math.min(...oneBond)).toBeGreaterThan(0)
    expect(Math.max(...geminal)).toBeLessThan(0)
  })
})

describe('CARD.md', () => {
  it('has the numbers, checksums and stereoisomers of the files', async () => {
    const card = await readFile(new URL('../CARD.md', import.meta.url), 'utf8')
    const start = card.indexOf(CARD_START)
    const end = card.indexOf(CARD_END)
    expect(start).toBeGreaterThan(0)
    // If this fails after a change of the data: run `pnpm --filter @couplet/dft card`.
    expect(card.slice(start + CARD_START.length, end).trim()).toBe(await describeDft())
  })
})
