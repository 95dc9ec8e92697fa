import { COUPLING_TYPES, selectMolecules, type MoleculeTable } from '@couplet/data'
import {
  createRunner,
  initialiseParameters,
  type HostArrays,
  type Objective,
  type RunnerName,
} from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asNetwork } from '../src/asNetwork.ts'
import { axisSizes, Buckets } from '../src/batches.ts'
import { trainingMolecules } from '../src/conformance/molecules.ts'
import { lossObjective, lossStatistics, lossTargets } from '../src/couplingLoss.ts'
import { presetConfig } from '../src/Model.ts'
import type { Loss } from '../src/Recipe.ts'
import { typeScale } from '../src/typeScale.ts'
import { toyNetwork, type ToyConfig } from './toyNetwork.ts'

const molecules = trainingMolecules()
const scale = typeScale(molecules)
const pairs = molecules.pairTypes.length
/** Seven rows of padding, whose predictions are far off. */
const bucket = { molecules: 5, pairs: pairs + 7 }
const predicted = Float32Array.from({ length: bucket.pairs }, (_, row) =>
  row < pairs ? Math.sin(3 * row) : 1e4,
)
const parts = Float32Array.from({ length: 4 * bucket.pairs }, (_, i) =>
  i < 4 * pairs ? Math.cos(i) : 1e4,
)

/** Absolute errors of the couplings of each type, standardised. */
function errorsOfType(type: number): number[] {
  return [...molecules.pairTypes.keys()]
    .filter((pair) => molecules.pairTypes[pair] === type)
    .map((pair) => {
      const label = (molecules.couplings![pair]! - scale.mean[type]!) / scale.deviation[type]!
      return Math.abs(predicted[pair]! - label)
    })
}

/** Absolute errors of the four contributions of each pair of a type, in units of the coupling's deviation, added up. */
function contributionErrors(type: number): number[] {
  const errors: number[] = []
  for (const [pair, other] of molecules.pairTypes.entries()) {
    if (other !== type) continue
    const four = [0, 1, 2, 3].map((part) => {
      const known =
        molecules.contributions![4 * pair + part]! - scale.contributionMean[type]![part]!
      return Math.abs(parts[4 * pair + part]! - known / scale.deviation[type]!)
    })
    errors.push(four.reduce((sum, error) => sum + error, 0))
  }
  return errors
}

/** Standard deviation of a value over the pairs of a type; 1 where there is none. */
function spread(type: number, value: (pair: number) => number): number {
  const values = [...molecules.pairTypes.keys()]
    .filter((pair) => molecules.pairTypes[pair] === type)
    .map(value)
  const centre = mean(values)
  const deviation = Math.sqrt(mean(values.map((one) => (one - centre) ** 2)))
  return deviation > 1e-6 ? deviation : 1
}

const types = [...COUPLING_TYPES.keys()]
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** The loss of the engine's two steps: statistics of the batch, objective of their totals. */
function lossOf(loss: Loss, table: MoleculeTable = molecules): number {
  const totals = tf.tidy(() => {
    const targets = Object.entries(lossTargets(table, scale, loss, bucket)).map(([name, array]) => [
      name,
      tf.tensor(
        array.data,
        [...array.shape],
        array.data instanceof Int32Array ? 'int32' : 'float32',
      ),
    ])
    const outputs = {
      couplings: tf.tensor1d(predicted),
      contributions: tf.tensor2d(parts, [bucket.pairs, 4]),
    }
    return lossStatistics(loss)(outputs, Object.fromEntries(targets)).dataSync()
  }) as unknown as Float32Array
  return objectiveOf(objective(loss, table), totals)
}

function objective(loss: Loss, table: MoleculeTable): Objective {
  return lossObjective(
    loss,
    { molecules: table.names.length, pairTypes: table.pairTypes },
    { molecules: molecules.names.length, pairsOfTypes: scale.count },
  )
}

