import type { MoleculeTable } from '@couplet/data'
import {
  bootstrapInterval,
  type ErrorTable,
  moleculesFromErrors,
  type Result,
} from '../src/index.ts'
import { randomGenerator } from '../src/randomGenerator.ts'

/** A pair of an example table: type, coupling in hertz. */
export type ExamplePair = readonly [type: number, coupling: number]

/** A labelled table of molecules without geometry: `eval` looks at pairs alone. */
export function exampleTable(molecules: Record<string, readonly ExamplePair[]>): MoleculeTable {
  const lists = Object.values(molecules)
  const pairs = lists.flat()
  const pairOffsets = new Uint32Array(lists.length + 1)
  for (const [index, list] of lists.entries()) {
    pairOffsets[index + 1] = pairOffsets[index]! + list.length
  }
  return {
    names: Object.keys(molecules),
    atomOffsets: new Uint32Array(lists.length + 1),
    atomicNumbers: new Uint8Array(0),
    positions: new Float32Array(0),
    bondOffsets: new Uint32Array(lists.length + 1),
    bondAtoms: new Uint16Array(0),
    pairOffsets,
    pairIds: Uint32Array.from(pairs, (_, pair) => 1000 + pair),
    pairAtoms: new Uint16Array(2 * pairs.length),
    pairTypes: Uint8Array.from(pairs, ([type]) => type),
    couplings: Float32Array.from(pairs, ([, coupling]) => coupling),
  }
}

/** Mean |error| of each type in {@link simulatedErrors}, in hertz. */
export const TRUE_MAES = [2, 1, 0.8, 0.5, 0.6, 1.2, 0.7, 0.3]

/**
 * Errors of made-up molecules: a molecule is easy or hard as a whole (factor 0 to 2, mean 1), so that its pairs err
 * together; each type has 1 to 6 pairs with exponential errors. The truth is {@link TRUE_MAES} times `scale`.
 *
 * @param mix share, from 0 to 1, of the errors that comes from `noiseSeed` and not from `seed`.
 */
export function simulatedErrors(
  molecules: number,
  seed: number,
  scale = 1,
  noiseSeed = seed + 1,
  mix = 0,
): ErrorTable {
  const random = randomGenerator(seed)
  const noise = randomGenerator(noiseSeed)
  const errorSums = new Float64Array(molecules * 8)
  const counts = new Uint32Array(molecules * 8)
  for (let molecule = 0; molecule < molecules; molecule++) {
    const difficulty = 2 * random.next()
    for (let type = 0; type < 8; type++) {
      const index = molecule * 8 + type
      counts[index] = 1 + Math.floor(6 * random.next())
      for (let pair = 0; pair < counts[index]; pair++) {
        const shared = -Math.log(1 - random.next())
        const own = -Math.log(1 - noise.next())
        errorSums[index]! +=
          scale * difficulty * TRUE_MAES[type]! * ((1 - mix) * shared + mix * own)
      }
    }
  }
  return { names: Array.from({ length: molecules }, (_, index) => `m${index}`), errorSums, counts }
}

/** A valid result of `couplet-dft` with its `molecules` block. */
export function exampleResult(errors: ErrorTable = simulatedErrors(20, 5)): Result {
  const measured = bootstrapInterval(errors, { seed: 1, resamples: 200 })
  return {
    schemaVersion: 1,
    entry: { id: 'median', version: '0.1.0' },
    dataset: { name: 'couplet-dft', sha256: 'ab'.repeat(32), licence: 'CC0-1.0' },
    fold: 'all',
    counts: {
      train: { molecules: 80, pairs: 2000 },
      test: { molecules: errors.names.length, pairs: measured.pairs },
    },
    score: measured.score,
    interval: { ...measured.interval },
    types: measured.types.map((type) => ({ ...type })),
    config: { width: 64, rate: 0.001, name: 'x' },
    seed: 3,
    parameters: 8,
    run: {
      commit: null,
      runner: 'fitted',
      device: 'cpu',
      cores: 2,
      seconds: 1.234567,
      trainingMoleculesPerSecond: 1234.5678,
      moleculesPerSecond: 98765.4321,
      versions: { node: '22.23.3', couplet: '0.1.0' },
      date: '2026-01-31',
    },
    charges: 'none',
    predictions: null,
    molecules: moleculesFromErrors(errors),
  }
}
