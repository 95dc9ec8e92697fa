import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { foldKey, moleculeAt, selectMolecules, type MoleculeTable } from '@couplet/data'
import { fit, formatCheckpoint, parseCheckpoint } from '@couplet/model'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EMBEDDED, readDataset, type Dataset } from '../src/Dataset.ts'
import { ENTRIES, entryOf } from '../src/entries.ts'
import { splitOf, type RunPlan } from '../src/Run.ts'
import { runJob, settingsOf, withoutShared, withShare } from '../src/study/StudyJob.ts'
import { plannedParts, predictingHours } from '../src/study/studyPlan.ts'
import { SWAPS } from '../src/study/swaps.ts'
import { committedResults } from '../src/results.ts'
import { callCouplet } from './callCouplet.ts'

let folder: string
let dataset: Dataset
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'couplet-'))
  dataset = await readDataset(EMBEDDED)
})
afterAll(() => rmSync(folder, { recursive: true }))

const keysOf = (table: MoleculeTable): Set<string> =>
  new Set(table.names.map((_, molecule) => foldKey(table, molecule)))

describe('a share of the training molecules', () => {
  it('keeps the held-out molecules, and constitutions whole', () => {
    const all = splitOf(dataset.table, '0')
    const part = splitOf(withShare(dataset, '0', 0.4).table, '0')
    expect(part.test!.names).toEqual(all.test!.names)
    const [some, every] = [keysOf(part.train), keysOf(all.train)]
    expect(some.size).toBe(Math.round(0.4 * every.size))
    const ofSome = all.train.names.filter((_, molecule) => some.has(foldKey(all.train, molecule)))
    expect(part.train.names).toEqual(ofSome)
  })

  it('is a part of every larger share, and other data than these by its checksum', () => {
    const small = withShare(dataset, '0', 0.2)
    const large = new Set(withShare(dataset, '0', 0.5).table.names)
    expect(small.table.names.every((name) => large.has(name))).toBe(true)
    const sums = [dataset, small, withShare(dataset, '0', 0.5), withShare(dataset, '1', 0.5)]
    expect(new Set(sums.map(({ sha256 }) => sha256)).size).toBe(4)
  })
})

it('leaves out what other data have, conformers too', () => {
  const other = withShare(dataset, '0', 0.5)
  const rest = withoutShared(dataset, other)
  const shared = keysOf(other.table)
  expect([...keysOf(rest.table)].some((key) => shared.has(key))).toBe(false)
  expect(keysOf(rest.table).size + shared.size).toBe(keysOf(dataset.table).size)
})

it('leaves out a molecule that files of the competition have', async () => {
  const hydrogens = [
    [1, 1, 1],
    [-1, -1, 1],
    [-1, 1, -1],
    [1, -1, -1],
  ].map((direction) => direction.map((value) => 0.63 * value))
  const structures = ['C,0,0,0', ...hydrogens.map((place) => ['H', ...place].join(','))]
  writeFileSync(
    join(folder, 'structures.csv'),
    [
      'molecule_name,atom_index,atom,x,y,z',
      ...structures.map((line, atom) => `dsgdb9nsd_000001,${atom},${line}`),
      '',
    ].join('\n'),
  )
  const pairs = [1, 2, 3, 4].flatMap((one) => [
    `${one},0,1JHC,84.8`,
    ...[1, 2, 3, 4].filter((other) => other > one).map((other) => `${one},${other},2JHH,-11.3`),
  ])
  writeFileSync(
    join(folder, 'train.csv'),
    [
      'id,molecule_name,atom_index_0,atom_index_1,type,scalar_coupling_constant',
      ...pairs.map((pair, id) => `${id},dsgdb9nsd_000001,${pair}`),
      '',
    ].join('\n'),
  )
  const { table } = withoutShared(dataset, await readDataset(folder))
  const kept = new Set(table.names)
  const dropped = [...dataset.table.names.keys()].filter(
    (molecule) => !kept.has(dataset.table.names[molecule]!),
  )
  expect(dropped.map((molecule) => [...moleculeAt(dataset.table, molecule).atomicNumbers])).toEqual(
    [[6, 1, 1, 1, 1]],
  )
})

it('trains the run that couplet train finds', async () => {
  const job = { entry: 'median', data: EMBEDDED, fold: '0', seed: 1, budget: 60 } as const
  const { folder: own } = await runJob(job, join(folder, 'runs'), {
    signal: new AbortController().signal,
    onKept: () => {},
  })
  const call = await callCouplet(folder, ['train', 'median', '--budget', '60', '--json'])
  const [run] = (JSON.parse(call.stdout) as { runs: string[] }).runs
  expect(basename(run!)).toBe(basename(own))
})

