import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { beforeEach, expect, test } from 'vitest'
import { mendGradients } from '../src/mendGradients.ts'

beforeEach(async () => {
  await tf.setBackend('cpu')
  mendGradients()
})

/** Compares the gradient of `sum(f(x)^2)` with that of the same function written in other ops. */
function expectSameGradient(
  shape: number[],
  f: (x: Tensor) => Tensor,
  reference: (x: Tensor) => Tensor,
): void {
  tf.tidy(() => {
    const x = tf.sin(tf.reshape(tf.range(0, tf.util.sizeFromShape(shape)), shape))
    const gradient = (g: (x: Tensor) => Tensor) => [
      ...tf
        .grad((u: Tensor) => tf.sum(tf.square(g(u))))(x)
        .dataSync(),
    ]
    expect(f(x).arraySync()).toEqual(reference(x).arraySync())
    const result = gradient(f)
    for (const [i, value] of gradient(reference).entries()) expect(result[i]).toBeCloseTo(value, 4)
  })
}

const indices = (...rows: number[][]) => tf.tensor2d(rows, undefined, 'int32')

test('tile', () => {
  expectSameGradient(
    [2, 3],
    (x) => tf.tile(x, [2, 3]),
    (x) => {
      const wide = tf.concat([x, x, x], 1)
      return tf.concat([wide, wide], 0)
    },
  )
  expectSameGradient(
    [1, 3],
    (x) => tf.tile(x, [4, 1]),
    (x) => tf.concat([x, x, x, x], 0),
  )
})

test('cumsum along the first axis of a square', () => {
  expectSameGradient(
    [3, 3],
    (x) => tf.cumsum(x, 0),
    (x) => {
      const [a, b, c] = tf.unstack(x) as [Tensor, Tensor, Tensor]
      return tf.stack([a, tf.add(a, b), tf.add(tf.add(a, b), c)])
    },
  )
})

test('gather with batchDims', () => {
  const first = [1, 1, 0]
  const second = [2, 0, 2]
  const apart = (x: Tensor) => {
    const [a, b] = tf.unstack(x) as [Tensor, Tensor]
    return tf.stack([
      tf.gather(a, tf.tensor1d(first, 'int32')),
      tf.gather(b, tf.tensor1d(second, 'int32')),
    ])
  }
  expectSameGradient([2, 3, 2], (x) => tf.gather(x, indices(first, second), 1, 1), apart)
  expectSameGradient(
    [1, 2, 3, 2],
    (x) => tf.gather(x, tf.reshape(indices(first, second), [1, 2, 3]), 2, 2),
    (x) => tf.expandDims(apart(tf.squeeze(x, [0])), 0),
  )
})

test('a comparison of the variable has gradient zero', () => {
  tf.tidy(() => {
    const x = tf.tensor1d([-1, 2])
    const gradient = tf.grad((u: Tensor) => tf.sum(tf.where(tf.greater(u, 0), tf.square(u), u)))
    expect([...gradient(x).dataSync()]).toEqual([1, 4])
  })
})
