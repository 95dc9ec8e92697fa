import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { floats, integers, numbers, positive } from './compareWithTfjs.ts'
import type { OpCase } from './opCases.ts'

type T = Tensor
type T1 = tf.Tensor1D

function c(f: (...operands: never[]) => Tensor, ...operands: OpCase['operands']): OpCase {
  return { f: f as unknown as OpCase['f'], operands }
}

const x = numbers([4, 6])
const y = numbers([4, 6], 2)
const z = numbers([3, 4, 6], 3)
const q = numbers([2, 3, 4, 5], 7)
const withZeros = floats([3, 5], [1, -2, 0.5, 3, 1, 0, 2, 2, -1, 4, 0.1, 0, 1, 0, 5])

/** An equation with random operands of the lengths b = 2, h = 3, i = 4, j = 5, k = 6. */
function equation(text: string): OpCase {
  const lengths: Record<string, number> = { b: 2, h: 3, i: 4, j: 5, k: 6 }
  const terms = text.split('->')[0]!.split(',')
  const operands = terms.map((term, i) =>
    numbers(
      Array.from(term).map((label) => lengths[label]!),
      11 + i,
    ),
  )
  return c((...tensors: T[]) => tf.einsum(text, ...tensors), ...operands)
}
const equations = [
  'ij,jk->ik', // matrix product
  'bij,bjk->bik', // of stacks
  'bij,jk->bik', // of a stack and one matrix
  'bhik,bhjk->bhij', // attention scores
  'bhij,bhjk->bihk', // attention, heads put back
  'ji,jk->ki', // both transposed
  'bi,bi->b', // row by row
  'i,j->ij', // outer product
  'bi,bj->bij',
  'ij,ij->', // everything summed
  'ij,ij->ij', // nothing summed
  'ij->ji',
  'bij->b', // sums
  'ij->',
  'ij,k->ik', // a label of one operand alone is summed
  'bji,hbj->ih', // several summed labels
  'bijk,ihb->hj',
  'i,->i', // a number
]
const einsum = Object.fromEntries(equations.map((text) => [`einsum ${text}`, equation(text)]))

const products: Record<string, OpCase> = {
  'matMul of a stack and a matrix': c((a: T, b: T) => tf.matMul(a, b), z, numbers([6, 5])),
  'the same, matrix transposed': c(
    (a: T, b: T) => tf.matMul(a, b, false, true),
    z,
    numbers([5, 6]),
  ),
  'the same, stack transposed': c((a: T, b: T) => tf.matMul(a, b, true), z, numbers([4, 5])),
  'the same, both transposed': c((a: T, b: T) => tf.matMul(a, b, true, true), z, numbers([5, 4])),
  'matMul of a matrix and a stack': c((a: T, b: T) => tf.matMul(a, b), numbers([5, 4]), z),
  'the same, stack transposed too': c(
    (a: T, b: T) => tf.matMul(a, b, true, true),
    numbers([6, 5]),
    z,
  ),
  'matMul with axes that broadcast both ways': c(
    (a: T, b: T) => tf.matMul(a, b, false, true),
    numbers([2, 1, 4, 5]),
    numbers([3, 6, 5]),
  ),
}

const broadcasting: Record<string, OpCase> = {
  'maximum with a row': c((a: T, b: T) => tf.maximum(a, b), z, numbers([6], 8)),
  'maximum with a number': c((a: T) => tf.maximum(a, 0.1), x),
  'minimum with a column': c((a: T, b: T) => tf.minimum(b, a), z, numbers([4, 1], 8)),
  'squaredDifference with a row': c((a: T, b: T) => tf.squaredDifference(a, b), z, x),
  'squaredDifference of column and row': c(
    (a: T, b: T) => tf.squaredDifference(a, b),
    numbers([4, 1]),
    numbers([6], 2),
  ),
  'atan2 with a row': c((a: T, b: T) => tf.atan2(a, b), z, positive([6])),
  'mod by a row': c((a: T, b: T) => tf.mod(a, b), x, floats([6], [0.3, 0.41, -0.7, 0.5, 3, -2])),
  'pow with a row': c((a: T, b: T) => tf.pow(a, b), positive([4, 6]), numbers([6])),
  'prelu with a row': c((a: T, b: T) => tf.prelu(a, b), x, positive([6])),
  'where with a row and a number': c((a: T, b: T) => tf.where(tf.greater(b, 0), a, 2), z, x),
}

