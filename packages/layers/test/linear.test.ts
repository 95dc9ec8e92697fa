import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { linear, linearSpec, multilayerPerceptron, multilayerPerceptronSpec } from '../src/index.ts'
import {
  affine,
  compute,
  expectRows,
  randomParameters,
  randomRows,
  toTensors,
} from './bruteForce.ts'

const x = randomRows(5, 3)

test('linear is a product and a bias', () => {
  const spec = linearSpec('in', 3, 2)
  expect(spec).toEqual({
    'in/kernel': { shape: [3, 2], initialiser: { kind: 'glorot' } },
    'in/bias': { shape: [2], initialiser: { kind: 'constant', value: 0 } },
  })
  const arrays = randomParameters(spec)
  const result = compute(() => linear(toTensors(arrays), 'in', tf.tensor2d(x)))
  expectRows(result, affine(arrays, 'in', x))
})

test('linear without bias, with an initialiser of its own', () => {
  const spec = linearSpec('in', 3, 2, { bias: false, initialiser: { kind: 'uniform', bound: 2 } })
  expect(spec).toEqual({
    'in/kernel': { shape: [3, 2], initialiser: { kind: 'uniform', bound: 2 } },
  })
  const arrays = randomParameters(spec)
  const result = compute(() => linear(toTensors(arrays), 'in', tf.tensor2d(x)))
  expectRows(result, affine(arrays, 'in', x))
})

test('a multilayer perceptron has activations between its layers and none at the end', () => {
  const spec = multilayerPerceptronSpec('mlp', [3, 4, 6, 2])
  expect(Object.entries(spec).map(([name, { shape }]) => [name, shape])).toEqual([
    ['mlp/0/kernel', [3, 4]],
    ['mlp/0/bias', [4]],
    ['mlp/1/kernel', [4, 6]],
    ['mlp/1/bias', [6]],
    ['mlp/2/kernel', [6, 2]],
    ['mlp/2/bias', [2]],
  ])
  const arrays = randomParameters(spec)
  const result = compute(() =>
    multilayerPerceptron(toTensors(arrays), 'mlp', tf.tensor2d(x), tf.relu),
  )
  const relu = (rows: number[][]) => rows.map((row) => row.map((value) => Math.max(0, value)))
  const expected = affine(
    arrays,
    'mlp/2',
    relu(affine(arrays, 'mlp/1', relu(affine(arrays, 'mlp/0', x)))),
  )
  expectRows(result, expected)
  expect(expected.flat().some((value) => value < 0)).toBe(true)
})

test('a multilayer perceptron of one layer is linear', () => {
  const spec = multilayerPerceptronSpec('mlp', [3, 2])
  const arrays = randomParameters(spec)
  const result = compute(() =>
    multilayerPerceptron(toTensors(arrays), 'mlp', tf.tensor2d(x), tf.relu),
  )
  expectRows(result, affine(arrays, 'mlp/0', x))
})

test('perceptrons side by side keep to their own parameters', () => {
  const spec = {
    ...multilayerPerceptronSpec('a', [3, 2]),
    ...multilayerPerceptronSpec('a/0/b', [2, 2]),
  }
  const arrays = randomParameters(spec)
  const result = compute(() =>
    multilayerPerceptron(toTensors(arrays), 'a', tf.tensor2d(x), tf.tanh),
  )
  expectRows(result, affine(arrays, 'a/0', x))
})
