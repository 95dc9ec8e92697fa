import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { getPriority, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readChamps } from '@couplet/data/node'
import {
  labelMolecules,
  type LabelInput,
  type LabelOptions,
  type LabelSummary,
} from '../src/index.ts'
import { REFERENCE_MOLECULES } from '../src/referenceMolecules.ts'

const FAKE = fileURLToPath(new URL('fakeWorker.mjs', import.meta.url))
const METHANE = REFERENCE_MOLECULES.find(({ name }) => name === 'methane')!
const WATER = REFERENCE_MOLECULES.find(({ name }) => name === 'water')!

let out: string
let log: string
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'labels-'))
  log = join(out, 'steps.log')
})
afterEach(() => rmSync(out, { recursive: true }))

const label = (
  behaviour: string,
  options: Partial<LabelOptions> = {},
  molecules: readonly LabelInput[] = [WATER, METHANE],
): Promise<LabelSummary> =>
  labelMolecules(molecules, {
    command: [process.execPath, FAKE, behaviour, log],
    versions: { psi4: 'fake' },
    optimise: 'none',
    out,
    seconds: 60,
    ...options,
  })
const text = (file: string): string => readFileSync(join(out, file), 'utf8')
const steps = (): string[] => text('steps.log').trim().split('\n')

/** What a hanging step started runs no longer. */
async function expectChildGone(): Promise<void> {
  const child = Number(
    steps()
      .find((line) => line.startsWith('child'))!
      .split(' ')[1],
  )
  // A killed process may stay a zombie until its new parent looks.
  const state = (): string =>
    existsSync(`/proc/${child}/stat`)
      ? readFileSync(`/proc/${child}/stat`, 'latin1').split(') ')[1]![0]!
      : 'gone'
  await expect.poll(() => ['gone', 'Z', 'X'].includes(state()), { timeout: 5000 }).toBe(true)
}

test('writes columns that the reader of the competition reads back', async () => {
  const { records, stopped } = await label('good', { jobs: 2 })
  expect(records.map(({ failure }) => failure)).toEqual([undefined, undefined])
  expect(stopped).toBe(false)
  const { table } = await readChamps(out)
  expect(table.names).toEqual(['water', 'methane'])
  expect(table.pairTypes).toHaveLength(11)
  expect(Array.from(table.pairAtoms.subarray(0, 4))).toEqual([1, 2, 1, 0])
  expect(table.couplings![0]).toBeCloseTo(102.875, 4)
  expect(Array.from(table.contributions!.subarray(0, 4))).toEqual([102, 0.5, 0.25, 0.125])
  expect(table.potentialEnergies![1]).toBe(-40)
  expect(text('failures.csv')).toBe('molecule_name,source,reason\n')
  expect(readdirSync(out).toSorted()).toEqual([
    'dipole_moments.csv',
    'failures.csv',
    'molecules.csv',
    'mulliken_charges.csv',
    'potential_energy.csv',
    'records',
    'scalar_coupling_contributions.csv',
    'steps.log',
    'structures.csv',
    'train.csv',
  ])
})

test('a record that cannot be written ends the other molecules under way, and blames none', async () => {
  const failing = label(
    'hang',
    {
      jobs: 2,
      onProgress({ running }) {
        if (!running.includes('second')) return
        // Water hangs by now; a folder stands where the next record is to go.
        while (!text('steps.log').includes('child')) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
        }
        mkdirSync(join(out, 'records/second.json/full'), { recursive: true })
      },
    },
    [WATER, METHANE, { ...METHANE, name: 'second' }, { ...WATER, name: 'last' }],
  )
  await expect(failing).rejects.toThrow(/second\.json/)
  await expectChildGone()
  expect(readdirSync(join(out, 'records')).toSorted()).toEqual(['methane.json', 'second.json'])
  expect(readdirSync(out)).not.toContain('.scratch')
  expect(steps().filter((line) => line === 'couplings OHH')).toHaveLength(1)
})

test('adds to the niceness of the process', async () => {
  const own = getPriority()
  setPriority(Math.min(19, own + 1))
  try {
    const { records } = await label('priority', { nice: 3 }, [WATER])
    expect(records[0]!.failure).toBe(`priority ${Math.min(19, own + 4)}`)
  } finally {
    try {
      setPriority(own)
    } catch {
      // Only root may raise it again.
    }
  }
})

