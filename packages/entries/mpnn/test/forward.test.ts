import { COUPLING_TYPES } from '@couplet/data'
import type { Context } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import {
  addTables,
  affine,
  compute,
  expectRows,
  mapRows,
  normalise,
  perceptron,
  randomParameters,
  sumOf,
  sumRows,
  toRows,
  toTensors,
  type Rows,
} from '../../../layers/test/bruteForce.ts'
import { places, table } from '../../../data/test/asymmetricMethanol.ts'
import { featurize } from '../src/featurize.ts'
import { mpnn } from '../src/index.ts'
import { forward, parameters, type MpnnConfig } from '../src/network.ts'

/** The published network, a few channels wide. */
const config: MpnnConfig = {
  ...mpnn.published,
  width: 3,
  edgeWidth: 5,
  edgeInnerWidth: 4,
  steps: 2,
  poolingSteps: 3,
  headWidth: 6,
  headInnerWidth: 5,
  gaussians: 4,
}
const { width } = config

const all = [...places.keys()]
const edges = all.flatMap((source) =>
  all.filter((target) => target !== source).map((target) => ({ source, target })),
)
const pairs = table.pairTypes.length
const bucket = { molecules: 2, atoms: 7, edges: 31, pairs: pairs + 1 }
const features = featurize(table, bucket)
const weights = randomParameters(parameters(config))
const relu = (value: number): number => Math.max(0, value)
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value))

/** Number by number what the reference says: the coupling of every pair. */
function bruteForce(): number[] {
  const bonds = toRows(features['edgeFeatures']!)
  const described = edges.map(({ source, target }, edge) => {
    const length = Math.hypot(
      ...places[source]!.map((value, axis) => value - places[target]![axis]!),
    )
    const step = config.cutoff / (config.gaussians - 1)
    const basis = Array.from({ length: config.gaussians }, (_, k) =>
      Math.exp(-((length - k * step) ** 2) / (2 * step ** 2)),
    )
    return [...basis, ...bonds[edge]!]
  })
  let x: Rows = toRows(features['atomFeatures']!).slice(0, all.length)
  for (const layer of [0, 1]) {
    const mapped = affine(weights, `atoms/${layer}`, x)
    x = mapRows(normalise(weights, `atoms/norm-${layer}`, mapped), relu)
  }
  const matrices = perceptron(weights, 'edges', described, relu)
  const bias = [...weights['message/bias']!.data]
  for (let step = 0; step < config.steps; step++) {
    const messages = all.map((atom) => {
      const arriving = edges.flatMap(({ source, target }, edge) =>
        target === atom
          ? [
              bias.map((_, k) =>
                sumOf(x[source]!.map((v, j) => v * matrices[edge]![j * width + k]!)),
              ),
            ]
          : [],
      )
      const mean = sumRows(arriving, width).map((value) => value / arriving.length)
      return mean.map((value, k) => relu(value + bias[k]!))
    })
    const [ofMessage, ofState] = [
      affine(weights, 'gru/message', messages),
      affine(weights, 'gru/state', x),
    ]
    x = x.map((state, atom) =>
      state.map((value, k) => {
        const [own, message] = [ofState[atom]!, ofMessage[atom]!]
        const reset = sigmoid(message[k]! + own[k]!)
        const keep = sigmoid(message[width + k]! + own[width + k]!)
        const candidate = Math.tanh(message[2 * width + k]! + reset * own[2 * width + k]!)
        return (1 - keep) * candidate + keep * value
      }),
    )
  }
  let [memory, question, answer] = [0, 1, 2].map(() => Array.from({ length: width }, () => 0))
  for (let step = 0; step < config.poolingSteps; step++) {
    const [gates] = affine(weights, 'pooling/lstm', [[...question!, ...answer!]])
    const gate = (which: number, k: number): number => gates![which * width + k]!
    memory = memory!.map(
      (value, k) => sigmoid(gate(1, k)) * value + sigmoid(gate(0, k)) * Math.tanh(gate(3, k)),
    )
    question = memory.map((value, k) => sigmoid(gate(2, k)) * Math.tanh(value))
    const scores = x.map((state) => Math.exp(sumOf(state.map((value, k) => value * question![k]!))))
    answer = sumRows(
      x.map((state, atom) => state.map((value) => (value * scores[atom]!) / sumOf(scores))),
      width,
    )
  }
  const pooled = affine(weights, 'readout/molecule', [[...question!, ...answer!]])
  return Array.from(table.pairTypes, (type, pair) => {
    const [one, other] = [table.pairAtoms[2 * pair]!, table.pairAtoms[2 * pair + 1]!]
    const edge = edges.findIndex(({ source, target }) => source === one && target === other)
    const order = (first: number, second: number): Rows =>
      mapRows(
        addTables(
          pooled,
          affine(weights, 'readout/edge', [described[edge]!]),
          affine(weights, 'readout/source', [x[first]!]),
          affine(weights, 'readout/target', [x[second]!]),
        ),
        relu,
      )
    const hidden = mapRows(addTables(order(one, other), order(other, one)), (value) => value / 2)
    return perceptron(weights, 'readout', hidden, relu)[0]![type]!
  })
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('computes what the description says, step by step', () => {
  const couplings = compute(() => {
    const result = forward(toTensors(weights), toTensors(features), {} as Context, config)
    return tf.reshape(tf.slice(result.couplings, 0, pairs), [pairs, 1])
  })
  const expected = bruteForce()
  expectRows(
    couplings,
    expected.map((value) => [value]),
  )
  expect(new Set(table.pairTypes).size).toBeGreaterThan(3)
  expect(COUPLING_TYPES).toHaveLength(weights['readout/1/kernel']!.shape[1]!)
  expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.1)
})
