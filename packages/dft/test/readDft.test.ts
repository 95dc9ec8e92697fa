import { readFile } from 'node:fs/promises'
import {
  assignFolds,
  COUPLING_TYPES,
  coupledPairs,
  dihedral,
  moleculeAt,
  perceiveBonds,
} from '@couplet/data'
import { describe, expect, it } from 'vitest'
import { readDft, readDftOrigins } from '../src/index.ts'
import { chargeErrors, closestGeometries, sumErrors } from '../tools/checks.ts'
import { CARD_END, CARD_START, describeDft } from '../tools/describeDft.ts'
import { FIGURES } from '../tools/figures.ts'
import { groupBy } from '../tools/groupBy.ts'
import { fitKarplus, vicinalPairs } from '../tools/karplus.ts'

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
    expect(Math.max(...sumErrors(table))).toBeLessThan(0.0015)
  })

  it('has neutral molecules: the charges add up to zero', () => {
    // The files have six decimals for each atom.
    expect(Math.max(...chargeErrors(table))).toBeLessThan(1e-4)
  })

  it('has no geometry twice', () => {
    const { names, distance } = closestGeometries(table)
    expect([names, distance > 0.01]).toEqual([names, true])
  })

  it('has an origin for every geometry: converged, stable, with the atoms of its SMILES', () => {
    expect(origins.map((origin) => origin.name)).toEqual(table.names)
    for (const [molecule, origin] of origins.entries()) {
      expect(origin).toMatchObject({ engine: 'psi4', converged: true, stable: true })
      expect(['dft', 'xtb']).toContain(origin.geometry)
      const heavy = Array.from(moleculeAt(table, molecule).atomicNumbers).filter((z) => z > 1)
      // Brackets hold hydrogens and charges; everything else that is a letter is one heavy atom.
      const letters = origin.smiles.replaceAll(/\[([A-Za-z])[^\]]*\]/g, '$1').match(/[CNOFcno]/g)
      const counts = [origin.smiles, letters!.length, heavy.length]
      expect(counts).toEqual([origin.smiles, origin.heavyAtoms, origin.heavyAtoms])
    }
    const minima = origins.filter((origin) => !origin.name.includes('_c'))
    expect(new Set(minima.map((origin) => origin.smiles)).size).toBe(minima.length)
  })

  it('names every geometry after the line of queue.smi that holds its molecule', async () => {
    const queue = await readFile(new URL('../queue.smi', import.meta.url), 'utf8')
    const lines = queue.split('\n').map((line) => line.split(' ')[1])
    for (const { name, smiles } of origins) {
      const line = Number(/^couplet_(\d{6})(_c\d+)?$/.exec(name)![1])
      expect([name, smiles]).toEqual([name, lines[line - 1]])
    }
  })

  it('holds torsions where the origins say', () => {
    const held = origins.flatMap(({ torsion }, molecule) =>
      torsion ? [{ torsion, molecule }] : [],
    )
    expect(held.length).toBeGreaterThan(0)
    for (const { torsion, molecule } of held) {
      const { positions } = moleculeAt(table, molecule)
      const [i, j, k, l] = torsion.atoms as [number, number, number, number]
      const difference = (dihedral(positions, i, j, k, l)! * 180) / Math.PI - torsion.degrees
      // Either side of 180 degrees is near the other.
      expect(Math.abs(((difference + 540) % 360) - 180)).toBeLessThan(0.06)
    }
  })

  it('keeps the conformers and stereoisomers of one constitution in one fold', () => {
    const folds = assignFolds(table)
    const foldOfSmiles = new Map<string, number>()
    for (const [molecule, { smiles }] of origins.entries()) {
      const fold = foldOfSmiles.get(smiles) ?? folds[molecule]!
      expect([smiles, folds[molecule]]).toEqual([smiles, fold])
      foldOfSmiles.set(smiles, fold)
    }
    expect(foldOfSmiles.size).toBeLessThan(origins.length)
    expect(foldOfSmiles.get('C/C=C/F')).toBe(foldOfSmiles.get('C/C=C\\F'))
  })

  it('has 3JHH that follow the dihedral angle as Karplus found', () => {
    const pairs = vicinalPairs(table)
    const { coefficients, explained } = fitKarplus(pairs)
    const [a, b, c] = coefficients as [number, number, number]
    // Measured: A 9, B -1, C 1 hertz, 92 % of the variance; the rest is what the substituents do.
    expect(explained).toBeGreaterThan(0.8)
    expect(a).toBeGreaterThan(5)
    expect(b).toBeLessThan(0)
    expect(c).toBeGreaterThan(0)
    // With the angles dealt out among the couplings nothing is left of it.
    const shifted = pairs.map((pair, index) => ({
      ...pair,
      dihedral: pairs[(index + Math.floor(pairs.length / 2)) % pairs.length]!.dihedral,
    }))
    expect(fitKarplus(shifted).explained).toBeLessThan(0.5)
  })

  it('has 3JHH that follow it within every molecule of several conformers, too', () => {
    const smilesOf = new Map(origins.map(({ name, smiles }) => [name, smiles]))
    const families = [...groupBy(vicinalPairs(table), ({ name }) => smilesOf.get(name)!)].filter(
      ([, pairs]) => new Set(pairs.map(({ name }) => name)).size >= 4,
    )
    expect(families.length).toBeGreaterThan(1)
    for (const [smiles, pairs] of families) {
      const { coefficients, explained } = fitKarplus(pairs)
      const [a, b] = coefficients as [number, number]
      // Measured: A 10, B -1 hertz, 89 and 92 % of the variance in fluoroethane and ethylamine.
      const shape = { a: a > 5 && a < 14, b: b < 0, explained: explained > 0.7 }
      expect([smiles, shape]).toEqual([smiles, { a: true, b: true, explained: true }])
    }
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
  it.each(Array.from(FIGURES))('shows %s as the data give it', async (name, draw) => {
    const figure = await readFile(new URL(`../figures/${name}`, import.meta.url), 'utf8')
    expect(figure).toBe(draw(table))
    expect(await readFile(new URL('../CARD.md', import.meta.url), 'utf8')).toContain(name)
  })
})