const scans: Record<string, OpCase> = {
  cumprod: c((a: T) => tf.cumprod(a, 1), x),
  'cumprod axis 0': c((a: T) => tf.cumprod(a, 0), z),
  'cumprod with zeros': c((a: T) => tf.cumprod(a, 1), withZeros),
  'cumprod exclusive': c((a: T) => tf.cumprod(a, 1, true), withZeros),
  'cumprod reverse': c((a: T) => tf.cumprod(a, 1, false, true), withZeros),
  'cumprod exclusive reverse': c((a: T) => tf.cumprod(a, 0, true, true), withZeros),
  'cumprod of one': c((a: T) => tf.add(tf.cumprod(a, 1), tf.cumprod(a, 1, true)), numbers([3, 1])),
  'prod axis -1': c((a: T) => tf.prod(a, -1), z),
  'prod axis 0 of three': c((a: T) => tf.prod(a, 0), numbers([2, 3, 2])),
  'prod of two axes, kept': c((a: T) => tf.prod(a, [0, 2], true), numbers([2, 3, 2])),
  'prod with a zero': c((a: T) => tf.prod(a, 1), withZeros),
  'prod of all': c((a: T) => tf.prod(a), numbers([2, 3])),
}

const slices: Record<string, OpCase> = {
  stridedSlice: c((a: T) => tf.stridedSlice(a, [0, 1], [4, 6], [2, 2]), x),
  'stridedSlice to the end': c((a: T) => tf.stridedSlice(a, [1, 0], [0, 0], [2, 3], 0, 3), x),
  'stridedSlice backwards': c((a: T) => tf.stridedSlice(a, [3, 5], [0, 0], [-1, -2]), x),
  'stridedSlice backwards to the start': c(
    (a: T) => tf.stridedSlice(a, [0, 0], [0, 0], [-2, -1], 3, 3),
    x,
  ),
  'stridedSlice of a dropped axis': c(
    (a: T) => tf.stridedSlice(a, [-1, 1], [0, 5], [1, 1], 0, 0, 0, 0, 1),
    x,
  ),
  'stridedSlice with a new axis': c(
    (a: T) => tf.stridedSlice(a, [0, 0, 1], [0, 2, 6], [1, 1, 2], 0, 0, 0, 1),
    x,
  ),
  'stridedSlice behind an ellipsis': c(
    (a: T) => tf.stridedSlice(a, [0, 1], [0, 6], [1, 2], 0, 0, 1),
    z,
  ),
  'stridedSlice of leading axes': c((a: T) => tf.stridedSlice(a, [1], [3], [1]), z),
}

const indexing: Record<string, OpCase> = {
  gatherND: c((a: T, i: T) => tf.gatherND(a, i), z, integers([4, 2], [0, 1, 2, 3, 0, 1, 1, 0])),
  'gatherND of elements': c(
    (a: T, i: T) => tf.gatherND(a, i),
    x,
    integers([2, 2, 2], [0, 1, 3, 5, 0, 1, 2, 2]),
  ),
  scatterND: c(
    (u: T, i: T) => tf.scatterND(i, u, [4, 5]),
    numbers([4, 5]),
    integers([4, 1], [2, 0, 2, 3]),
  ),
  'scatterND of elements': c(
    (u: T, i: T) => tf.scatterND(i, u, [3, 4]),
    numbers([5]),
    integers([5, 2], [0, 1, 2, 3, 0, 1, 1, 0, 2, 2]),
  ),
  'gather with two batch axes': c(
    (a: T, i: T) => tf.gather(a, i, 2, 2),
    q,
    integers([2, 3, 2], [0, 1, 2, 2, 1, 0, 3, 3, 2, 0, 1, 2]),
  ),
  'ids too large are dropped': c(
    (a: T, s: T1) => tf.unsortedSegmentSum(a, s, 3),
    x,
    integers([4], [0, 3, 2, 7]),
  ),
}

