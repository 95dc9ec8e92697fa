import { COUPLING_TYPES, selectMolecules } from '@couplet/data'
import { readDft, readDftOrigins } from '@couplet/dft'
import type { Result } from '@couplet/eval'
import { readFile } from 'node:fs/promises'
import type { Evidence } from '../src/Evidence.ts'

/** The citation style of the paper. */
export const STYLE = readFile(new URL('../style.csl', import.meta.url), 'utf8')

/** A bibliography of one book. */
export const REFERENCES =
  '@book{karplus1959, author={Karplus, Martin}, title={A title}, year={1959}}'

/** So few geometries that tests take seconds. */
const GEOMETRIES = 12

const DFT = Promise.all([readDft(), readDftOrigins()])

/** Evidence with results of made-up entries on `couplet-dft`, by id and score. */
export async function evidenceOf(scores: Readonly<Record<string, number>>): Promise<Evidence> {
  const [{ table, dataset }, origins] = await DFT
  const indices = Array.from({ length: GEOMETRIES }, (_, index) => index)
  return {
    entries: [],
    results: new Map([['couplet-dft', resultsOf(scores, 'couplet-dft', dataset.sha256)]]),
    studies: new Map(),
    history: undefined,
    facts: {},
    dft: {
      table: selectMolecules(table, indices),
      sha256: dataset.sha256,
      origins: origins.slice(0, GEOMETRIES),
    },
  }
}

/** Results of made-up entries, best first. */
export function resultsOf(
  scores: Readonly<Record<string, number>>,
  dataset: string,
  sha256 = 'ab'.repeat(32),
): Result[] {
  return Object.entries(scores)
    .map(([id, score]) => resultOf(id, score, dataset, sha256))
    .toSorted((a, b) => a.score - b.score)
}

/** Every molecule of every type errs by e to the score, so that differences of scores have no spread. */
function resultOf(id: string, score: number, dataset: string, sha256: string): Result {
  const names = Array.from({ length: 20 }, (_, index) => `m${index}`)
  const mae = Math.exp(score)
  const size = { molecules: names.length, constitutions: names.length, pairs: 8 * names.length }
  const eight = <T>(value: T): T[] => COUPLING_TYPES.map(() => value)
  return {
    schemaVersion: 1,
    entry: { id, version: '0.1.0' },
    dataset: { name: dataset, sha256, licence: 'CC0-1.0' },
    fold: 'all',
    counts: { train: size, test: size },
    score,
    interval: { low: score - 0.1, high: score + 0.1, level: 0.95, resamples: 100, seed: 1 },
    types: COUPLING_TYPES.map((type, index) => ({
      type,
      mae: mae * (1 + 0.01 * index),
      count: names.length,
      low: mae,
      high: mae,
    })),
    config: { 'recipe/budget': 1, 'recipe/train/epochs': 20 },
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
    molecules: {
      names,
      errorSums: names.map(() => eight(mae)),
      counts: names.map(() => eight(1)),
    },
  }
}