it('trains for given epochs without measuring the speed', async () => {
  const job = { entry: 'mpnn', data: EMBEDDED, fold: '0', seed: 2, budget: 77 } as const
  const runs = join(folder, 'given')
  const interruption = { signal: new AbortController().signal, onKept: () => {} }
  const { folder: run } = await runJob({ ...job, share: 0.02, epochs: [2] }, runs, interruption)
  const { budget, recipe } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as RunPlan
  expect(budget).toBe(77)
  expect(recipe.map(({ epochs }) => epochs)).toEqual([2])
  expect(readdirSync(runs)).toEqual([basename(run)])
}, 60_000)

describe('swaps', () => {
  it.each(SWAPS.map((swap) => [swap.name, swap] as const))(
    '%s changes one setting of its entry and nothing else',
    (name, { entry, to }) => {
      const job = { entry, data: EMBEDDED, fold: '0', seed: 1, budget: 1 } as const
      const own = settingsOf(job, entryOf(entry))
      const swapped = settingsOf({ ...job, swap: name }, entryOf(entry))
      const [setting] = to.split('=') as [string]
      const flat = ({ config, recipe }: typeof own): Map<string, string> =>
        new Map([
          ...Object.entries(config).map(([key, value]) => [key, String(value)] as const),
          ...recipe.flatMap(({ loss, ...phase }) =>
            Object.entries({ ...phase, ...loss }).map(
              ([key, value]) => [key, String(value)] as const,
            ),
          ),
        ])
      const [before, after] = [flat(own), flat(swapped)]
      const changed = [...after].filter(([key, value]) => before.get(key) !== value)
      expect(changed.map(([key, value]) => `${key}=${value}`)).toEqual([to])
      const model = entryOf(entry)
      const switches = model.kind === 'network' ? (model.switches ?? []) : []
      expect([...before.keys(), ...switches]).toContain(setting)
    },
  )

  it.each(SWAPS.map(({ name, entry }) => [name, entry] as const))(
    '%s leaves a network that can be read back',
    async (swap, entry) => {
      const model = entryOf(entry)
      const job = { entry, data: EMBEDDED, fold: '0', seed: 1, budget: 1, swap } as const
      const few = selectMolecules(dataset.table, [...dataset.table.names.keys()].slice(0, 30))
      const trained = await fit(model, few, {
        ...settingsOf(job, model),
        seed: 1,
        signal: AbortSignal.abort(),
      })
      const back = parseCheckpoint(formatCheckpoint(trained), [model], 'a file').trained
      expect(back.config).toEqual(trained.config)
    },
    60_000,
  )

  it('refuse names that are none', () => {
    const job = { entry: 'megnet', data: EMBEDDED, fold: '0', seed: 1, budget: 1 } as const
    expect(() => settingsOf({ ...job, swap: 'luck' }, entryOf('megnet'))).toThrow('no swap luck')
  })
})

describe('the plan', () => {
  it('counts a training once, and its core-seconds', () => {
    const networks = ENTRIES.filter(({ kind }) => kind === 'network').length
    const parts = plannedParts()
    const [sample] = parts
    expect(sample).toMatchObject({ dataset: 'champs-sample', trainings: 5 * ENTRIES.length })
    expect(sample!.coreHours).toBeCloseTo((networks * 5 * 300) / 3600)
    const ours = parts.filter(({ dataset: name }) => name === 'couplet-dft')
    // Five sizes of three seeds; of the largest, all of seed 1 and two seeds of the best five are trained before.
    const sizes = networks * (4 * 3 + 3) - networks - 2 * 5
    // And once with an eighth, a quarter and a half of the core-seconds.
    const seconds = 120 * (sizes + networks * 0.875)
    expect(ours.find(({ part }) => part === 'sizes')!.coreHours).toBeCloseTo(seconds / 3600)
    expect(ours.find(({ part }) => part === 'swaps')!.trainings).toBe(5 * SWAPS.length)
  })

  it('takes the speed of predicting from the published results', async () => {
    const results = await committedResults(EMBEDDED)
    const { hours, unknown } = predictingHours(results)
    expect(hours).toBeGreaterThan(0)
    const published = new Set(results.map(({ entry }) => entry.id))
    expect(unknown).toBe(ENTRIES.filter(({ entry }) => !published.has(entry.id)).length)
    expect(predictingHours([])).toEqual({ hours: 0, unknown: ENTRIES.length })
  })
})