function objectiveOf(objectiveToSum: Objective, totals: Float32Array): number {
  return objectiveToSum.weights.reduce((sum, weight, k) => {
    if (weight === 0) return sum
    const { kind } = objectiveToSum
    return (
      sum +
      weight * (kind === 'sum' ? totals[k]! : Math.log(totals[k]! + objectiveToSum.floors[k]!))
    )
  }, 0)
}

describe('couplingLoss', () => {
  let previous: string
  beforeAll(async () => {
    await tf.ready()
    previous = tf.getBackend()
    await tf.setBackend('cpu')
  })
  afterAll(async () => {
    await tf.setBackend(previous)
  })

  test('mean-type-mae is the mean over the types of their mean absolute errors', () => {
    const expected = mean(types.map((type) => mean(errorsOfType(type))))
    expect(lossOf({ kind: 'mean-type-mae' })).toBeCloseTo(expected, 5)
  })

  test('l1 is the mean absolute error over all pairs', () => {
    expect(lossOf({ kind: 'l1' })).toBeCloseTo(mean(types.flatMap(errorsOfType)), 5)
  })

  test('mse is the mean squared error over all pairs', () => {
    const squares = types.flatMap(errorsOfType).map((error) => error ** 2)
    expect(lossOf({ kind: 'mse' })).toBeCloseTo(mean(squares), 4)
  })

  test('ln-mae is the mean over the types of ln of the mean absolute error, but for a constant', () => {
    // The constant is the mean of ln of the number of pairs of each type.
    const constant = mean(types.map((type) => Math.log(errorsOfType(type).length)))
    const expected = mean(types.map((type) => Math.log(mean(errorsOfType(type)))))
    expect(lossOf({ kind: 'ln-mae' }) - constant).toBeCloseTo(expected, 5)
  })

  test('adds the contributions with their weight', () => {
    const extra = mean(types.map((type) => mean(contributionErrors(type))))
    const plain = lossOf({ kind: 'mean-type-mae' })
    expect(lossOf({ kind: 'mean-type-mae', contributions: 0.5 }) - plain).toBeCloseTo(
      0.5 * extra,
      4,
    )
  })

  test('a joint loss adds all five errors of a pair, each in its own deviations, before the logarithm', () => {
    const own = types.map((type) =>
      [0, 1, 2, 3].map((part) =>
        spread(type, (pair) => molecules.contributions![4 * pair + part]!),
      ),
    )
    const errors = types.map((type) => {
      const pairsOf = [...molecules.pairTypes.keys()].filter((p) => molecules.pairTypes[p] === type)
      return pairsOf.map((pair, place) =>
        [0, 1, 2, 3].reduce((sum, part) => {
          const known =
            molecules.contributions![4 * pair + part]! - scale.contributionMean[type]![part]!
          const found = parts[4 * pair + part]! * scale.deviation[type]!
          return sum + 0.5 * (Math.abs(found - known) / own[type]![part]!)
        }, errorsOfType(type)[place]!),
      )
    })
    const joint = { contributions: 0.5, joint: true } as const
    const expected = mean(errors.map((list) => Math.log(list.reduce((sum, e) => sum + e, 0))))
    expect(lossOf({ kind: 'ln-mae', ...joint })).toBeCloseTo(expected, 4)
    expect(lossOf({ kind: 'mean-type-mae', ...joint })).toBeCloseTo(mean(errors.map(mean)), 3)
  })

  test('leaves out pairs whose contributions are not known', () => {
    const { contributions, ...rest } = molecules
    const loss: Loss = { kind: 'l1', contributions: 1 }
    const none = { ...rest, contributions: contributions!.map(() => NaN) }
    expect(lossOf(loss, none)).toBeCloseTo(lossOf({ kind: 'l1' }), 5)
    expect(lossOf(loss, rest)).toBeCloseTo(lossOf({ kind: 'l1' }), 5)
    const first = {
      ...rest,
      contributions: contributions!.map((value, i) => (i < 4 ? NaN : value)),
    }
    const missing = contributionErrors(molecules.pairTypes[0]!)[0]! / pairs
    expect(lossOf(loss, molecules) - lossOf(loss, first)).toBeCloseTo(missing, 4)
  })

  test('mean-type-mae weighs a pair by how many its type has in a batch of this size on average', () => {
    const half = selectMolecules(molecules, [0, 1])
    const { weights } = objective({ kind: 'mean-type-mae' }, half)
    const expected = types.map((type) =>
      half.pairTypes.includes(type) ? 1 / (8 * (scale.count[type]! / 2)) : 0,
    )
    for (const [type, weight] of weights.entries()) expect(weight).toBeCloseTo(expected[type]!, 12)
  })

  test('ln-mae shares the weight between the types that the batch has', () => {
    const { weights } = objective({ kind: 'ln-mae' }, selectMolecules(molecules, [1]))
    expect(weights).toEqual([0.25, 0, 0.25, 0.25, 0, 0, 0.25, 0])
  })

  test.each(['mean-type-mae', 'ln-mae', 'l1', 'mse'] as const)(
    '%s leaves out the types that are not asked for',
    (kind) => {
      const wanted = ['1JHC', '3JHH'] as const
      const of = (loss: Loss): Objective =>
        lossObjective(
          loss,
          { molecules: 4, pairTypes: molecules.pairTypes },
          { molecules: 4, pairsOfTypes: scale.count },
        )
      const [all, some] = [of({ kind }), of({ kind, types: wanted })]
      const asked = [0, 6]
      for (const type of COUPLING_TYPES.keys()) {
        expect(some.weights[type] !== 0).toBe(asked.includes(type))
      }
      // All that is left has the weight of the whole.
      const ratio = some.weights[0]! / all.weights[0]!
      expect(some.weights[6]! / all.weights[6]!).toBeCloseTo(ratio, 12)
      expect(ratio).toBeGreaterThan(1.5)
    },
  )
})

