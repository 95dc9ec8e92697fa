import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { describe, test } from 'vitest'
import {
  expectSameAsTfjs,
  expectSameWithGradients,
  integers,
  numbers,
  positive,
} from './compareWithTfjs.ts'

/** Layer normalisation over the last axis. */
function normalise(x: Tensor, gain: Tensor, offset: Tensor): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true))
  const variance = tf.mean(tf.square(centred), -1, true)
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), gain), offset)
}

/** Gated recurrent unit with the gates side by side: reset, update, candidate. */
function gru(input: Tensor, state: Tensor, w: Tensor, u: Tensor, b: Tensor): Tensor {
  const [ir, iz, ic] = tf.split(tf.add(tf.matMul(input, w), b), 3, 1) as [Tensor, Tensor, Tensor]
  const [hr, hz, hc] = tf.split(tf.matMul(state, u), 3, 1) as [Tensor, Tensor, Tensor]
  const update = tf.sigmoid(tf.add(iz, hz))
  const candidate = tf.tanh(tf.add(ic, tf.mul(tf.sigmoid(tf.add(ir, hr)), hc)))
  return tf.add(candidate, tf.mul(update, tf.sub(state, candidate)))
}

/** Self-attention of two heads with a bias on the scores; queries, keys and values side by side in `x`. */
function attention(x: Tensor, bias: Tensor): Tensor {
  const [molecules, atoms, heads, width] = [2, 5, 2, 4]
  const parts = tf.transpose(tf.reshape(x, [molecules, atoms, 3, heads, width]), [2, 0, 3, 1, 4])
  const [q, k, v] = tf.unstack(parts, 0) as [Tensor, Tensor, Tensor]
  const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width)), bias)
  const mixed = tf.matMul(tf.softmax(scores, -1), v)
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [molecules * atoms, heads * width])
}

/** Two rounds of messages over the edges of a graph, with edges that share ends. */
function messages(nodes: Tensor, edges: Tensor, w: Tensor, from: Tensor, to: Tensor): Tensor {
  let state = nodes
  for (let round = 0; round < 2; round++) {
    const ends = [tf.gather(state, from), tf.gather(state, to), edges]
    const message = tf.relu(tf.matMul(tf.concat(ends, 1), w))
    state = tf.add(state, tf.unsortedSegmentSum(message, to as Tensor1D, 4))
  }
  return state
}

const graph = [
  numbers([4, 3]),
  numbers([7, 2], 2),
  numbers([8, 3], 3),
  integers([7], [0, 1, 2, 3, 0, 0, 2]),
  integers([7], [1, 0, 3, 1, 1, 1, 0]),
]

describe('network parts', () => {
  test('layer normalisation', () =>
    expectSameWithGradients(normalise, [numbers([5, 8]), numbers([8], 2), numbers([8], 3)]))
  test('gated recurrent unit', () =>
    expectSameWithGradients(gru, [
      numbers([4, 6]),
      numbers([4, 5], 2),
      numbers([6, 15], 3),
      numbers([5, 15], 4),
      numbers([15], 5),
    ]))
  test('attention with bias', () =>
    expectSameWithGradients(attention, [numbers([10, 24]), numbers([2, 2, 5, 5], 2)]))
  test('attention with a bias for all heads', () =>
    expectSameWithGradients(attention, [numbers([10, 24]), numbers([2, 1, 1, 5], 2)]))
  test.each(['nd', 'elements'] as const)('messages with repeated ends, scatter %s', (scatter) =>
    expectSameWithGradients(messages, graph, { scatter }),
  )
  test('radial basis functions of distances', () =>
    expectSameWithGradients(
      (x) => {
        const difference = tf.sub(tf.expandDims(x, 0), tf.expandDims(x, 1))
        const distance = tf.sqrt(tf.add(tf.sum(tf.square(difference), -1), 1e-6))
        const offset = tf.sub(tf.expandDims(distance, -1), tf.linspace(0, 2, 6))
        return tf.exp(tf.mul(-3, tf.square(offset)))
      },
      [positive([4, 3])],
    ))
})

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
    'layer normalisation': (u) => tf.pow(normalise(u, tf.scalar(0.5), tf.scalar(0.1)), 3),
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
