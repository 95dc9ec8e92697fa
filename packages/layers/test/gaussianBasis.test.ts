import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { gaussianBasis } from '../src/index.ts'
import { compute, expectRows } from './bruteForce.ts'

const distances = [0, 0.4, 1.09, 2.5, 100]

test('equals the formula', () => {
  const basis = { count: 5, from: 0.5, to: 2.5, width: 0.25 }
  const expected = distances.map((distance) =>
    Array.from({ length: 5 }, (_, k) => Math.exp(-((distance - (0.5 + 0.5 * k)) ** 2) / 0.25)),
  )
  expectRows(
    compute(() => gaussianBasis(tf.tensor1d(distances), basis)),
    expected,
  )
  expectRows(
    compute(() => gaussianBasis(tf.tensor2d(distances, [5, 1]), basis)),
    expected,
  )
})

test('a distance on a centre gives 1 there, and far away all is 0', () => {
  const basis = { count: 3, from: 1, to: 3, width: 0.1 }
  const { shape, data } = compute(() => gaussianBasis(tf.tensor1d([2, 1000]), basis))
  expect(shape).toEqual([2, 3])
  expect(data[1]).toBe(1)
  expect([...data.subarray(3)]).toEqual([0, 0, 0])
})
