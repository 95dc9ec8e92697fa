import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { HostArray } from '../src/arrays.ts'
import { floats, integers, numbers, positive } from './compareWithTfjs.ts'
import { documentedCases } from './documentedCases.ts'
import { mendedCases } from './mendedCases.ts'
import { networkCases } from './networkCases.ts'

/** A function of tensors and what to feed it: value and gradients are compared with tfjs-cpu. */
export interface OpCase {
  readonly f: (...operands: Tensor[]) => Tensor
  readonly operands: readonly HostArray[]
}

/** Shorthand for a case. */
function c(f: (...operands: never[]) => Tensor, ...operands: readonly HostArray[]): OpCase {
  return { f: f as unknown as OpCase['f'], operands }
}

type T = Tensor
type T1 = tf.Tensor1D
type T2 = tf.Tensor2D

const x = numbers([4, 6])
const y = numbers([4, 6], 2)
const z = numbers([3, 4, 6], 3)
const z2 = numbers([3, 4, 6], 4)
const w = numbers([6, 5], 5)
const p = positive([4, 6], 6)
const q = numbers([2, 3, 4, 5], 7)
/** Numbers with equal ones in every row. */
const ties = floats([3, 4], [1, 3, 3, 2, -1, -1, -1, -2, 0, 0, 5, 5])
/** Numbers on both sides of everything, with zeros. */
const signed = floats([10], [-3, -1, -0.5, -1e-4, 0, 1e-4, 0.5, 1, 3, 20])
const rows = integers([6], [0, 2, 1, 3, 3, 0])
const ids = integers([4], [0, 2, 2, 1])

