import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readChamps } from '../src/node.ts'

// The shared data lie beside the checkout; they are never part of it.
const data = fileURLToPath(new URL('../../../../shared/data', import.meta.url))
const champs = join(data, 'champs')
const dft = join(data, 'dft')
for (const folder of [champs, dft]) {
  if (!existsSync(folder))
    console.warn(`skipped: tests of real files, since ${folder} is not there`)
}

describe.skipIf(!existsSync(champs))('the competition files', () => {
  it('hold the labelled molecules', async () => {
    const { table, dataset } = await readChamps(champs)
    expect(table.names.length).toBe(908)
    expect(table.pairTypes.length).toBe(48_055)
    expect(table.couplings!.every((coupling) => Number.isFinite(coupling))).toBe(true)
    // Both tables name 85,003 molecules, of which 1,173 have structures.
    expect(dataset.skipped).toEqual({
      'dipole_moments.csv': 83_830,
      'potential_energy.csv': 83_830,
    })
    let known = 0
    let largest = 0
    for (let pair = 0; pair < table.pairTypes.length; pair++) {
      const parts = table.contributions!.subarray(4 * pair, 4 * pair + 4)
      const sum = parts.reduce((total, part) => total + part, 0)
      if (Number.isNaN(sum)) continue
      known++
      largest = Math.max(largest, Math.abs(sum - table.couplings![pair]!))
    }
    expect(known).toBe(999)
    expect(largest).toBeLessThan(0.001)
    // The first row of the file: methane.
    expect(table.names[0]).toBe('dsgdb9nsd_000001')
    expect(table.couplings![0]).toBe(Math.fround(84.8076))
    expect(table.potentialEnergies![0]).toBe(-40.52368)
  })

  it('hold the test molecules', async () => {
    const { table } = await readChamps(champs, { part: 'test' })
    expect(table.names.length).toBe(634)
    expect(table.pairTypes.length).toBe(33_917)
    expect(table.pairIds[0]).toBe(4_658_147)
    expect(table.couplings).toBeUndefined()
  })

  it('hold both, and the random sample', async () => {
    expect((await readChamps(champs, { part: 'all' })).table.names.length).toBe(908 + 634)
    const { table } = await readChamps(champs, { sample: true })
    expect(table.names.length).toBe(850)
    expect(table.names).not.toContain('dsgdb9nsd_000067')
  })

  it('are the same from the cache', async () => {
    const cacheDirectory = join(mkdtempSync(join(tmpdir(), 'couplet-cache-')), 'cache')
    const first = await readChamps(champs, { cacheDirectory })
    expect(await readChamps(champs, { cacheDirectory })).toEqual(first)
  })
})

describe.skipIf(!existsSync(dft))('the files of our own calculations', () => {
  it('are read alike, every pair with its contributions', async () => {
    const { table } = await readChamps(dft)
    expect(table.names.length).toBeGreaterThan(100)
    expect(table.contributions!.every((part) => Number.isFinite(part))).toBe(true)
    expect(table.mullikenCharges!.every((charge) => Number.isFinite(charge))).toBe(true)
    for (let pair = 0; pair < table.pairTypes.length; pair++) {
      const parts = table.contributions!.subarray(4 * pair, 4 * pair + 4)
      expect(
        Math.abs(parts.reduce((total, part) => total + part, 0) - table.couplings![pair]!),
      ).toBeLessThan(0.0011)
    }
  })
})
