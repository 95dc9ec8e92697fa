import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COUPLING_TYPES } from '@couplet/data'
import { groupErrors } from '@couplet/eval'
import { readResult, readStudy, writeResult } from '@couplet/eval/node'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { EMBEDDED, readDataset } from '../src/Dataset.ts'
import { RESULTS_DIRECTORY, resultPaths, studyPath } from '../src/results.ts'
import type { Run } from '../src/Run.ts'
import { staleStudies } from '../src/study/staleStudies.ts'
import { completeRuns } from '../src/study/completeRuns.ts'
import { outOfFold } from '../src/study/outOfFold.ts'
import { pairedChange, type PairedChange } from '../src/study/pairedChange.ts'
import { findRun, type StudyJob } from '../src/study/StudyJob.ts'
import { studyCost } from '../src/study/studyCost.ts'
import { studyEnsembles } from '../src/study/studyEnsembles.ts'
import { studyErrors } from '../src/study/studyErrors.ts'
import { studyRanks } from '../src/study/studyRanks.ts'
import { mainJobs, studyTrain } from '../src/study/studyTrain.ts'
import { studyTransfer } from '../src/study/studyTransfer.ts'
import { callCouplet, type Call } from './callCouplet.ts'

let folder = ''
let results = ''
const call = (...args: string[]): Promise<Call> => callCouplet(folder, args)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-studies-'))
  results = join(folder, 'results')
  for (const name of ['label-noise.json', 'history-sources.json']) {
    await cp(join(RESULTS_DIRECTORY, name), join(results, name))
  }
})
afterAll(() => rm(folder, { recursive: true }))

/** Calls a command in this process, which is faster than one of its own. */
async function quietly(work: () => Promise<void>): Promise<string> {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  try {
    await work()
  } finally {
    log.mockRestore()
  }
  return lines.join('\n')
}

/** Writes molecules of the embedded data set as the competition's files. */
async function writeCompetition(directory: string, molecules: number): Promise<void> {
  const { table } = await readDataset(EMBEDDED)
  const structures = ['molecule_name,atom_index,atom,x,y,z']
  const train = ['id,molecule_name,atom_index_0,atom_index_1,type,scalar_coupling_constant']
  const symbols = new Map([1, 6, 7, 8, 9].map((number, place) => [number, 'HCNOF'[place]!]))
  for (const [molecule, name] of [...table.names.entries()].slice(0, molecules)) {
    const [first, end] = [table.atomOffsets[molecule]!, table.atomOffsets[molecule + 1]!]
    for (let atom = first; atom < end; atom++) {
      const symbol = symbols.get(table.atomicNumbers[atom]!)
      const place = table.positions.subarray(3 * atom, 3 * atom + 3).join(',')
      structures.push(`${name},${atom - first},${symbol},${place}`)
    }
    for (let pair = table.pairOffsets[molecule]!; pair < table.pairOffsets[molecule + 1]!; pair++) {
      const atoms = table.pairAtoms.subarray(2 * pair, 2 * pair + 2)
      const type = COUPLING_TYPES[table.pairTypes[pair]!]
      train.push(`${train.length - 1},${name},${atoms.join(',')},${type},${table.couplings![pair]}`)
    }
  }
  await mkdir(directory)
  await writeFile(join(directory, 'structures.csv'), `${structures.join('\n')}\n`)
  await writeFile(join(directory, 'train.csv'), `${train.join('\n')}\n`)
}

