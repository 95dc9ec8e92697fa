import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readXyz } from '@couplet/data/node'
import { parseCheckpoint, predict } from '@couplet/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENTRIES } from '../src/entries.ts'
import { weightsLicence } from '../src/exportNotes.ts'
import { callCouplet, type Call } from './callCouplet.ts'

const GUIDES = fileURLToPath(new URL('../../../docs/guides/', import.meta.url))
/** Two networks with different axes; the conformance suite exports every one. */
const NETWORKS = ['mpnn', 'edge-update-schnet']
/** ONNX Runtime as a program in Node has it. */
const ort = createRequire(createRequire(import.meta.url).resolve('@couplet/engine/package.json'))(
  'onnxruntime-node',
) as unknown

interface Guide {
  predict(
    ort: unknown,
    network: Uint8Array,
    features: ArrayBuffer,
  ): Promise<{ molecule: string; atoms: number[]; type: string; hertz: number }[]>
}

let folder: string
const runs = new Map<string, string>()
const exports = new Map<string, Call>()
const call = (...args: string[]): Promise<Call> => callCouplet(folder, args)
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'couplet-'))
  mkdirSync(at('two'))
  for (const file of ['methane.xyz', 'two/methane.xyz']) writeFileSync(at(file), METHANE)
  writeFileSync(at('two/formaldehyde.xyz'), FORMALDEHYDE)
  for (const entry of [...NETWORKS, 'karplus']) {
    const { stdout } = await call('train', entry, '--preset', 'tiny', '--epochs', '1', '--json')
    runs.set(entry, (JSON.parse(stdout) as { runs: string[] }).runs[0]!)
  }
  for (const entry of NETWORKS) {
    const run = runs.get(entry)!
    exports.set(entry, await call('export', run, '--onnx', `${entry}.onnx`))
    await call('features', 'two', '--run', run, '--out', `${entry}-two.safetensors`)
    await call('features', 'methane.xyz', '--run', run, '--out', `${entry}-one.safetensors`)
  }
}, 240_000)
afterAll(() => rmSync(folder, { recursive: true }))

/** What the guide's module makes of two files. */
async function predictInNode(network: string, features: string): ReturnType<Guide['predict']> {
  const guide = (await import(`${GUIDES}predict.mjs`)) as Guide
  const bytes = Uint8Array.from(readFileSync(at(features))).buffer
  return guide.predict(ort, readFileSync(at(network)), bytes)
}

/** What `couplet predict` computes, unrounded. */
async function couplingsOf(run: string, molecules: string): Promise<Float32Array> {
  const path = at(join(run, 'checkpoint.safetensors'))
  const { trained } = parseCheckpoint(readFileSync(path), ENTRIES, path)
  return predict(trained, await readXyz(at(molecules)), { workers: 1 })
}

function expectSame(actual: readonly number[], expected: Float32Array, rounding = 0): void {
  expect(actual).toHaveLength(expected.length)
  for (const [pair, coupling] of expected.entries()) {
    const error = Math.abs(actual[pair]! - coupling)
    expect(error).toBeLessThan(1e-5 * Math.max(1, Math.abs(coupling)) + rounding)
  }
}