const normalisations: Record<string, OpCase> = {
  batchNorm: c(
    (a: T, m: T1, v: T1, o: T1, s: T1) => tf.batchNorm(a, m, v, o, s, 1e-3),
    x,
    numbers([6], 2),
    positive([6]),
    numbers([6], 3),
    numbers([6], 4),
  ),
  'batchNorm by moments of the batch': c((a: T) => {
    const { mean, variance } = tf.moments(a, 0)
    return tf.batchNorm(a, mean, variance, tf.zeros([6]), tf.ones([6]), 1e-3)
  }, x),
  'norm with epsilon': c(
    (a: T) => tf.sqrt(tf.add(tf.sum(tf.square(a), -1), 1e-6)),
    floats([2, 3], [0, 0, 0, 1, -2, 2]),
  ),
  'softmax along another axis': c(
    (a: T) => tf.transpose(tf.softmax(tf.transpose(a, [1, 0, 2])), [1, 0, 2]),
    z,
  ),
  'a gradient clipped by its norm': c((a: T) => {
    const gradient = tf.grad((u: T) => tf.sum(tf.mul(u, tf.exp(u))))(a)
    const norm = tf.sqrt(tf.sum(tf.square(gradient)))
    return tf.mul(gradient, tf.minimum(1, tf.div(0.5, norm)))
  }, x),
}

/** Second derivatives; the harness differentiates what is a gradient already. */
function second(f: (a: T, b: T) => T, ...operands: OpCase['operands']): OpCase {
  return c(
    (a: T, b: T) => {
      const weighted = (u: T) => tf.sum(tf.mul(f(u, b), tf.sin(f(u, b))))
      return tf.grad(weighted)(a)
    },
    ...operands,
  )
}

const secondDerivatives: Record<string, OpCase> = {
  'elu, twice': second((a) => tf.elu(tf.mul(a, 2)), x),
  'cumprod, twice': second((a) => tf.cumprod(a, 1), withZeros),
  'prod, twice': second((a) => tf.prod(a, -1), x),
  'einsum, twice': second((a) => tf.einsum('ij,kj->ik', a, tf.tanh(a)), x),
  'product of a stack and a matrix, twice': second(
    (a, b) => tf.matMul(tf.tanh(a), tf.sin(b)),
    z,
    numbers([6, 5]),
  ),
  'stridedSlice, twice': second((a) => tf.stridedSlice(tf.exp(a), [0, 1], [4, 6], [2, 2]), x),
  'logSoftmax, twice': second((a) => tf.logSoftmax(tf.sin(a)), x),
  'pow, twice': second((a, b) => tf.pow(a, b), positive([4, 6]), y),
  'gatherND, twice': second((a, i) => tf.gatherND(tf.exp(a), i), x, integers([4, 1], [0, 3, 0, 1])),
  'scatterND, twice': second(
    (u, i) => tf.scatterND(i, tf.exp(u), [4, 6]),
    y,
    integers([4, 1], [2, 0, 2, 3]),
  ),
  'maximum with a row, twice': second((a, b) => tf.maximum(tf.exp(a), b), x, positive([6])),
  'batchNorm, twice': second((a) => {
    const { mean, variance } = tf.moments(a, 0)
    return tf.batchNorm(a, mean, variance, tf.zeros([6]), tf.ones([6]))
  }, x),
}

/** Ops whose gradient {@link mendGradients} adds or repairs, and ops that are recorded as several others. */
export const mendedCases: Readonly<Record<string, OpCase>> = {
  ...einsum,
  ...products,
  ...broadcasting,
  ...scans,
  ...slices,
  ...indexing,
  ...normalisations,
  ...secondDerivatives,
}
