import { isDeepStrictEqual } from 'node:util'
import {
  assignFolds,
  assignInnerFolds,
  foldSplit,
  INNER_FOLDS,
  selectMolecules,
  type MoleculeTable,
} from '@couplet/data'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { formatCheckpoint, parseCheckpoint } from '../src/checkpoint.ts'
import { extremeMolecules, trainingMolecules } from '../src/conformance/molecules.ts'
import { withLabels } from '../src/conformance/toyLabels.ts'
import { featureBatch } from '../src/featureBatch.ts'
import { fit } from '../src/fit.ts'
import type { FitOptions, FitProgress } from '../src/FitOptions.ts'
import { presetConfig, type NetworkModel } from '../src/Model.ts'
import { predict, withFirstStage } from '../src/predict.ts'
import { formatSafetensors, parseSafetensors } from '../src/safetensors.ts'
import { parameterCount, type Trained } from '../src/Trained.ts'
import { toyNetwork, type ToyConfig } from './toyNetwork.ts'

/** Adds what the toy network predicts to a multiple of what the first stage does. */
const twoStages: NetworkModel<ToyConfig> = {
  ...toyNetwork,
  entry: { ...toyNetwork.entry, id: 'toy-second-stage' },
  firstStage: toyNetwork,
  parameters: (config, state) => ({
    ...toyNetwork.parameters(config, state),
    'first/factor': { shape: [1], initialiser: { kind: 'constant', value: 0.5 } },
  }),
  featurize(molecules, state, config, bucket) {
    const first = new Float32Array(bucket.pairs)
    molecules.firstStageCouplings!.forEach((value, pair) => {
      const type = molecules.pairTypes[pair]!
      first[pair] = (value - state.scale.mean[type]!) / state.scale.deviation[type]!
    })
    const features = toyNetwork.featurize(molecules, state, config, bucket)
    return { ...features, first: { shape: [bucket.pairs], data: first } }
  },
  forward(parameters, features, context, config) {
    const { couplings } = toyNetwork.forward(parameters, features, context, config)
    const scaled = tf.mul(features['first']!, parameters['first/factor']!)
    return { couplings: tf.add<tf.Tensor1D>(couplings, scaled) }
  },
}

const config = presetConfig(toyNetwork, 'tiny')
const recipe = [{ ...toyNetwork.recipe.tiny[0]!, epochs: 2 }]
/** Op by op in this thread: nothing to compile for a few steps of small networks. */
const BACKEND = { runner: 'tfjs-cpu', workers: 1 } as const
const options: FitOptions = { config, recipe, seed: 3, ...BACKEND }
const learn = (train: MoleculeTable, more: Partial<FitOptions> = {}): Promise<Trained> =>
  fit(twoStages, train, { ...options, ...more })

/** The molecules with other labels where they are chosen. */
function relabelled(table: MoleculeTable, isChosen: (molecule: number) => boolean): MoleculeTable {
  const couplings = table.couplings!.slice()
  for (const molecule of table.names.keys()) {
    if (!isChosen(molecule)) continue
    const [from, to] = [table.pairOffsets[molecule]!, table.pairOffsets[molecule + 1]!]
    const own = couplings.slice(from, to).toReversed()
    couplings.set(
      own.map((value) => 3 - 2 * value),
      from,
    )
  }
  return { ...table, couplings }
}

const table = trainingMolecules()
const folds = assignInnerFolds(table)
let trained: Trained

beforeAll(async () => {
  trained = await learn(table)
})

