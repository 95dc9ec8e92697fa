import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { test } from 'vitest'
import { expectSameWithGradients } from './compareWithTfjs.ts'
import { numbers } from './fixtures.ts'

/** Whole numbers from 0 up to, not including, `below`; the same ones for the same seed (Park and Miller 1988). */
function generator(seed: number): (below: number) => number {
  let state = (seed * 7919 + 12345) % 2147483647
  return (below) => {
    state = (state * 48271) % 2147483647
    return Math.floor((state / 2147483647) * below)
  }
}

type Pick = (below: number) => number
type Step = (x: Tensor, pick: Pick) => Tensor

function shuffled(rank: number, pick: Pick): number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  for (let i = rank - 1; i > 0; i--) {
    const j = pick(i + 1)
    ;[axes[i], axes[j]] = [axes[j]!, axes[i]!]
  }
  return axes
}
const someAxes = (x: Tensor, pick: Pick) => shuffled(x.rank, pick).slice(0, 1 + pick(x.rank))
const indicesOf = (length: number, pick: Pick) =>
  tf.tensor1d(
    Array.from({ length: 3 }, () => pick(length)),
    'int32',
  )
/** Numbers of a shape that broadcasts to that of `x`: some axes have length 1, leading ones may be missing. */
function other(x: Tensor, pick: Pick): Tensor {
  const shape = x.shape.map((length) => (pick(2) === 0 ? 1 : length)).slice(pick(x.rank))
  return tf.tensor(numbers(shape, 1 + pick(1000)).data, shape)
}

/** Steps that the simplifications of the compiler touch: broadcasting, moving elements, reducing, multiplying. */
const steps: Readonly<Record<string, Step>> = {
  tanh: (x) => tf.tanh(x),
  neg: (x) => tf.neg(x),
  minus: (x) => tf.sub(tf.tanh(x), tf.neg(x)),
  square: (x) => tf.square(tf.tanh(x)),
  softplus: (x) => tf.softplus(x),
  scale: (x, pick) => tf.mul(x, [1, -1, 0, 0.5][pick(4)]!),
  offset: (x, pick) => tf.add([0, 1, -0.25][pick(3)]!, x),
  power: (x, pick) => tf.pow(tf.add(tf.square(x), 0.5), [1, 2, 0.5][pick(3)]!),
  add: (x, pick) => tf.add(other(x, pick), x),
  sub: (x, pick) => tf.sub(other(x, pick), x),
  mul: (x, pick) => tf.mul(x, other(x, pick)),
  div: (x, pick) => tf.div(x, tf.add(tf.square(other(x, pick)), 1)),
  maximum: (x, pick) => tf.maximum(x, other(x, pick)),
  where: (x, pick) => tf.where(tf.greater(x, other(x, pick)), x, tf.square(x)),
  twice: (x) => tf.add(tf.mul(x, tf.sigmoid(x)), tf.mul(tf.sigmoid(x), 2)),
  transpose: (x, pick) => tf.transpose(x, shuffled(x.rank, pick)),
  flatten: (x) => tf.reshape(x, [-1, x.shape.at(-1)!]),
  sum: (x, pick) => tf.sum(x, someAxes(x, pick), true),
  mean: (x, pick) => tf.expandDims(tf.mean(x, pick(x.rank)), 0),
  max: (x, pick) => tf.max(x, pick(x.rank), true),
  softmax: (x) => tf.softmax(x),
  centre: (x, pick) => tf.sub(x, tf.mean(x, someAxes(x, pick), true)),
  tile: (x, pick) =>
    tf.tile(
      x,
      x.shape.map(() => 1 + pick(2)),
    ),
  broadcast: (x) => tf.broadcastTo(x, [2, ...x.shape]),
  reverse: (x, pick) => tf.reverse(x, pick(x.rank)),
  pad: (x, pick) =>
    tf.pad(
      x,
      x.shape.map((): [number, number] => [pick(2), pick(2)]),
      pick(2),
    ),
  slice: (x, pick) => {
    const begin = x.shape.map((length) => pick(length))
    return tf.slice(
      x,
      begin,
      x.shape.map((length, axis) => 1 + pick(length - begin[axis]!)),
    )
  },
  stridedSlice: (x, pick) => {
    const strides = x.shape.map(() => [1, 2, -1, -2][pick(4)]!)
    const all = 2 ** x.rank - 1
    return tf.stridedSlice(x, [...x.shape], [...x.shape], strides, all, all)
  },
  concat: (x, pick) => tf.concat([x, tf.tanh(x)], pick(x.rank)),
  stack: (x, pick) => tf.stack([x, tf.neg(x)], pick(x.rank + 1)),
  split: (x, pick) => tf.addN(tf.split(x, x.shape[0], 0).map((part) => tf.mul(part, pick(3)))),
  gather: (x, pick) => {
    const axis = pick(x.rank)
    return tf.gather(x, indicesOf(x.shape[axis]!, pick), axis)
  },
  segments: (x, pick) => {
    const ids = Array.from({ length: x.shape[0] }, () => pick(3))
    return tf.unsortedSegmentSum(x, tf.tensor1d(ids, 'int32'), 3)
  },
  cumsum: (x, pick) => tf.cumsum(x, pick(x.rank), pick(2) === 1, pick(2) === 1),
  product: (x) => tf.matMul(x, x, false, true),
  otherProduct: (x) => tf.matMul(x, tf.tanh(x), true, false),
  matrix: (x) =>
    tf.matMul(x, tf.tensor2d(numbers([x.shape.at(-1)!, 2], 5).data, [x.shape.at(-1)!, 2])),
}
const names = Object.keys(steps)

/** Runs `length` steps that are drawn anew at every call, so that every call with a seed is the same program. */
function program(seed: number, length: number): (x: Tensor) => Tensor {
  return (input) => {
    const pick = generator(seed)
    let x = input
    for (let i = 0; i < length; i++) {
      const name = names[pick(names.length)]!
      const result = steps[name]!(x.rank < 2 ? tf.expandDims(x, 0) : x, pick)
      // Programs stay small.
      x = result.rank > 4 || result.size > 300 ? tf.sum(result, 0) : result
    }
    return tf.tanh(tf.mul(x, 0.1))
  }
}

test.each(Array.from({ length: 120 }, (_, seed) => seed))(
  'random program %i computes as on tfjs-cpu',
  (seed) => expectSameWithGradients(program(seed, 9), [numbers([2, 3, 4], seed)]),
)
