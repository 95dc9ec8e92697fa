import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { compileGraph } from '../src/compileGraph.ts'

beforeAll(() => tf.ready())

const WRONG: Readonly<Record<string, [(x: tf.Tensor, w: tf.Tensor) => tf.Tensor, string]>> = {
  matMul: [(x, w) => tf.matMul(x, w), 'The inner lengths 5 and 3 must be the same'],
  'matMul transposed': [(x, w) => tf.matMul(x, w, true, true), '[4, 5] transposed and [3, 2]'],
  dot: [(x, w) => tf.dot(x, w), 'inner dimensions of inputs must match, but got 5 and 3'],
  add: [(x, w) => tf.add(x, w), 'could not be broadcast together with shapes 4,5 and 3,2'],
  'add of nothing': [(x) => tf.add(x, undefined as never), "Argument 'b' passed to 'add'"],
  concat: [(x, w) => tf.concat([x, w], 0), '(3,2) does not match'],
  stack: [(x, w) => tf.stack([x, w]), 'tensors of shape [4, 5] and [3, 2]. All must'],
  reshape: [(x) => tf.reshape(x, [3, 7]), 'Size(20) must match the product of shape 3,7'],
  unsortedSegmentSum: [
    (x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 1], 'int32'), 2),
    'values of shape [4, 5] and ids of shape [2]. Give one id for each row',
  ],
  gather: [
    (x) => tf.gather(x, tf.tensor1d([0], 'int32'), 3),
    'the axis 3 of values of shape [4, 5]',
  ],
  slice: [(x) => tf.slice(x, [0, 3], [4, 4]), 'would overflow input.shape[1] (5)'],
  transpose: [(x) => tf.transpose(x, [0, 0]), 'the order [0, 0], in which an axis occurs twice'],
  sum: [(x) => tf.sum(x, 4), 'it is given the axis 4 of values of shape [4, 5]'],
  pad: [(x) => tf.pad(x, [[1, 1]]), '1 paddings for values of shape [4, 5]'],
  split: [(x) => tf.split(x, 3, 1)[0]!, 'must evenly divide the axis'],
}

test.each(Object.entries(WRONG))(
  '%s of shapes that do not fit is refused with its line',
  (_, [build, message]) => {
    const inputs = [
      { name: 'x', shape: [4, 5], dtype: 'float32' },
      { name: 'w', shape: [3, 2], dtype: 'float32' },
    ] as const
    const compile = (): unknown => compileGraph(inputs, ({ x, w }) => ({ y: build(x!, w!) }))
    expect(compile).toThrow(message)
    expect(compile).toThrow(/^\[@couplet\/engine\] tf\.\w+ at .*wrongShapes\.test\.ts:\d+:\d+: /)
  },
)

test('an error of the network itself passes unchanged', () => {
  const own = new RangeError('mine')
  const compile = (): unknown =>
    compileGraph([{ name: 'x', shape: [2], dtype: 'float32' }], () => {
      throw own
    })
  expect(compile).toThrow(own)
})
