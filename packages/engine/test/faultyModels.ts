import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { compileGraph } from '../src/compileGraph.ts'

/** Models with one fault each. The test looks for the comments before the faulty lines, so that it knows their numbers. */
export const faultyModels: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  convolution: (x) => {
    const image = tf.reshape(x, [1, 2, 3, 1])
    // fault: convolution
    return tf.conv2d(image as tf.Tensor4D, tf.ones([1, 1, 1, 1]), 1, 'same')
  },

  chained: (x) => {
    return (
      x
        .mul(2)
        .add(1)
        // fault: chained
        .topk(1)
        .values.mul(3)
    )
  },

  helper: (x) => tf.add(helper(x), 1),

  gradient: (x) =>
    tf.grad((u: Tensor) => {
      const activated = tf.tanh(u)
      const edges: [number, number][] = [
        [1, 1],
        [0, 0],
      ]
      // fault: gradient
      return tf.sum(tf.mirrorPad(activated, edges, 'reflect'))
    })(x),

  random: (x) => {
    // fault: random
    return tf.dropout(x, 0.5)
  },

  value: (x) => {
    // fault: value
    const [first] = tf.sum(x).dataSync()
    return tf.mul(x, first!)
  },

  // fault: empty
  empty: (x) => tf.concat([x, tf.slice(x, [0, 0], [0, 3])]),

  complex: (x) => {
    // fault: complex
    const pair = tf.complex(x, x)
    return tf.real(pair)
  },

  segments: (x) => {
    const ids = tf.zeros([2, 3], 'int32')
    // fault: segments
    return tf.unsortedSegmentSum(x, ids as never, 3)
  },

  batchNorm: (x) =>
    tf.grad((u: Tensor) => {
      // fault: batchNorm
      return tf.sum(tf.batchNorm(u, tf.zeros([3]), tf.ones([3])))
    })(x),
}

function helper(x: Tensor): Tensor {
  const padded = tf.pad(x, [
    [0, 1],
    [0, 0],
  ])
  // fault: helper
  return tf.tensorScatterUpdate(padded, [[0]], tf.zeros([1, 3]))
}

/** The message with which compiling a model fails. */
export function messageOf(name: string): string {
  const inputs = [{ name: 'x', shape: [2, 3], dtype: 'float32' }] as const
  try {
    compileGraph(inputs, ({ x }) => ({ y: faultyModels[name]!(x!) }))
  } catch (error) {
    return (error as Error).message
  }
  return ''
}
