import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runnerNames } from '@couplet/engine'
import { ENTRIES } from '../src/entries.ts'
import { callCouplet, type Call } from './callCouplet.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'couplet-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const call = (...args: string[]): Promise<Call> => callCouplet(folder, args)
/** An unbranched alkane, all-trans, as an XYZ file. */
function alkane(carbons: number): string {
  const lines: string[] = []
  for (let carbon = 0; carbon < carbons; carbon++) {
    const [x, up] = [1.26 * carbon, carbon % 2 === 0 ? 1 : -1]
    lines.push(`C ${x} ${0.43 * up} 0`)
    for (const z of [0.89, -0.89]) lines.push(`H ${x} ${1.06 * up} ${z}`)
    if (carbon === 0) lines.push(`H ${x - 0.9} ${-0.2 * up} 0`)
    if (carbon === carbons - 1) lines.push(`H ${x + 0.9} ${-0.2 * up} 0`)
  }
  return `${lines.length}\nalkane\n${lines.join('\n')}\n`
}
const train = (entry: string, ...more: string[]): Promise<Call> =>
  call('train', entry, '--preset', 'tiny', '--epochs', '2', ...more)

describe('wrong calls', () => {
  test.each([
    [['train', 'nonesuch'], 'there is no entry nonesuch. Known entries: median'],
    [['train', 'karplus', '--fold', '7'], "argument '7' is invalid"],
    [['train', 'mpnn', '--epochs', '0'], 'Give a whole number of at least 1'],
    [['train', 'mpnn', '--learning-rate', '-1'], 'Give a number above 0'],
    [['train', 'mpnn', '--batch', '0'], 'Give a whole number of at least 1'],
    [['train', 'mpnn', '--set', 'depth=3'], 'mpnn has no setting depth. Its settings: width'],
    [['train', 'mpnn', '--set', 'width=wide'], 'width is a number from 0 to 10000'],
    [['train', 'mpnn', '--set', 'steps=1.5'], 'steps is a whole number from 1'],
    [['train', 'mpnn', '--set', 'constructor=1'], 'mpnn has no setting constructor'],
    [['train', 'edge-graph-attention', '--set', 'gates=few'], 'gates is true or false'],
    [['train', 'mpnn', '--seed', '99999999999'], 'at most 2147483647'],
    [['train', 'mpnn', '--types', '1JHC,4JHH'], 'Give some of 1JHC,1JHN'],
    [['train', 'mpnn', '--from', 'nowhere'], 'nowhere is not a run'],
    [['train', 'median', '--types', '1JHC'], 'median is no network: it cannot be fine-tuned'],
    [['score', 'nowhere'], 'nowhere is not a run'],
    [['predict', 'nowhere', 'molecule.xyz'], 'nowhere is not a run'],
    [['trian'], "unknown command 'trian'"],
  ])('%j exits with 2 and says what to do', async (args, message) => {
    const { code, stdout, stderr } = await call(...args)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('a folder without structures exits with 1 and names it', async () => {
    const { code, stderr } = await call('train', 'median', '--data', folder)
    expect(stderr).toContain(`${folder} has no structures.csv`)
    expect(code).toBe(1)
  })
})

test('every command has help with an example', async () => {
  const commands = [
    'quick',
    'train',
    'score',
    'predict',
    'label',
    'label-check',
    'report',
    'site',
    'entries',
    'new',
    'check',
    'doctor',
  ]
  const helps = await Promise.all(commands.map((command) => call(command, '--help')))
  for (const { code, stdout } of helps) {
    expect(code).toBe(0)
    expect(stdout).toMatch(/Examples?:\n {2}couplet /)
    expect(stdout).toContain('--json')
  }
})

/** A runner in the report of doctor. */
interface Found {
  readonly runner: string
  readonly reason: string
  readonly automatic: boolean
  readonly available: boolean
}

test('entries and doctor say what there is', async () => {
  const [entries, doctor] = await Promise.all([call('entries', '--json'), call('doctor', '--json')])
  const ids = (JSON.parse(entries.stdout) as { id: string }[]).map(({ id }) => id)
  expect(ids).toEqual(ENTRIES.map(({ entry }) => entry.id))
  const report = JSON.parse(doctor.stdout) as {
    runner: string
    runners: Found[]
  }
  expect(report.runners.map(({ runner }) => runner)).toEqual(runnerNames)
  expect(report.runners.map(({ reason }) => reason.length > 10)).not.toContain(false)
  const first = report.runners.find(({ automatic, available }) => automatic && available)
  expect(report.runner).toBe(first!.runner)
  // Graphics drivers print what they like; it must not reach the user.
  expect(doctor.stderr).toBe('')
})

describe('the runner', () => {
  test('and why it was chosen stand in the log, the report and the checkpoint', async () => {
    const { stdout, stderr } = await train('mpnn', '--runner', 'ort-web', '--json')
    const [run] = (JSON.parse(stdout) as { runs: string[] }).runs as [string]
    const read = (name: string): Buffer => readFileSync(join(folder, run, name))
    const reason = 'asked for; WebAssembly kernels of ONNX Runtime, one thread'
    const lines = read('log.jsonl').toString().trim().split('\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ runner: { name: 'ort-web', reason, workers: 1 } })
    }
    expect(JSON.parse(read('report.json').toString())).toMatchObject({
      runner: `ort-web: ${reason}`,
      workers: 1,
    })
    const checkpoint = read('checkpoint.safetensors')
    const header = checkpoint.subarray(8, 8 + Number(checkpoint.readBigUInt64LE(0))).toString()
    expect(JSON.parse(header)).toMatchObject({ __metadata__: { runner: `ort-web: ${reason}` } })
    expect(stderr).toContain(`by ort-web: ${reason}`)
  })

  test('that cannot run here is refused in words, with what it needs', async () => {
    const { stdout } = await call('doctor', '--json')
    const { runners } = JSON.parse(stdout) as { runners: Found[] }
    const missing = runners.filter(({ available }) => !available)
    if (missing.length === 0) console.log('skipped: every runner works on this machine')
    for (const { runner, reason } of missing) {
      const refused = await train('mpnn', '--runner', runner, '--runs', 'refused')
      expect(refused.code).toBe(1)
      expect(refused.stdout).toBe('')
      expect(refused.stderr).toContain(`runner ${runner} cannot be used here: ${reason}`)
      expect(refused.stderr).toContain('Use auto, or one of tfjs-node-gpu,')
      expect(refused.stderr).not.toContain('    at ')
    }
  })
})

describe('train, score, predict', () => {
  test('a network from molecules to a table and to couplings of a new molecule', async () => {
    const trained = await train('edge-update-schnet', '--json')
    expect(trained.code).toBe(0)
    const [run] = (JSON.parse(trained.stdout) as { runs: string[] }).runs as [string]
    expect(readdirSync(join(folder, run)).toSorted()).toEqual([
      'checkpoint.safetensors',
      'log.jsonl',
      'report.json',
      'run.json',
    ])

    const again = await train('edge-update-schnet', '--json')
    expect(again.stdout).toBe(trained.stdout)
    expect(again.stderr).not.toContain('trained on')

    const scored = await call('score', run, '--json')
    expect(scored.code).toBe(0)
    const [result] = (JSON.parse(scored.stdout) as { results: Record<string, never>[] }).results
    expect(result).toMatchObject({ dataset: { name: 'couplet-dft' }, fold: '0' })
    expect(result!['score']).toBeTypeOf('number')
    const table = await call('score', run)
    expect(table.stdout).toMatch(/couplet-dft, fold 0: \d+ molecules, \d+ pairs/)

    writeFileSync(join(folder, 'methane.xyz'), METHANE)
    const predicted = await call('predict', run, 'methane.xyz')
    expect(predicted.code).toBe(0)
    const rows = predicted.stdout.trim().split('\n').slice(1)
    expect(rows.map((row) => row.split(',')[3])).toEqual(expect.arrayContaining(['1JHC', '2JHH']))
    expect(rows).toHaveLength(10)
    expect(rows.every((row) => Number.isFinite(Number(row.split(',')[4])))).toBe(true)
    expect(predicted.stderr).not.toContain('more atoms')

    writeFileSync(join(folder, 'nonane.xyz'), alkane(9))
    expect((await call('predict', run, 'nonane.xyz')).stderr).toMatch(
      /1 of 1 molecule has more atoms than any that was learnt from \(\d+\)/,
    )
  })

  test('five folds are scored out of fold, with paired comparison', async () => {
    const runs: string[] = []
    for (const entry of ['median', 'karplus']) {
      const { stdout, stderr } = await train(entry, '--fold', 'all', '--json')
      expect(stderr).toContain(`${entry} is fitted in one go: --epochs`)
      runs.push(...(JSON.parse(stdout) as { runs: string[] }).runs)
    }
    const { code, stdout } = await call('score', ...runs)
    expect(code).toBe(0)
    expect(stdout).toContain('all five folds, out of fold')
    expect(stdout).toMatch(
      /karplus against median: difference -\d\.\d+ \[.*\], P\(better\) = 1\.000/,
    )
    const partial = await call('score', ...runs.slice(0, 3))
    expect(partial.code).toBe(2)
    expect(partial.stderr).toContain('Give one run, or one for each of the folds 0 to 4')
  })

  test('a test.csv becomes a submission, all rows and none other', async () => {
    const data = mkdtempSync(join(folder, 'test-'))
    writeFileSync(join(data, 'structures.csv'), STRUCTURES)
    writeFileSync(join(data, 'test.csv'), TEST_ROWS)
    const { stdout } = await train('karplus', '--json')
    const [run] = (JSON.parse(stdout) as { runs: string[] }).runs as [string]
    const { code } = await call('predict', run, data, '--out', 'mine.csv')
    expect(code).toBe(0)
    const lines = readFileSync(join(folder, 'mine.csv'), 'utf8').trim().split('\n')
    expect(lines[0]).toBe('id,scalar_coupling_constant')
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['70', '71', '72'])
  })
})

test('a file that may not be read is named, without a stack', async () => {
  const { stdout } = await train('karplus', '--json', '--runs', 'unreadable')
  const [run] = (JSON.parse(stdout) as { runs: string[] }).runs as [string]
  const path = join(folder, run, 'report.json')
  rmSync(path)
  mkdirSync(path)
  const { code, stderr } = await call('score', run)
  expect(stderr).toContain('report.json')
  expect(stderr).not.toContain('    at ')
  expect(code).toBe(1)
})

test('quick trains the quick list and prints both tables', async () => {
  const { code, stdout, stderr } = await call('quick', '--epochs', '1')
  expect(code).toBe(0)
  const [now, committed] = stdout.split('Committed, not run now')
  const about = 'couplet-dft, fold 0:'
  for (const entry of ['median', 'karplus', 'mpnn', 'edge-update-schnet']) {
    expect(now).toMatch(new RegExp(`^ +[1-4]  ${entry} `, 'm'))
    expect(committed).toMatch(new RegExp(`^ +\\d+  ${entry} `, 'm'))
  }
  expect(now).toContain(about)
  expect(committed).toContain('all five folds, out of fold')
  expect(stderr).toContain('mpnn (couplet-dft, fold 0)')
})

test('an entry has the version of its package', () => {
  const packages: Readonly<Record<string, string>> = {
    median: 'baselines',
    karplus: 'baselines',
    'edge-update-schnet-second-stage': 'edge-update-schnet',
  }
  for (const { entry } of ENTRIES) {
    const name = packages[entry.id] ?? entry.id
    const path = new URL(`../../../packages/entries/${name}/package.json`, import.meta.url)
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string }
    expect(entry.version).toBe(version)
  }
})

