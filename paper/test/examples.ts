import { readDft, readDftOrigins } from '@couplet/dft'
import type { Result } from '@couplet/eval'
import { readFile } from 'node:fs/promises'
import type { Evidence } from '../src/Evidence.ts'

/** The citation style of the paper. */
export const STYLE = readFile(new URL('../style.csl', import.meta.url), 'utf8')

/** A bibliography of one book. */
export const REFERENCES =
  '@book{karplus1959, author={Karplus, Martin}, title={A title}, year={1959}}'

const DFT = Promise.all([readDft(), readDftOrigins()])

/** Evidence with results of made-up entries on `couplet-dft`, by id and score. */
export async function evidenceOf(scores: Readonly<Record<string, number>>): Promise<Evidence> {
  const [{ table }, origins] = await DFT
  const results = Object.entries(scores).map(([id, score]) => resultOf(id, score))
  return {
    entries: [],
    results: new Map([['couplet-dft', results]]),
    dft: { table, origins },
  }
}

function resultOf(id: string, score: number): Result {
  const size = { molecules: 20, pairs: 200 }
  return {
    schemaVersion: 1,
    entry: { id, version: '0.1.0' },
    dataset: { name: 'couplet-dft', sha256: 'ab'.repeat(32), licence: 'CC0-1.0' },
    fold: 'all',
    counts: { train: size, test: size },
    score,
    interval: { low: score - 0.1, high: score + 0.1, level: 0.95, resamples: 100, seed: 1 },
    types: [],
    config: {},
    seed: 1,
    parameters: 10,
    run: {
      commit: null,
      runner: 'test',
      device: 'test',
      cores: 1,
      seconds: 1,
      trainingMoleculesPerSecond: 1,
      moleculesPerSecond: 1,
      versions: {},
    },
    charges: 'none',
    predictions: null,
  }
}