const elementwise: Record<string, OpCase> = {
  relu: c((a: T) => tf.relu(a), signed),
  relu6: c((a: T) => tf.relu6(tf.mul(a, 4)), signed),
  elu: c((a: T) => tf.elu(a), signed),
  selu: c((a: T) => tf.selu(a), signed),
  'leakyRelu alpha 0.1': c((a: T) => tf.leakyRelu(a, 0.1), signed),
  'leakyRelu default alpha': c((a: T) => tf.leakyRelu(a), signed),
  prelu: c((a: T, b: T) => tf.prelu(a, b), x, p),
  softplus: c((a: T) => tf.softplus(a), signed),
  gelu: c((a: T) => tf.mul(tf.mul(a, 0.5), tf.add(1, tf.erf(tf.div(a, Math.SQRT2)))), x),
  silu: c((a: T) => tf.mul(a, tf.sigmoid(a)), x),
  tanh: c((a: T) => tf.tanh(a), signed),
  sigmoid: c((a: T) => tf.sigmoid(a), signed),
  logSigmoid: c((a: T) => tf.logSigmoid(a), signed),
  add: c((a: T, b: T) => tf.add(a, b), x, y),
  'add one minus': c((a: T, b: T) => tf.add(tf.neg(a), tf.neg(b)), x, y),
  addN: c((a: T, b: T) => tf.addN([a, b, a]), x, y),
  'mul broadcast': c((a: T, b: T) => tf.mul(a, b), x, z),
  'mul outer': c((a: T, b: T) => tf.mul(tf.expandDims(a, 1), tf.expandDims(b, 0)), x, y),
  'mul row': c((a: T, b: T) => tf.mul(a, b), x, numbers([6], 9)),
  'mul column': c((a: T, b: T) => tf.mul(a, b), x, numbers([4, 1], 9)),
  sub: c((a: T, b: T) => tf.sub(a, b), x, y),
  'sub negative': c((a: T, b: T) => tf.sub(a, tf.neg(b)), x, y),
  div: c((a: T, b: T) => tf.div(a, b), x, p),
  divNoNan: c((a: T, b: T) => tf.divNoNan(a, b), x, p),
  maximum: c((a: T, b: T) => tf.maximum(a, b), x, y),
  'maximum with ties': c(
    (a: T, b: T) => tf.maximum(a, tf.broadcastTo(b, [3, 4])),
    ties,
    floats([3, 1], [3, -1, 0]),
  ),
  minimum: c((a: T, b: T) => tf.minimum(a, b), x, y),
  'minimum with ties': c(
    (a: T, b: T) => tf.minimum(a, tf.broadcastTo(b, [3, 4])),
    ties,
    floats([3, 1], [3, -1, 0]),
  ),
  squaredDifference: c((a: T, b: T) => tf.squaredDifference(a, b), x, y),
  'pow 3': c((a: T) => tf.pow(a, 3), p),
  'pow 2': c((a: T) => tf.pow(a, 2), x),
  'pow of negative base': c((a: T) => tf.pow(a, 3), floats([3], [-2, -0.5, 1.5])),
  'pow tensor': c((a: T, b: T) => tf.pow(a, b), p, y),
  mod: c(
    (a: T, b: T) => tf.mod(a, b),
    floats([6], [5, -5, 5, -5, 0.7, -4]),
    floats([6], [3, 3, -3, -3, 0.2, 2]),
  ),
  'atan2 in all quadrants': c(
    (a: T, b: T) => tf.atan2(a, b),
    floats([9], [1, 2, -1, -2, 1, -1, 0, 0, 0.3]),
    floats([9], [2, -1, -2, 1, 0, 0, 1, -1, -5]),
  ),
  abs: c((a: T) => tf.abs(a), signed),
  sign: c((a: T) => tf.sign(a), signed),
  'step alpha 0.3': c((a: T) => tf.mul(a, tf.step(a, 0.3)), signed),
  neg: c((a: T) => tf.neg(tf.neg(tf.neg(a))), x),
  exp: c((a: T) => tf.exp(a), x),
  expm1: c((a: T) => tf.expm1(tf.mul(a, 0.2)), signed),
  log: c((a: T) => tf.log(a), p),
  log1p: c((a: T) => tf.log1p(a), p),
  sqrt: c((a: T) => tf.sqrt(a), p),
  rsqrt: c((a: T) => tf.rsqrt(a), p),
  square: c((a: T) => tf.square(a), x),
  reciprocal: c((a: T) => tf.reciprocal(a), p),
  sin: c((a: T) => tf.sin(a), x),
  cos: c((a: T) => tf.cos(a), x),
  tan: c((a: T) => tf.tan(a), x),
  asin: c((a: T) => tf.asin(tf.mul(a, 0.9)), x),
  acos: c((a: T) => tf.acos(tf.mul(a, 0.9)), x),
  atan: c((a: T) => tf.atan(a), x),
  sinh: c((a: T) => tf.sinh(a), x),
  cosh: c((a: T) => tf.cosh(a), x),
  asinh: c((a: T) => tf.asinh(a), x),
  acosh: c((a: T) => tf.acosh(tf.add(a, 1.5)), p),
  atanh: c((a: T) => tf.atanh(tf.mul(a, 0.9)), x),
  erf: c((a: T) => tf.erf(a), x),
  floor: c((a: T) => tf.mul(a, tf.floor(a)), signed),
  ceil: c((a: T) => tf.mul(a, tf.ceil(a)), signed),
  'round half to even': c(
    (a: T) => tf.mul(a, tf.round(a)),
    floats([6], [-1.5, -0.5, 0.5, 1.5, 2.5, 0.4]),
  ),
  'clip by value': c((a: T) => tf.clipByValue(a, -0.3, 0.3), x),
  'where of a comparison of the variable': c(
    (a: T, b: T) => tf.where(tf.greater(a, 0), a, b),
    x,
    y,
  ),
  'where with broadcasting': c((a: T, b: T) => tf.where(tf.less(b, 0), a, b), z, x),
  'where of bad branches': c(
    (a: T) => tf.where(tf.greater(a, 0), tf.square(a), tf.zerosLike(a)),
    signed,
  ),
  'logical mask': c(
    (a: T, b: T) =>
      tf.mul(
        a,
        tf.cast(tf.logicalAnd(tf.greater(a, -0.5), tf.logicalNot(tf.lessEqual(b, 0))), 'float32'),
      ),
    x,
    y,
  ),
  'logical xor': c(
    (a: T, b: T) =>
      tf.mul(a, tf.cast(tf.logicalXor(tf.greater(a, 0), tf.greater(b, 0)), 'float32')),
    x,
    y,
  ),
  huber: c((a: T, b: T) => tf.losses.huberLoss(a, b), x, y),
  'absolute difference': c((a: T, b: T) => tf.losses.absoluteDifference(a, b), x, y),
  'log-MAE': c((a: T, b: T) => tf.log(tf.add(tf.mean(tf.abs(tf.sub(a, b)), 0), 1e-9)), x, y),
  'sigmoid cross entropy': c(
    (a: T, b: T) => tf.losses.sigmoidCrossEntropy(tf.cast(tf.greater(b, 0), 'float32'), a),
    x,
    y,
  ),
}

