import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { perceiveChemistry } from '../../src/chemistry.ts'
import { parseChamps } from '../../src/parseChamps.ts'
import { validMolecules } from './validMolecules.ts'

/** Geometries of QM9, in the columns of the competition; never part of the checkout. */
const FILE =
  process.env['COUPLET_QM9'] ??
  fileURLToPath(new URL('../../../../../shared/data/qm9/structures_all.csv.gz', import.meta.url))

/** About one molecule in 65 of 130,000, spread evenly by a hash of its number. */
const isSampled = (number: number): boolean => Math.imul(number, 0x9e3779b1) >>> 0 < 2 ** 32 / 65

const there = existsSync(FILE)
if (!there) {
  console.warn(`skipped: ${FILE} is not there. Name QM9's structures_all.csv.gz by COUPLET_QM9.`)
}

describe.skipIf(!there)('perceiveChemistry of QM9', () => {
  it('gives at least 99.5 % of a random sample valid valences and total charge 0', () => {
    const text = gunzipSync(readFileSync(FILE)).toString('latin1')
    const rows = ['molecule_name,atom_index,atom,x,y,z']
    for (const row of text.matchAll(/^dsgdb9nsd_(\d+),.*$/gm)) {
      if (isSampled(Number(row[1]))) rows.push(row[0])
    }
    const { table } = parseChamps(
      new Map([['structures.csv', new TextEncoder().encode(`${rows.join('\n')}\n`)]]),
    )
    expect(table.names.length).toBeGreaterThan(1800)
    const valid = validMolecules(table, perceiveChemistry(table, { onFailure: 'mark' }))
    expect(valid.filter((one) => one === 1).length / valid.length).toBeGreaterThanOrEqual(0.995)
  })
})