test('the molecules of this test lie in all inner folds', () => {
  expect([...folds].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
  expect(trained.firstStage).toHaveLength(INNER_FOLDS)
})

test('a network of the first stage does not depend on the labels of its inner fold, but the others do', async () => {
  for (const fold of folds) {
    const other = await learn(relabelled(table, (molecule) => folds[molecule] === fold))
    const same = trained.firstStage!.map(({ weights, state }, network) => {
      const { weights: otherWeights, state: otherState } = other.firstStage![network]!
      return isDeepStrictEqual([weights, state], [otherWeights, otherState])
    })
    expect(same).toEqual(same.map((_, network) => network === fold))
  }
})

test('a molecule gets the couplings of the network that has never seen it, in training and in prediction', async () => {
  const { firstStageCouplings } = await withFirstStage(trained, table, BACKEND)
  for (const molecule of table.names.keys()) {
    const unseeing = trained.firstStage![folds[molecule]!]!
    const expected = await predict(unseeing, selectMolecules(table, [molecule]), BACKEND)
    const [from, to] = [table.pairOffsets[molecule], table.pairOffsets[molecule + 1]]
    expectClose(firstStageCouplings!.subarray(from, to), expected)
  }
  const read: MoleculeTable[] = []
  const recording: typeof twoStages = {
    ...twoStages,
    featurize(molecules, ...rest) {
      read.push(molecules)
      return twoStages.featurize(molecules, ...rest)
    },
  }
  await fit(recording, table, options)
  expect(read.length).toBeGreaterThan(0)
  for (const { names, firstStageCouplings: values } of read) {
    const same = await withFirstStage(
      trained,
      selectMolecules(
        table,
        names.map((name) => table.names.indexOf(name)),
      ),
      BACKEND,
    )
    expectClose(values!, same.firstStageCouplings!)
  }
})

test('labels of the molecules that a fold holds out change no prediction', async () => {
  const whole = withLabels(extremeMolecules())
  const fold = assignFolds(whole).find((number) => number >= 0)!
  const { train, test: heldOut } = foldSplit(whole, fold)
  const shuffled = foldSplit(
    relabelled(whole, (molecule) => heldOut.names.includes(whole.names[molecule]!)),
    fold,
  )
  expect(heldOut.pairTypes.length).toBeGreaterThan(0)
  expect(shuffled.test.couplings).not.toEqual(heldOut.couplings)
  const before = await predict(await learn(train), heldOut, BACKEND)
  const after = await predict(await learn(shuffled.train), shuffled.test, BACKEND)
  expect(after).toEqual(before)
})

test('a training that is interrupted in either stage goes on exactly, and steps count over all networks', async () => {
  const reports: FitProgress[] = []
  await learn(table, { onProgress: (progress) => reports.push(progress) })
  const { steps } = trained.progress
  expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, k) => k + 1))
  expect(reports.every((report) => report.steps === steps)).toBe(true)
  expect(new Set(reports.map(({ phase }) => phase))).toEqual(
    new Set([...[1, 2, 3, 4].map((n) => `first stage ${n} of 4, train`), 'train']),
  )
  for (const stop of [0, 3, steps - 1]) {
    const abort = new AbortController()
    if (stop === 0) abort.abort()
    let saved: Trained | undefined
    const unfinished = await learn(table, {
      signal: abort.signal,
      onProgress({ step, snapshot }) {
        if (step < stop) return
        saved = snapshot()
        abort.abort()
      },
    })
    expect(unfinished.progress.step).toBe(stop)
    for (const state of saved ? [unfinished, saved] : [unfinished]) {
      const bytes = formatCheckpoint(state)
      const { trained: read } = parseCheckpoint(bytes, [twoStages], 'a file')
      expect(await learn(table, { resume: read })).toEqual(trained)
    }
  }
})

test('the first stage learns all types, also where the second is fine-tuned for one', async () => {
  const [phase] = recipe
  const loss = { ...phase!.loss, types: ['1JHC'] as const }
  const tuned = await learn(table, { recipe: [{ ...phase!, loss }] })
  expect(tuned.recipe[0]!.loss.types).toEqual(['1JHC'])
  expect(tuned.firstStage!.map(({ recipe: [first] }) => first!.loss.types)).toEqual(
    Array.from({ length: INNER_FOLDS }, () => undefined),
  )
  const from = await learn(table, { recipe: [{ ...phase!, loss }], start: trained })
  expect(from.firstStage).toEqual(trained.firstStage)
})

test('molecules of one inner fold leave the network of that fold as it starts', async () => {
  const one = selectMolecules(table, [0])
  const alone = await learn(one)
  expect(alone.firstStage![folds[0]!]!.progress).toEqual({ step: 0, steps: 0, workers: 1 })
  expect((await predict(alone, table, BACKEND)).every(Number.isFinite)).toBe(true)
})

test('both stages count as parameters, and a checkpoint without the first is refused', () => {
  const count = Object.values(trained.weights).reduce((sum, { data }) => sum + data.length, 0)
  expect(parameterCount(trained)).toBe(count + INNER_FOLDS * (count - 1))
  const { firstStage: _, ...second } = trained
  const where = 'runs/checkpoint.safetensors'
  expect(() => parseCheckpoint(formatCheckpoint(second), [twoStages], where)).toThrow(
    `${where}: firstStage in the header is wrong`,
  )
  const damaged = parseSafetensors(formatCheckpoint(trained), where)
  const { ['first-stage/2/head/bias']: _bias, ...arrays } = damaged.arrays
  const { checksum: _checksum, ...metadata } = damaged.metadata
  expect(() => parseCheckpoint(formatSafetensors(arrays, metadata), [twoStages], where)).toThrow(
    `${where}, network 2 of the first stage: array head/bias should have shape [1]`,
  )
})

test('two stages are no single graph', () => {
  expect(() => featureBatch(trained, table)).toThrow('it is no single graph')
})

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length)
  expect(Math.max(...actual.map((value, pair) => Math.abs(value - expected[pair]!)))).toBeLessThan(
    1e-3,
  )
}