const shapes: Record<string, OpCase> = {
  reshape: c((a: T) => tf.reshape(tf.reshape(a, [2, 12]), [3, -1]), x),
  expandDims: c((a: T) => tf.expandDims(a, -1), x),
  squeeze: c((a: T) => tf.squeeze(tf.expandDims(a, 0), [0]), x),
  transpose: c((a: T) => tf.transpose(a, [2, 0, 1]), z),
  'transpose twice': c((a: T) => tf.transpose(tf.transpose(a, [2, 0, 1]), [0, 2, 1]), z),
  'transpose of unit axes': c((a: T) => tf.transpose(tf.reshape(a, [4, 1, 6]), [1, 0, 2]), x),
  'concat axis 1': c((a: T, b: T) => tf.concat([a, b, a], 1), x, y),
  'concat axis -1': c((a: T, b: T) => tf.concat([a, b], -1), z, z2),
  stack: c((a: T, b: T) => tf.stack([a, b], 1), x, y),
  'stack axis -1': c((a: T, b: T) => tf.stack([a, b], -1), x, y),
  unstack: c((a: T) => tf.unstack(a, 1)[2]!, x),
  'unstack all': c((a: T) => tf.addN(tf.unstack(tf.mul(a, a), 0)), x),
  'split sizes': c((a: T) => tf.split(a, [2, 4], 1)[1]!, x),
  'split number, axis -1': c((a: T) => tf.mul(tf.split(a, 3, -1)[0]!, tf.split(a, 3, -1)[2]!), x),
  slice: c((a: T) => tf.slice(a, [1, 2], [2, 3]), x),
  'slice to the end': c((a: T) => tf.slice(a, [1, 0], [-1, 3]), x),
  'slice 3-D': c((a: T) => tf.slice(a, [1], [2]), z),
  pad: c(
    (a: T) =>
      tf.pad(a, [
        [1, 0],
        [0, 2],
      ]),
    x,
  ),
  'pad with a value': c(
    (a: T) =>
      tf.pad(
        a,
        [
          [0, 1],
          [2, 0],
        ],
        -1.5,
      ),
    x,
  ),
  tile: c((a: T) => tf.tile(a, [2, 1]), x),
  'tile both axes': c((a: T) => tf.tile(a, [2, 3]), x),
  'tile 3-D': c((a: T) => tf.tile(a, [1, 2, 1]), z),
  broadcastTo: c((a: T) => tf.broadcastTo(a, [3, 4, 6]), x),
  'broadcastTo of a column': c((a: T) => tf.broadcastTo(a, [4, 7]), numbers([4, 1])),
  'reverse axis 1': c((a: T) => tf.reverse(a, 1), x),
  'reverse two axes': c((a: T) => tf.reverse(a, [0, -1]), z),
}