describe.each(NETWORKS)('%s as a file', (entry) => {
  const network = `${entry}.onnx`
  test('predicts in Node what the command predicts, for batches of two sizes', async () => {
    const run = runs.get(entry)!
    const { code, stdout } = exports.get(entry)!
    expect(code).toBe(0)
    expect(stdout).toMatch(/output {2}couplings +float32 {2}\[pairs\]/)
    expect(stdout).toContain('Weights: MIT; learnt from couplet-dft')
    for (const [size, molecules, pairs] of [
      ['one', 'methane.xyz', 10],
      ['two', 'two', 13],
    ] as const) {
      const rows = await predictInNode(network, `${entry}-${size}.safetensors`)
      expect(rows).toHaveLength(pairs)
      const hertz = rows.map((row) => row.hertz)
      expectSame(hertz, await couplingsOf(run, molecules))
      expect(rows.at(-1)).toMatchObject({ molecule: 'methane', type: '1JHC', atoms: [4, 0] })
    }
  })

  test('refuses features of another network', async () => {
    const other = NETWORKS.find((name) => name !== entry)!
    await expect(predictInNode(network, `${other}-one.safetensors`)).rejects.toThrow(
      'made for another network',
    )
  })

  test('predicts in Python what the command predicts', async (context) => {
    const python = pythonOrSkip(context.skip)
    const run = runs.get(entry)!
    const csv = execFileSync(
      python,
      [`${GUIDES}predict.py`, at(network), at(`${entry}-two.safetensors`)],
      { encoding: 'utf8' },
    )
    const command = await call('predict', run, 'two')
    const [actual, expected] = [csv, command.stdout].map((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => line.split(',')),
    )
    expect(actual!.map((row) => row.slice(0, 4))).toEqual(expected!.map((row) => row.slice(0, 4)))
    const hertz = actual!.slice(1).map((row) => Number(row[4]))
    expectSame(hertz, await couplingsOf(run, 'two'), 1e-6)
  })

  test('has a checkpoint that the Python library safetensors opens', (context) => {
    const python = pythonOrSkip(context.skip)
    const path = at(join(runs.get(entry)!, 'checkpoint.safetensors'))
    const found = JSON.parse(
      execFileSync(python, ['-c', DUMP, path], { encoding: 'utf8' }),
    ) as Record<string, { shape: number[]; first: number; last: number }>
    const { weights } = parseCheckpoint(readFileSync(path), ENTRIES, path).trained
    expect(found).toEqual(
      Object.fromEntries(
        Object.entries(weights).map(([name, { shape, data }]) => [
          name,
          { shape, first: data[0], last: data.at(-1) },
        ]),
      ),
    )
  })
})

test('the report for programs says what to feed', async () => {
  const { stdout } = await call('export', runs.get('mpnn')!, '--onnx', 'said.onnx', '--json')
  const report = JSON.parse(stdout) as Record<string, unknown>
  expect(report).toMatchObject({
    file: 'said.onnx',
    fixed: {},
    metadata: { entry: 'mpnn', fold: '0', units: 'hertz', level: 'B3LYP/6-31G(2df,p)' },
    check: { difference: expect.any(Number) as number },
  })
  expect(report['bytes']).toBe(readFileSync(at('said.onnx')).length)
  expect(report['inputs']).toContainEqual({
    name: 'couplingTypes',
    dtype: 'int32',
    shape: ['pairs'],
  })
})

test('axes of a fixed length, and features for them', async () => {
  const run = runs.get('mpnn')!
  const capacity = ['--capacity', 'molecules=3', 'atoms=12', 'edges=60', 'pairs=20']
  const { stdout } = await call('export', run, '--onnx', 'fixed.onnx', ...capacity)
  expect(stdout).toContain('Axes of any length: none')
  expect(stdout).toContain('[12, 10]')
  expect(stdout).toContain(
    '--out molecule.safetensors --capacity molecules=3 atoms=12 edges=60 pairs=20',
  )
  const features = await call(
    'features',
    'two',
    '--run',
    run,
    '--out',
    'f.safetensors',
    ...capacity,
  )
  expect(features.stdout).toContain('molecules = 3, atoms = 12, edges = 60, pairs = 20')
  const rows = await predictInNode('fixed.onnx', 'f.safetensors')
  const hertz = rows.map((row) => row.hertz)
  expectSame(hertz, await couplingsOf(run, 'two'))
})

test('features of an untrained entry', async () => {
  const args = ['--entry', 'mpnn', '--preset', 'tiny', '--out', 'untrained.safetensors', '--json']
  const { code, stdout } = await call('features', 'methane.xyz', ...args)
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    axes: { molecules: 2, atoms: 6, edges: 21, pairs: 11 },
    arrays: { atomFeatures: [6, 10], couplingTypes: [11] },
  })
})