test('does not replace a data set of other making', async () => {
  const foreign = join(out, 'champs')
  mkdirSync(foreign)
  writeFileSync(join(foreign, 'train.csv'), 'mine')
  await expect(label('good', { out: foreign })).rejects.toThrow(
    /champs holds train\.csv of other making/,
  )
  expect(readdirSync(foreign)).toEqual(['train.csv'])
  expect(readFileSync(join(foreign, 'train.csv'), 'utf8')).toBe('mine')
})

describe('what goes wrong with one molecule is listed and leaves the other alone', () => {
  test.each([
    ['crash', 'exit code 9: Segmentation of the second line'],
    ['silent', 'it left no result'],
    ['garbage', 'its result is not JSON'],
    ['list', 'its result is no JSON object'],
    ['error', 'the ground state did not converge'],
    ['short', 'its couplings do not belong to the pairs'],
    ['huge', 'a coupling of 9999 Hz: beyond 500 Hz'],
    ['null', 'its result lacks a number'],
  ])('%s', async (behaviour, reason) => {
    const { records } = await label(behaviour)
    expect(records[0]!.failure).toBe(reason)
    expect(text('failures.csv')).toContain(`water,reference,${reason}\n`)
    for (const file of ['train.csv', 'structures.csv', 'mulliken_charges.csv', 'molecules.csv']) {
      expect(text(file)).not.toContain('water')
      expect(text(file)).toContain('methane')
    }
  })

  test('an unstable ground state has no labels', async () => {
    const { records } = await label('unstable')
    expect(records[0]!.failure).toBe('triplet instability of the ground state')
  })

  test('the time limit ends the step and what it started', async () => {
    const { records } = await label('hang', { seconds: 2 })
    expect(records[0]!.failure).toBe('time limit of 2 s')
    await expectChildGone()
  })

  test.runIf(process.platform === 'linux')('the memory limit ends the step', async () => {
    const { records } = await label('memory', { memoryMb: 600 })
    expect(records[0]!.failure).toBe('memory limit of 600 MB')
  })

  test('an odd number of electrons, before anything is computed', async () => {
    const hydroxyl = {
      ...WATER,
      name: 'hydroxyl',
      elements: WATER.elements.slice(0, 2),
      positions: WATER.positions.slice(0, 2),
    }
    const { records } = await label('good', {}, [hydroxyl])
    expect(records[0]!.failure).toContain('odd number of electrons')
    expect(existsSync(log)).toBe(false)
  })

  test('a molecule that could not be read', async () => {
    const refused = { name: 'salt', source: '[Na+].[Cl-]', refused: 'Na is not among the elements' }
    const { records } = await labelMolecules([refused, METHANE], {
      command: [process.execPath, FAKE, 'good', log],
      versions: {},
      optimise: 'none',
      out,
    })
    expect(records[0]!.failure).toBe('Na is not among the elements')
    expect(text('failures.csv')).toContain('salt,[Na+].[Cl-],Na is not among the elements')
  })
})

describe('geometries', () => {
  test('are optimised first, and their pairs belong to them', async () => {
    const { records } = await label('loose', { optimise: 'dft' })
    expect(steps()).toEqual(['geometry OHH', 'couplings OHH', 'geometry CHHHH', 'couplings CHHHH'])
    expect(records[0]!.notes).toEqual(['geometry not converged'])
    expect(records[1]!.notes).toEqual([])
    expect(records[1]!.cost).toMatchObject({ geometry: 1, couplings: 1 })
  })

  test('whose bonds changed have no labels', async () => {
    const { records } = await label('stretch', { optimise: 'xtb' })
    expect(records[0]!.failure).toBe('bonds changed while the geometry was optimised')
  })
})

