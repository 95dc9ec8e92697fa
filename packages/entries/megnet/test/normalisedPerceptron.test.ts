import { initialiseParameters, type ParameterSpec, type Tensors } from '@couplet/engine'
import { layerNorm, linear } from '@couplet/layers'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { gatedSum, gatedSumSpec } from '../src/gatedSum.ts'
import { normalisedPerceptron, normalisedPerceptronSpec } from '../src/normalisedPerceptron.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** Random numbers in every array, also where a spec starts at 0 or 1. */
function randomTensors(spec: ParameterSpec): Tensors {
  const random = Object.entries(spec).map(
    ([name, { shape }]) => [name, { shape, initialiser: { kind: 'uniform', bound: 1 } }] as const,
  )
  return Object.fromEntries(
    Object.entries(initialiseParameters(Object.fromEntries(random), 5).toArrays()).map(
      ([name, { shape, data }]) => [name, tf.tensor(data, [...shape])],
    ),
  )
}

const { atoms, edges } = randomTensors({
  atoms: { shape: [3, 4], initialiser: { kind: 'constant', value: 0 } },
  edges: { shape: [5, 2], initialiser: { kind: 'constant', value: 0 } },
}) as { atoms: tf.Tensor2D; edges: tf.Tensor2D }
const [sources, targets] = [
  tf.tensor1d([0, 0, 1, 2, 2], 'int32'),
  tf.tensor1d([1, 2, 0, 0, 1], 'int32'),
]
const parts = [
  { rows: atoms, indices: sources },
  { rows: atoms, indices: targets },
  { rows: edges },
]
const whole = tf.concat([tf.gather(atoms, sources), tf.gather(atoms, targets), edges], 1)

function expectEqual(actual: tf.Tensor, expected: tf.Tensor): void {
  expect(actual.shape).toEqual(expected.shape)
  const values = expected.dataSync()
  actual.dataSync().forEach((value, index) => expect(value).toBeCloseTo(values[index]!, 4))
}

test('parts give what their concatenation gives: normalise, multiply, softplus, normalise, multiply', () => {
  const weights = randomTensors(normalisedPerceptronSpec('net', [10, 6, 3]))
  const hidden = linear(weights, 'net/0', layerNorm(weights, 'net/norm-0', whole))
  const expected = linear(weights, 'net/1', layerNorm(weights, 'net/norm-1', tf.softplus(hidden)))
  expectEqual(normalisedPerceptron(weights, 'net', parts), expected)
})

test('rows of equal values give a number', () => {
  const weights = randomTensors(normalisedPerceptronSpec('net', [4, 3]))
  const equal = (width: number) => ({ rows: tf.mul(tf.ones([2, width]), 1234.5) })
  for (const together of [[equal(4)], [equal(2), equal(2)]]) {
    const values = normalisedPerceptron(weights, 'net', together).dataSync()
    expect([...values].every(Number.isFinite)).toBe(true)
  }
})

test('the gated sum is sum_k V(x_k) tanh(w . body(x_k)), row by row', () => {
  const weights = randomTensors(gatedSumSpec('sum', 10, 3))
  const [values, body] = tf.split(
    linear(weights, 'sum/in', layerNorm(weights, 'sum/norm', whole)),
    2,
    1,
  )
  const [v, b, w] = [
    values!.arraySync(),
    body!.arraySync(),
    weights['sum/gate/kernel']!.arraySync(),
  ]
  const expected = [0, 1, 2].map(() => [0, 0, 0])
  for (const [row, target] of [...targets.dataSync()].entries()) {
    const score = (b as number[][])[row]!.reduce(
      (sum, value, k) => sum + Math.log1p(Math.exp(value)) * (w as number[][])[k]![0]!,
      0,
    )
    for (const k of [0, 1, 2])
      expected[target]![k]! += (v as number[][])[row]![k]! * Math.tanh(score)
  }
  expectEqual(gatedSum(weights, 'sum', parts, targets, 3), tf.tensor2d(expected))
})