describe('a run whose files do not belong together', () => {
  test.each([
    ['run.json', '{}', 'run.json: entry is wrong'],
    ['run.json', '{', 'run.json is not JSON'],
    ['report.json', '{"seconds": "x"}', 'report.json: seconds is wrong'],
  ])('%s with %j is refused', async (file, contents, message) => {
    const { stdout } = await train('karplus', '--json', '--runs', `damaged-${message.length}`)
    const [run] = (JSON.parse(stdout) as { runs: string[] }).runs as [string]
    writeFileSync(join(folder, run, file), contents)
    const { code, stderr } = await call('score', run)
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(2)
  })

  test('a plan for another fold is refused', async () => {
    const { stdout } = await train('karplus', '--json', '--runs', 'moved')
    const [run] = (JSON.parse(stdout) as { runs: string[] }).runs as [string]
    const path = join(folder, run, 'run.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"fold": "0"', '"fold": "1"'))
    const { code, stderr } = await call('score', run)
    expect(stderr).toContain('was not written for')
    expect(code).toBe(2)
  })
})

test('what follows from entries and results is up to date', async () => {
  const { code, stderr } = await call('report', '--check')
  expect(stderr).toBe('')
  expect(code).toBe(0)
})

const METHANE = `5
methane
C 0 0 0
H 0.63 0.63 0.63
H -0.63 -0.63 0.63
H -0.63 0.63 -0.63
H 0.63 -0.63 -0.63
`
/** Ammonia, and three of its rows. */
const STRUCTURES = `molecule_name,atom_index,atom,x,y,z
ammonia,0,N,0,0,0.116
ammonia,1,H,0,0.939,-0.271
ammonia,2,H,0.813,-0.47,-0.271
ammonia,3,H,-0.813,-0.47,-0.271
`
const TEST_ROWS = `id,molecule_name,atom_index_0,atom_index_1,type
70,ammonia,1,0,1JHN
71,ammonia,1,2,2JHH
72,ammonia,2,0,1JHN
`