describe('held torsions', () => {
  // Oxygens in a row, each with a hydrogen: the dihedral angle is 60 degrees.
  const PEROXIDE: LabelInput = {
    name: 'peroxide_c1',
    source: 'OO',
    smiles: 'OO',
    elements: ['O', 'O', 'H', 'H'],
    positions: [
      [0, 0, 0],
      [1.45, 0, 0],
      [-0.2, 0.95, 0],
      [1.65, 0.475, 0.8227],
    ],
    torsion: { atoms: [2, 0, 1, 3], degrees: 60 },
  }
  const hold = (behaviour: string, options: Partial<LabelOptions> = {}): Promise<LabelSummary> =>
    label(behaviour, { optimise: 'xtb', ...options }, [PEROXIDE])

  test('are told to the program, and their angle to the reader of the record', async () => {
    const { records } = await hold('good')
    expect(steps()[0]).toBe('geometry OOHH 2-0-1-3 60')
    expect(records[0]!.torsion).toMatchObject({ atoms: [2, 0, 1, 3], degrees: 60 })
    expect(records[0]!.torsion!.found).toBeCloseTo(60, 1)
    expect(text('molecules.csv').split('\n')[1]).toMatch(
      /^peroxide_c1,OO,2,xtb:2-0-1-3:60.0,psi4,True,True,2.0,OO,/,
    )
  })

  test('that did not stay at their angle have no labels', async () => {
    const { records } = await hold('mirror')
    expect(records[0]!.failure).toBe('the torsion was to be held at 60 degrees, but is at -60.0')
  })

  test('are another question at another angle', async () => {
    await hold('good')
    const other = { ...PEROXIDE, torsion: { atoms: [2, 0, 1, 3], degrees: 61 } }
    await expect(label('good', { optimise: 'xtb' }, [other])).rejects.toThrow('is about another')
  })

  test('need xtb', async () => {
    await expect(hold('good', { optimise: 'dft' })).rejects.toThrow('Add --optimise xtb')
    await expect(hold('good', { versions: { xtb: null } })).rejects.toThrow('xtb is not installed')
    expect(readdirSync(out)).toEqual([])
  })
})

describe('a second call', () => {
  test('goes on where the first ended, and repeats failures on request alone', async () => {
    await label('crash')
    const record = text('records/methane.json')
    expect(steps()).toHaveLength(2)
    expect((await label('good')).kept).toBe(2)
    expect(steps()).toHaveLength(2)
    const { records, kept } = await label('good', { retryFailed: true })
    expect(kept).toBe(1)
    expect(steps()).toHaveLength(3)
    expect(records[0]!.failure).toBeUndefined()
    expect(text('records/methane.json')).toBe(record)
  })

  test('with other molecules adds them to the data set', async () => {
    await label('good', {}, [METHANE])
    const { records } = await label('good', {}, [WATER])
    expect(records.map(({ name }) => name)).toEqual(['water'])
    expect((await readChamps(out)).table.names).toEqual(['water', 'methane'])
  })

  test('computes a damaged record anew', async () => {
    await label('good')
    writeFileSync(join(out, 'records/water.json'), text('records/water.json').slice(0, 100))
    expect((await label('good')).kept).toBe(1)
    expect(JSON.parse(text('records/water.json'))).toMatchObject({ name: 'water' })
  })

  test('refuses records of another question', async () => {
    await label('good')
    await expect(label('good', { optimise: 'dft' })).rejects.toThrow('another --optimise')
  })

  test('clears away what a killed process left, and keeps off the folder of one that works', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    mkdirSync(join(out, '.scratch', String(gone), 'step-x'), { recursive: true })
    expect((await label('good')).stopped).toBe(false)
    expect(readdirSync(out)).not.toContain('.scratch')
    mkdirSync(join(out, '.scratch', String(process.ppid)), { recursive: true })
    await expect(label('good')).rejects.toThrow(`process ${process.ppid} is labelling in`)
  })

  test('after a stop finds what was finished', async () => {
    const controller = new AbortController()
    const stopped = await labelMolecules([METHANE, WATER], {
      command: [process.execPath, FAKE, 'hang', log],
      versions: {},
      optimise: 'none',
      out,
      signal: controller.signal,
      onProgress: ({ done, running }) => {
        if (done === 1 && running[0] === 'water') setTimeout(() => controller.abort(), 300)
      },
    })
    expect(stopped.stopped).toBe(true)
    expect(readdirSync(join(out, 'records'))).toEqual(['methane.json'])
    expect(text('train.csv')).toContain('methane')
    expect((await label('good')).kept).toBe(1)
  })
})
