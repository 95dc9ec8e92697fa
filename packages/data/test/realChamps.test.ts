import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { COUPLING_TYPES } from '../src/couplingTypes.ts'
import type { MoleculeTable } from '../src/MoleculeTable.ts'
import { readChamps } from '../src/node.ts'
import { CHAMPS, haveChamps } from './realFiles.ts'

const hasLabels = haveChamps(
  'structures.csv',
  'train.csv',
  'scalar_coupling_contributions.csv',
  'dipole_moments.csv',
  'potential_energy.csv',
)
const hasTest = haveChamps('test.csv')
const hasSample = haveChamps('train_sources.csv')

/** The rows of a file behind its header, split at commas: what the reader is compared with. */
async function rowsOf(file: string): Promise<string[][]> {
  const text = await readFile(join(CHAMPS, file), 'utf8')
  return text
    .trimEnd()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','))
}

/** The fields of every pair as its row has them, in the order of ids. */
function pairRows(table: MoleculeTable): string[] {
  const rows = table.names.flatMap((name, molecule) =>
    Array.from(
      { length: table.pairOffsets[molecule + 1]! - table.pairOffsets[molecule]! },
      (_, index) => {
        const pair = table.pairOffsets[molecule]! + index
        const [first, second] = table.pairAtoms.subarray(2 * pair, 2 * pair + 2)
        const type = COUPLING_TYPES[table.pairTypes[pair]!]
        return [table.pairIds[pair]!, name, first, second, type] as const
      },
    ),
  )
  return rows.toSorted((a, b) => a[0] - b[0]).map((row) => row.join())
}

describe.skipIf(!hasLabels)('the competition files', () => {
  it('are read row by row: pairs, couplings and energies', async () => {
    const { table, dataset } = await readChamps(CHAMPS)
    const rows = (await rowsOf('train.csv')).toSorted((a, b) => Number(a[0]) - Number(b[0]))
    expect(rows.length).toBeGreaterThan(0)
    expect(pairRows(table)).toEqual(rows.map((row) => row.slice(0, 5).join()))
    const couplings = new Map(rows.map((row) => [Number(row[0]), Math.fround(Number(row[5]))]))
    const wrong = table.couplings!.findIndex(
      (coupling, pair) => coupling !== couplings.get(table.pairIds[pair]!),
    )
    expect(wrong).toBe(-1)

    const energies = new Map((await rowsOf('potential_energy.csv')).map(([n, e]) => [n, Number(e)]))
    expect([...table.potentialEnergies!]).toEqual(
      table.names.map((name) => energies.get(name) ?? Number.NaN),
    )
    const known = new Set((await rowsOf('structures.csv')).map(([name]) => name))
    for (const file of ['dipole_moments.csv', 'potential_energy.csv']) {
      const strangers = (await rowsOf(file)).filter(([name]) => !known.has(name))
      expect([file, dataset.skipped[file] ?? 0]).toEqual([file, strangers.length])
    }
  })

  it('have couplings that are the sums of the contributions, where there are any', async () => {
    const { table } = await readChamps(CHAMPS)
    let known = 0
    let largest = 0
    for (let pair = 0; pair < table.pairTypes.length; pair++) {
      const parts = table.contributions!.subarray(4 * pair, 4 * pair + 4)
      const sum = parts.reduce((total, part) => total + part, 0)
      if (Number.isNaN(sum)) continue
      known++
      largest = Math.max(largest, Math.abs(sum - table.couplings![pair]!))
    }
    const names = new Set(table.names)
    const rows = await rowsOf('scalar_coupling_contributions.csv')
    expect(known).toBe(rows.filter(([name]) => names.has(name!)).length)
    expect(largest).toBeLessThan(0.001)
  })

  it.skipIf(!hasTest)('hold the test molecules, without labels', async () => {
    const { table } = await readChamps(CHAMPS, { part: 'test' })
    const rows = (await rowsOf('test.csv')).toSorted((a, b) => Number(a[0]) - Number(b[0]))
    expect(rows.length).toBeGreaterThan(0)
    expect(pairRows(table)).toEqual(rows.map((row) => row.join()))
    expect(table.couplings).toBeUndefined()
  })

  it.skipIf(!hasTest)('hold both parts, which share no molecule', async () => {
    const { table } = await readChamps(CHAMPS, { part: 'all' })
    const rows = [...(await rowsOf('train.csv')), ...(await rowsOf('test.csv'))]
    expect(table.pairTypes.length).toBe(rows.length)
    expect(new Set(table.names)).toEqual(new Set(rows.map(([, name]) => name)))
  })

  it.skipIf(!hasSample)('hold the random sample', async () => {
    const { table } = await readChamps(CHAMPS, { sample: true })
    const sampled = (await rowsOf('train_sources.csv')).filter(
      ([, source]) => source === 'praritagarwal',
    )
    const labelled = new Set((await rowsOf('train.csv')).map(([, name]) => name))
    expect(table.names.length).toBeGreaterThan(0)
    expect(table.names.toSorted()).toEqual(
      sampled.flatMap(([name]) => (labelled.has(name) ? [name!] : [])).toSorted(),
    )
  })

  it('are the same from the cache', async () => {
    const home = mkdtempSync(join(tmpdir(), 'couplet-cache-'))
    onTestFinished(() => rmSync(home, { recursive: true }))
    const cacheDirectory = join(home, 'cache')
    const first = await readChamps(CHAMPS, { cacheDirectory })
    expect(await readChamps(CHAMPS, { cacheDirectory })).toEqual(first)
  })
})