describe('studies', () => {
  test('train what is missing, and publish it with predictions', async () => {
    for (const entry of ['median', 'karplus']) {
      expect((await call('train', entry, '--fold', 'all')).code).toBe(0)
    }
    const runs = join(folder, 'runs')
    const gone = (await readdir(runs)).find((name) => name.startsWith('median-couplet-dft-3'))!
    await rm(join(runs, gone), { recursive: true })
    const train = ['study', 'train', '--entries', 'median,karplus', '--results', results]
    const plan = await call(...train, '--plan')
    expect(plan.stdout).toMatch(/median +1 training  +0.00 core-hours\n1 of 10 trainings are not/)
    expect(await readdir(runs)).not.toContain(gone)
    const { code, stdout, stderr } = await call(...train)
    expect(stderr).toContain('10 of 10 are complete')
    expect(stderr).toContain('2 results written, 0 already there')
    expect(stdout).toContain('Next: couplet study ranks')
    expect(code).toBe(0)
    expect(await readdir(runs)).toContain(gone)
  }, 600_000)

  test('keep the points of learning curves that are written, of the same settings alone', async () => {
    const sizes = ['study', 'sizes', '--results', results]
    const path = studyPath(results, 'sizes', EMBEDDED)
    const read = () => readStudy('sizes', path)!
    const first = await call(...sizes, '--entries', 'median')
    expect(first.code).toBe(0)
    const points = read().entries.find(({ entry }) => entry === 'median')!.points
    expect(points).toHaveLength(5)
    // The runs are gone, and another entry is asked for.
    const elsewhere = ['--runs', join(folder, 'elsewhere')]
    const plan = await call(...sizes, '--entries', 'median,karplus', '--plan', ...elsewhere)
    expect(plan.stderr).toContain('5 of 10 trainings are in')
    expect(plan.stdout).toMatch(/^karplus +5 trainings/)
    expect((await call(...sizes, '--entries', 'karplus', ...elsewhere)).code).toBe(0)
    expect(read().entries.map(({ entry }) => entry)).toEqual(['median', 'karplus'])
    expect(read().entries[0]!.points).toEqual(points)
    expect(read().partial).toContain('trainings are missing: mpnn')
    const text = await readFile(path, 'utf8')
    const [, settings] = /"settings": "(\w+)"/.exec(text)!
    await writeFile(path, text.replace(settings!, '0123456789abcdef'))
    const again = await call(...sizes, '--entries', 'median,karplus', '--plan', ...elsewhere)
    expect(again.stdout).toMatch(/^median +5 trainings/)
    await rm(path)
  }, 600_000)

  test('compare what is published, and say what is not there', async () => {
    const work = { studyRanks, studyEnsembles, studyErrors, studyCost }
    for (const study of Object.values(work)) {
      const printed = await quietly(() => study({ data: EMBEDDED, results }))
      expect(printed).toContain('Partial: without a result yet: mpnn')
    }
    const ranks = readStudy('ranks', studyPath(results, 'ranks', EMBEDDED))!
    expect(ranks.entries.map(({ entry }) => entry)).toEqual(['karplus', 'median'])
    expect(ranks.differences[0]).toMatchObject({ better: 'karplus', separated: true })
    expect(ranks.probabilityBetter[0]![1]).toBe(1)
    const { ensembles } = readStudy('ensembles', studyPath(results, 'ensembles', EMBEDDED))!
    expect(ensembles.map(({ protocol }) => protocol)).toContain('rows-2021')
    // Means over types cannot improve the Karplus equation by much, nor may they spoil it.
    const [first] = ensembles
    expect(Math.abs(first!.gain.value)).toBeLessThan(0.02)
    const errors = readStudy('errors', studyPath(results, 'errors', EMBEDDED))!
    const rings = errors.slices.filter(({ property }) => property === 'ring size')
    expect(rings.map(({ value }) => value)).toContain('no ring')
    expect(errors.hardest).toHaveLength(20)
    const cost = readStudy('cost', studyPath(results, 'cost', EMBEDDED))!
    expect(cost.entries.map(({ entry }) => entry)).toEqual(['median', 'karplus'])
    expect(cost.labels.molecules).toBe(cost.counts.molecules)
  }, 600_000)

  test('are stale when a file behind them changes or another result is there', async () => {
    expect(await staleStudies(results, [EMBEDDED])).toEqual([])
    const predictions = join(results, EMBEDDED, 'predictions', 'median.csv')
    const before = await readFile(predictions)
    await appendFile(predictions, '\n')
    const changed = await staleStudies(results, [EMBEDDED])
    expect(changed.map(({ study }) => study)).toEqual(['ranks', 'ensembles', 'errors', 'cost'])
    expect(changed[0]!.reason).toContain('another couplet-dft/predictions/median.csv')
    await rm(predictions)
    expect((await staleStudies(results, [EMBEDDED]))[0]!.reason).toContain('not there any more')
    await writeFile(predictions, before)
    await cp(
      join(results, EMBEDDED, 'karplus.json'),
      join(results, EMBEDDED, 'seeds', 'karplus-2.json'),
    )
    const lacking = await staleStudies(results, [EMBEDDED])
    expect(lacking[0]!.reason).toContain('lacks')
    // Studies of predictions are of main seeds.
    expect(lacking.map(({ study }) => study)).toEqual(['ranks', 'cost'])
  })

  test('count a further seed only where it is one', async () => {
    // The copy of before is no second seed but the first again.
    expect(await quietly(() => studyRanks({ data: EMBEDDED, results }))).toContain(
      'without further seeds of another version or setting: karplus',
    )
    const { entries } = readStudy('ranks', studyPath(results, 'ranks', EMBEDDED))!
    expect(entries.map(({ seeds }) => seeds)).toEqual([[1], [1]])
  })

  test('give comparisons of one seed the spread that others show', async () => {
    const dataset = await readDataset(EMBEDDED)
    const complete = await completeRuns(join(folder, 'runs'))
    const jobs = mainJobs(dataset, { entries: ['karplus', 'median'], seeds: [1] })
    const runOf = (job: StudyJob): Run => findRun(job, dataset, complete)!
    const found = new Map(jobs.map((job) => [job, runOf(job)]))
    const [before, after] = ['karplus', 'median'].map((id) =>
      jobs.filter((job) => job.entry === id),
    )
    const pairing = { seeds: [1], before: before!, after: after!, lenders: [], comparisons: 1 }
    const alone = await pairedChange(dataset, found, pairing)
    const seeds = [
      await outOfFold(before!.map(runOf), dataset),
      await outOfFold(after!.map(runOf), dataset),
    ]
    const lent = await pairedChange(dataset, found, {
      ...pairing,
      lenders: [{ entry: 'lender', seeds }],
    })
    const groups = { entry: 'lender', seeds: seeds.map((table) => groupErrors(table)) }
    const ofGroups = await pairedChange(dataset, found, { ...pairing, lenders: [groups] })
    expect(ofGroups!.difference.value).toBeCloseTo(lent!.difference.value, 12)
    const width = ({ low, high }: PairedChange['atOnce']): number => high - low
    expect(lent!.difference.value).toBeCloseTo(alone!.difference.value, 12)
    expect(alone!.difference.low).toBeGreaterThan(0)
    expect(width(lent!.difference)).toBeGreaterThan(5 * width(alone!.difference))
    const ofMany = await pairedChange(dataset, found, { ...pairing, comparisons: 11 })
    expect(alone!.atOnce).toEqual({ low: alone!.difference.low, high: alone!.difference.high })
    expect(ofMany!.difference).toEqual(alone!.difference)
    expect(width(ofMany!.atOnce)).toBeGreaterThan(1.2 * width(alone!.atOnce))
    expect(alone!.beforeTraining).toEqual({ epochs: 0, coreSeconds: expect.any(Number) as number })
  }, 120_000)

  test('of data whose labels may not be published rank by sums over groups, without the runs', async () => {
    const data = join(folder, 'champs')
    await writeCompetition(data, 90)
    const train = ['study', 'train', '--data', data, '--entries', 'median,karplus']
    expect((await call(...train, '--results', results, '--runs', 'closed')).code).toBe(0)
    const result = readResult(resultPaths(results, 'champs', 'karplus').result)
    expect(result).toMatchObject({ predictions: null, dataset: { name: 'champs' } })
    expect(result.molecules).toBeUndefined()
    const pairs = result.groups!.counts.flat().filter((count) => count > 0)
    expect(Math.min(...pairs)).toBeGreaterThanOrEqual(3)
    const runless = { data, results }
    const withRuns = { ...runless, runs: join(folder, 'closed') }
    await quietly(() => studyRanks(runless))
    const { entries } = readStudy('ranks', studyPath(results, 'ranks', 'champs'))!
    expect(entries.map(({ entry }) => entry)).toEqual(['karplus', 'median'])
    expect(entries[0]!.score.value).toBeCloseTo(result.score, 5)
    await expect(studyEnsembles(runless)).rejects.toThrow('predictions on champs are not published')
    await quietly(() => studyEnsembles(withRuns))
    // A file of before has no groups: its errors are those of the runs.
    const { groups, ...before } = { ...result, run: { ...result.run, device: 'another' } }
    const { result: path } = resultPaths(results, 'champs', 'karplus')
    await writeResult(path, before)
    await expect(studyRanks(runless)).rejects.toThrow('errors on champs are not published')
    await quietly(() => studyRanks(withRuns))
    const again = readStudy('ranks', studyPath(results, 'ranks', 'champs'))!
    expect(again.entries[0]!.score.low).toBeCloseTo(entries[0]!.score.low, 4)
    const published = await call(...train, '--results', results, '--runs', 'closed')
    expect(published.stderr).toContain('1 result written, 1 already there')
    expect(readResult(path)).toEqual({ ...before, groups })
    // It is the result that was ranked, but not the one of the ensembles.
    const stale = await staleStudies(results, ['champs'])
    expect(stale.map(({ study }) => study)).toEqual(['ensembles'])
    // One that differs in a figure is another training, of another cost.
    const { test: scored } = before.counts
    await writeResult(path, {
      ...before,
      counts: { train: { molecules: 1, pairs: 1 }, test: scored },
    })
    expect((await call(...train, '--results', results, '--runs', 'closed')).code).toBe(0)
    expect(readResult(path).run.device).toBe(result.run.device)
  }, 120_000)

  test('refuse what they cannot be computed from', async () => {
    const empty = { data: EMBEDDED, results: join(folder, 'none') }
    const training = { ...empty, runs: join(folder, 'runs'), seeds: [1], processes: 1 }
    await expect(studyCost({ ...empty, data: 'elsewhere' })).rejects.toThrow(
      'known of couplet-dft alone',
    )
    await expect(studyTransfer(training)).rejects.toThrow("Give the competition's with --data")
    await expect(studyRanks(empty)).rejects.toThrow('there is no result on couplet-dft')
    await expect(studyTrain({ ...training, best: 5 })).rejects.toThrow('Call `couplet study ranks`')
    const planned = await call('study', 'ranks', '--plan')
    expect(planned.stderr).toContain('ranks trains nothing')
    expect(planned.code).not.toBe(0)
  }, 120_000)
})