const reductions: Record<string, OpCase> = {
  'sum of all': c((a: T) => tf.sum(a), x),
  'sum axis 0': c((a: T) => tf.sum(a, 0), x),
  'sum axes 0 and 2, kept': c((a: T) => tf.sum(a, [0, 2], true), z),
  'sum of an outer product': c(
    (a: T, b: T) => tf.sum(tf.mul(tf.expandDims(a, 1), tf.expandDims(b, 0)), 1),
    x,
    y,
  ),
  'sum of repeated values': c(
    (a: T) => tf.sum(tf.broadcastTo(tf.expandDims(a, 1), [4, 5, 6]), [1, 2]),
    x,
  ),
  'sum of a quotient by a column': c((a: T, b: T) => tf.sum(tf.div(a, b), 1), x, positive([4, 1])),
  'sum of negative scaled': c((a: T) => tf.sum(tf.neg(tf.mul(a, 3)), -1, true), x),
  'mean axis 0': c((a: T) => tf.mean(a, 0), x),
  'mean of all': c((a: T) => tf.mean(a), z),
  'mean axis -1 kept': c((a: T) => tf.mean(a, -1, true), x),
  'max axis 1': c((a: T) => tf.max(a, 1), x),
  'max with ties': c((a: T) => tf.max(a, 1), ties),
  'max of all, kept': c((a: T) => tf.max(a, undefined, true), z),
  'min axis 1': c((a: T) => tf.min(a, 1), x),
  'min with ties, kept': c((a: T) => tf.min(a, 1, true), ties),
  'prod axis 1': c((a: T) => tf.prod(a, 1), p),
  'prod of negatives': c((a: T) => tf.prod(a, 0), x),
  'norm 2': c((a: T) => tf.norm(a, 2, 1), x),
  'norm 1': c((a: T) => tf.norm(a, 1, 0), x),
  'moments variance': c((a: T) => tf.moments(a, 1).variance, x),
  softmax: c((a: T) => tf.softmax(a), x),
  'softmax 4-D': c((a: T) => tf.softmax(a, -1), q),
  'softmax with a mask': c((a: T) => tf.softmax(tf.add(a, [0, 0, -1e9, 0, -1e9, 0])), x),
  logSoftmax: c((a: T) => tf.logSoftmax(a), x),
  'logSumExp axis 0': c((a: T) => tf.logSumExp(a, 0), x),
  'logSumExp kept': c((a: T) => tf.logSumExp(a, -1, true), x),
  'cumsum axis 1': c((a: T) => tf.cumsum(a, 1), x),
  'cumsum axis 0': c((a: T) => tf.cumsum(a, 0), z),
  'cumsum exclusive': c((a: T) => tf.cumsum(a, 1, true, false), x),
  'cumsum reverse': c((a: T) => tf.cumsum(a, 1, false, true), x),
  'cumsum exclusive reverse': c((a: T) => tf.cumsum(a, 0, true, true), x),
}

