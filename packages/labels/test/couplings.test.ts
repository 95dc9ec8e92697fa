import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findLabelProgram, labelMolecule, type LabelRecord } from '../src/index.ts'
import { REFERENCE_MOLECULES } from '../src/referenceMolecules.ts'

interface Reference {
  readonly energy: number
  /** By the atoms of the pair: fc, sd, pso, dso in hertz. */
  readonly couplings: Readonly<Record<string, readonly number[]>>
}

/** Our own values, from equations solved a hundred times more tightly. */
const REFERENCE = JSON.parse(
  readFileSync(new URL('reference.json', import.meta.url), 'utf8'),
) as Record<string, Reference>

/** Values of NWChem 7.0.2 (`couplet label-check --against nwchem`), as above. */
const NWCHEM = JSON.parse(readFileSync(new URL('nwchem.json', import.meta.url), 'utf8')) as Record<
  string,
  Reference['couplings']
>

const program = await findLabelProgram().catch((error: Error) => {
  console.warn(`skipped, since couplings cannot be computed here: ${error.message}`)
})

let scratch: string
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'labels-'))
})
afterAll(() => rmSync(scratch, { recursive: true }))

const records = new Map<string, Promise<LabelRecord>>()
function label(name: string): Promise<LabelRecord> {
  const known = records.get(name)
  if (known) return known
  const input = REFERENCE_MOLECULES.find((molecule) => molecule.name === name)!
  const limits = { seconds: 600, memoryMb: 2000, scratch }
  const record = labelMolecule(input, { ...program!, optimise: 'none' }, limits)
  records.set(name, record)
  return record
}

describe.skipIf(!program)('couplings by Psi4', () => {
  test.each(Object.keys(REFERENCE))(
    '%s has the values of the reference',
    { timeout: 600_000 },
    async (name) => {
      const { pairs, energy, failure, calculation } = await label(name)
      expect(failure).toBeUndefined()
      expect(calculation!['stable']).toBe(true)
      expect(energy).toBeCloseTo(REFERENCE[name]!.energy, 6)
      expect(Object.fromEntries(pairs.map(({ atoms }) => [atoms.join(' '), 0]))).toEqual(
        Object.fromEntries(Object.keys(REFERENCE[name]!.couplings).map((pair) => [pair, 0])),
      )
      for (const { atoms, fc, sd, pso, dso } of pairs) {
        const known = REFERENCE[name]!.couplings[atoms.join(' ')]!
        for (const [index, value] of [fc, sd, pso, dso].entries()) {
          expect(Math.abs(value - known[index]!)).toBeLessThan(0.005)
        }
      }
    },
  )

  test.each(['methane', 'ammonia', 'water', 'ethyne'])(
    'equal pairs of %s have equal couplings within 0.02 Hz',
    { timeout: 600_000 },
    async (name) => {
      const { pairs } = await label(name)
      for (const wanted of new Set(pairs.map(({ type }) => type))) {
        const equal = pairs.filter(({ type }) => type === wanted)
        const values = equal.map(({ fc, sd, pso, dso }) => fc + sd + pso + dso)
        expect(Math.max(...values) - Math.min(...values)).toBeLessThan(0.02)
      }
    },
  )

  test.each(Object.keys(NWCHEM))('%s agrees with NWChem', { timeout: 600_000 }, async (name) => {
    const { pairs } = await label(name)
    expect(pairs).toHaveLength(Object.keys(NWCHEM[name]!).length)
    for (const { atoms, fc, sd, pso, dso } of pairs) {
      const known = NWCHEM[name]![atoms.join(' ')]!.reduce((sum, part) => sum + part, 0)
      // The grids of the two programs differ by up to 0.03 Hz here.
      expect(Math.abs(fc + sd + pso + dso - known)).toBeLessThan(0.05)
    }
  })
})