describe('the gradient', () => {
  const config = presetConfig(toyNetwork, 'tiny', { dropout: 0 }) as ToyConfig
  const state = toyNetwork.prepare(molecules, config)

  /** Gradient of the whole batch, cut into these shards. */
  async function gradientOf(
    loss: Loss,
    shards: readonly number[][],
    runner: RunnerName,
  ): Promise<Float32Array> {
    const sizes = axisSizes(molecules, toyNetwork.sizes(molecules, state, config))
    const features = shards.map((group): HostArrays => {
      const table = selectMolecules(molecules, group)
      const shape = Buckets.from(sizes, [group]).bucketFor(sizes, group)
      return {
        ...toyNetwork.featurize(table, state, config, shape),
        ...lossTargets(table, state.scale, loss, shape),
      }
    })
    const store = initialiseParameters(toyNetwork.parameters(config, state), 3)
    const made = await createRunner(asNetwork(toyNetwork, config, loss), store, {
      runner,
      workers: shards.length,
    })
    try {
      return (await made.gradient(features, objective(loss, molecules))).gradient
    } finally {
      await made.close()
    }
  }

  test.each(['mean-type-mae', 'ln-mae', 'l1', 'mse'] as const)(
    'of %s does not depend on how many workers share the batch',
    async (kind) => {
      const one = await gradientOf({ kind }, [[0, 1, 2, 3]], 'ort')
      const two = await gradientOf(
        { kind },
        [
          [0, 2],
          [1, 3],
        ],
        'ort',
      )
      const largest = Math.max(...one.map(Math.abs))
      const difference = Math.max(...one.map((value, i) => Math.abs(value - two[i]!)))
      expect(largest).toBeGreaterThan(0.01)
      expect(difference / largest).toBeLessThan(1e-5)
    },
  )

  test('of ln-mae is the same on the eager runner in shards', async () => {
    const one = await gradientOf({ kind: 'ln-mae' }, [[0, 1, 2, 3]], 'tfjs-cpu')
    const three = await gradientOf({ kind: 'ln-mae' }, [[3], [0], [1, 2]], 'tfjs-cpu')
    const largest = Math.max(...one.map(Math.abs))
    expect(Math.max(...one.map((value, i) => Math.abs(value - three[i]!))) / largest).toBeLessThan(
      1e-5,
    )
  })
})