const matrices: Record<string, OpCase> = {
  matMul: c((a: T, b: T) => tf.matMul(a, b), x, w),
  'matMul transposeA': c((a: T, b: T) => tf.matMul(a, b, true, false), x, y),
  'matMul transposeB': c((a: T, b: T) => tf.matMul(a, b, false, true), x, y),
  'matMul both transposed': c(
    (a: T, b: T) => tf.matMul(a, b, true, true),
    numbers([6, 4]),
    numbers([5, 6]),
  ),
  'matMul of a transposed tensor': c((a: T, b: T) => tf.matMul(a, tf.transpose(b)), x, y),
  'batched matMul': c((a: T, b: T) => tf.matMul(a, b), z, numbers([3, 6, 5])),
  'batched transposeA': c((a: T, b: T) => tf.matMul(a, b, true, false), z, z2),
  'batched transposeB': c((a: T, b: T) => tf.matMul(a, b, false, true), z, z2),
  'batched both transposed': c((a: T, b: T) => tf.matMul(a, b, true, true), z, numbers([3, 5, 4])),
  'batched of transposed tensors': c(
    (a: T, b: T) => tf.matMul(tf.transpose(a, [0, 2, 1]), tf.transpose(b, [0, 2, 1])),
    z,
    numbers([3, 5, 4]),
  ),
  '4-D transposeB, scaled': c(
    (a: T, b: T) => tf.mul(tf.matMul(a, b, false, true), 0.35),
    q,
    numbers([2, 3, 6, 5]),
  ),
  'one batch': c(
    (a: T, b: T) => tf.matMul(a, b, false, true),
    numbers([1, 4, 6]),
    numbers([1, 3, 6]),
  ),
  'dense layer': c((a: T, b: T, d: T) => tf.relu(tf.add(tf.matMul(a, b), d)), x, w, numbers([5])),
  'scaled dense layer': c(
    (a: T, b: T, d: T) => tf.add(d, tf.mul(2.5, tf.matMul(a, b))),
    x,
    w,
    numbers([1, 5]),
  ),
  'bias of one column': c((a: T, b: T, d: T) => tf.add(tf.matMul(a, b), d), x, w, numbers([4, 1])),
  'bias scaled after': c(
    (a: T, b: T, d: T) => tf.mul(tf.add(tf.matMul(a, b), d), 3),
    x,
    w,
    numbers([5]),
  ),
  residual: c((a: T, b: T) => tf.add(a, tf.matMul(a, b)), x, numbers([6, 6])),
  'sum of products': c((a: T, b: T) => tf.add(tf.matMul(a, b), tf.matMul(tf.tanh(a), b)), x, w),
  'product used twice': c(
    (a: T, b: T) => {
      const m = tf.matMul(a, b)
      return tf.add(tf.add(m, 1), tf.mul(m, m))
    },
    x,
    w,
  ),
  'vector bias broadcast up': c(
    (a: T, b: T) => tf.add(tf.matMul(a, b), numbersTensor([3, 4, 5])),
    x,
    w,
  ),
  dot: c((a: T, b: T) => tf.dot(a, b), x, w),
  outerProduct: c((a: T1, b: T1) => tf.outerProduct(a, b), numbers([4]), numbers([5])),
}

function numbersTensor(shape: number[]): T {
  return tf.tensor(numbers(shape, 31).data, shape)
}

const indexing: Record<string, OpCase> = {
  'gather rows': c((a: T, i: T1) => tf.gather(a, i), x, rows),
  'gather axis 1': c((a: T, i: T1) => tf.gather(a, i, 1), x, rows),
  'gather axis 2': c((a: T, i: T1) => tf.gather(a, i, 2), z, rows),
  'gather axis -1': c((a: T, i: T1) => tf.gather(a, i, a.rank - 1), z, rows),
  'gather with a matrix of indices': c(
    (a: T, i: T2) => tf.gather(a, i),
    x,
    integers([2, 3], [0, 2, 1, 3, 3, 0]),
  ),
  'gather with batchDims 1': c(
    (a: T, i: T2) => tf.gather(a, i, 1, 1),
    z,
    integers([3, 2], [0, 1, 2, 2, 1, 0]),
  ),
  unsortedSegmentSum: c((a: T, s: T1) => tf.unsortedSegmentSum(a, s, 3), x, ids),
  'segment sum with empty segments': c((a: T, s: T1) => tf.unsortedSegmentSum(a, s, 7), x, ids),
  'segment sum of vectors': c((a: T1, s: T1) => tf.unsortedSegmentSum(a, s, 4), numbers([6]), rows),
  'segment sum 3-D': c((a: T, s: T1) => tf.unsortedSegmentSum(a, s, 3), numbers([4, 2, 3]), ids),
  'negative ids are dropped': c(
    (a: T, s: T1) => tf.unsortedSegmentSum(a, s, 3),
    x,
    integers([4], [0, -1, 2, -3]),
  ),
  'oneHot product': c((a: T, i: T1) => tf.matMul(tf.oneHot(i, 4), a), x, rows),
  'gather then segment sum': c(
    (a: T, i: T1) => tf.unsortedSegmentSum(tf.tanh(tf.gather(a, i)), i, 4),
    x,
    rows,
  ),
}

/** Cases by name; every one is run for value and gradients. */
export const opCases: Readonly<Record<string, OpCase>> = {
  ...elementwise,
  ...shapes,
  ...reductions,
  ...matrices,
  ...indexing,
  ...mendedCases,
  ...documentedCases,
  ...networkCases,
}
