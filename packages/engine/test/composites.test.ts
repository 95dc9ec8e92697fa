import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describe, test } from 'vitest'
import { expectSameAsTfjs, expectSameWithGradients, numbers } from './compareWithTfjs.ts'
import { messageOperands, messages } from './networkCases.ts'

test.each(['nd', 'elements'] as const)('messages with repeated ends, scatter %s', (scatter) =>
  expectSameWithGradients(messages, messageOperands, { scatter }),
)

const twice = (f: (x: Tensor) => Tensor) => (x: Tensor) => tf.grad((u: Tensor) => tf.sum(f(u)))(x)
const energy = (r: Tensor, weights: Tensor) => tf.sum(tf.tanh(tf.matMul(r, weights)))

describe('gradients of gradients', () => {
  const cases: Record<string, (x: Tensor) => Tensor> = {
    'tanh times square': (u) => tf.mul(tf.tanh(u), tf.square(u)),
    softmax: (u) => tf.square(tf.softmax(u)),
    'matrix product': (u) => tf.square(tf.matMul(u, u, false, true)),
    'gather and segment sum': (u) =>
      tf.square(
        tf.unsortedSegmentSum(
          tf.sin(tf.gather(u, tf.tensor1d([0, 1, 1, 3], 'int32'))),
          tf.tensor1d([1, 0, 0, 1], 'int32'),
          2,
        ),
      ),
    sigmoid: (u) => tf.mul(u, tf.sigmoid(u)),
  }
  test.each(Object.entries(cases))('%s', (_, f) =>
    expectSameWithGradients(twice(f), [numbers([4, 4])]),
  )
})

test('forces: the gradient of an energy by positions takes part in a loss', () =>
  expectSameAsTfjs({ positions: numbers([5, 3]), w: numbers([3, 4], 2) }, ({ positions, w }) => {
    const loss = (weights: Tensor) => {
      const force = tf.grad((r: Tensor) => energy(r, weights))(positions!)
      return tf.sum<tf.Scalar>(tf.square(force))
    }
    const { value, grads } = tf.valueAndGrads(loss)([w!])
    return { value, gradient: grads[0]! }
  }))