describe('what cannot be exported is refused, and leaves what was there', () => {
  test.each([
    [() => [runs.get('karplus')!], 1, 'karplus is no network but fitted by a method of its own'],
    [() => ['nowhere'], 2, 'nowhere is not a run'],
    [() => [runs.get('mpnn')!, '--capacity', 'bonds=3'], 1, 'mpnn has no axis bonds'],
    [() => [runs.get('mpnn')!, '--capacity', 'atoms=2'], 1, 'the capacity of atoms is 2'],
    [() => [runs.get('mpnn')!, '--capacity', 'atoms'], 2, 'Give axis=rows'],
  ])('%#', async (args, exit, message) => {
    writeFileSync(at('kept.onnx'), 'as it was')
    const { code, stdout, stderr } = await call('export', ...args(), '--onnx', 'kept.onnx')
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
    expect(code).toBe(exit)
    expect(readFileSync(at('kept.onnx'), 'utf8')).toBe('as it was')
    expect(readdirSync(folder).filter((file) => file.endsWith('.tmp'))).toEqual([])
  })

  test('a training that was stopped', async () => {
    const args = ['train', 'mpnn', '--preset', 'tiny', '--epochs', '500', '--runs', 'stopped']
    let asked = false
    const stopped = await callCouplet(folder, args, {
      onStderr(stderr, child) {
        if (asked || !/epoch [1-9]/.test(stderr)) return
        asked = true
        child.kill('SIGINT')
      },
    })
    expect(stopped.code).toBe(130)
    const [run] = readdirSync(at('stopped'))
    const { code, stderr } = await call('export', join('stopped', run!), '--onnx', 'never.onnx')
    expect(stderr).toMatch(/is not complete: it has done \d+ of \d+ steps/)
    expect(code).toBe(2)
    expect(readdirSync(folder)).not.toContain('never.onnx')
  })

  test.each([
    [['methane.xyz'], 2, 'Give either --run <run folder> or --entry <entry>'],
    [['methane.xyz', '--entry', 'median'], 1, 'median is no network'],
    [['nothing.xyz', '--entry', 'mpnn'], 1, 'nothing.xyz'],
    [['methane.xyz', '--entry', 'mpnn', '--capacity', 'pairs=4'], 1, 'need 11'],
  ])('features of %j', async (args, exit, message) => {
    const { code, stderr } = await call('features', ...args, '--out', 'none.safetensors')
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(exit)
    expect(readdirSync(folder)).not.toContain('none.safetensors')
  })
})

test('help has examples', async () => {
  for (const command of ['export', 'features']) {
    const { code, stdout } = await call(command, '--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Examples?:\n {2}couplet /)
    expect(stdout).toContain('--json')
  }
})

test('the licence of weights is that of the data behind them', () => {
  expect(weightsLicence('couplet-dft')).toContain('CC0')
  for (const name of ['champs', 'champs-sample'])
    expect(weightsLicence(name)).toContain('CC BY-NC-SA 4.0')
})

/** A Python with the libraries of the guide: that of COUPLET_PYTHON, else python3. */
function pythonOrSkip(skip: (reason: string) => void): string {
  const python = process.env['COUPLET_PYTHON'] ?? 'python3'
  const { status } = spawnSync(python, ['-c', 'import numpy, onnxruntime, safetensors'])
  if (status !== 0) {
    const reason = `${python} has no numpy, onnxruntime and safetensors; name one that has in COUPLET_PYTHON`
    console.log(`skipped: ${reason}`)
    skip(reason)
  }
  return python
}

const DUMP = `
import json, sys
from safetensors.numpy import load_file
print(json.dumps({
    name: {"shape": list(array.shape), "first": float(array.flat[0]), "last": float(array.flat[-1])}
    for name, array in load_file(sys.argv[1]).items()
}))`

const METHANE = `5
methane
C 0 0 0
H 0.63 0.63 0.63
H -0.63 -0.63 0.63
H -0.63 0.63 -0.63
H 0.63 -0.63 -0.63
`
const FORMALDEHYDE = `4
formaldehyde
C 0 0 0
O 0 0 1.21
H 0.94 0 -0.59
H -0.94 0 -0.59
`
