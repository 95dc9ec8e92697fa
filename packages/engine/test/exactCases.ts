import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { HostArray, HostArrays, Tensors } from '../src/arrays.ts'
import { floats, integers, numbers, positive } from './compareWithTfjs.ts'

const { fill } = tf
const whole = integers([8], [-7, -3, -1, 0, 1, 3, 7, 100])
const divisors = integers([8], [2, -2, 3, 5, -4, 2, -3, 7])
const signed = floats([7], [-2.7, -1, -0.2, 0, 0.2, 1, 2.7])

/** A function of the tensors `a`, `b`, `c`, which are fed from the arrays in order. */
export interface ExactCase {
  readonly build: (tensors: Tensors) => Tensors
  readonly arrays: HostArrays
}

type Cases = Record<string, [(t: Record<'a' | 'b' | 'c', Tensor>) => Tensors, ...HostArray[]]>

const cases: Cases = {
  'integer arithmetic': [
    ({ a, b }) => ({
      add: tf.add(a, b),
      sub: tf.sub(a, b),
      mul: tf.mul(a, b),
      square: tf.square(a),
      squaredDifference: tf.squaredDifference(a, b),
      maximum: tf.maximum(a, b),
      minimum: tf.minimum(a, b),
      neg: tf.neg(a),
      abs: tf.abs(a),
      sign: tf.sign(a),
      relu: tf.relu(a),
      clip: tf.clipByValue(a, -2, 5),
      power: tf.pow(a, tf.scalar(2, 'int32')),
    }),
    whole,
    divisors,
  ],
  'integer division rounds down': [
    ({ a, b }) => ({ floorDiv: tf.floorDiv(a, b), div: tf.div(a, b), mod: tf.mod(a, b) }),
    whole,
    divisors,
  ],
  'integer division by a constant': [
    ({ a }) => ({
      quotient: tf.floorDiv(a, tf.scalar(3, 'int32')),
      rest: tf.mod(a, tf.scalar(3, 'int32')),
    }),
    whole,
  ],
  'integer division by zero': [
    ({ a, b }) => ({ floorDiv: tf.floorDiv(a, b), mod: tf.mod(a, b) }),
    integers([3], [5, 0, -5]),
    integers([3], [0, 0, 0]),
  ],
  'floor division of floats': [
    ({ a, b }) => ({ quotient: tf.floorDiv(a, b) }),
    signed,
    floats([7], [0.5, 0.3, -0.3, 1, 2, -1, 2]),
  ],
  'integers and floats together': [
    ({ a, b }) => ({ sum: tf.add(a, b), product: tf.mul(b, a) }),
    whole,
    numbers([8]),
  ],
  casts: [
    ({ a, b }) => ({
      toInteger: tf.cast(a, 'int32'),
      toBoolean: tf.cast(a, 'bool'),
      integerToFloat: tf.div(tf.cast(b, 'float32'), 2),
      integerToBoolean: tf.cast(b, 'bool'),
      booleanToFloat: tf.cast(tf.greater(a, 0), 'float32'),
      booleanToInteger: tf.cast(tf.greater(a, 0), 'int32'),
    }),
    signed,
    whole,
  ],
  comparisons: [
    ({ a, b }) => ({
      equal: tf.equal(a, b),
      notEqual: tf.notEqual(a, b),
      greater: tf.greater(a, b),
      greaterEqual: tf.greaterEqual(a, b),
      less: tf.less(a, b),
      lessEqual: tf.lessEqual(a, b),
    }),
    integers([2, 3], [1, 2, 3, 4, 5, 6]),
    integers([3], [1, 5, 3]),
  ],
  'logic of booleans': [
    ({ a, b }) => {
      const [p, q] = [tf.greater(a, 0), tf.greater(b, 0)]
      return {
        and: tf.logicalAnd(p, q),
        or: tf.logicalOr(p, q),
        xor: tf.logicalXor(p, q),
        not: tf.logicalNot(p),
        chosen: tf.where(p, q, tf.logicalNot(q)),
        equal: tf.equal(p, q),
        all: tf.all(p),
        any: tf.any(tf.logicalAnd(p, q), 0, true),
        sum: tf.sum(p),
      }
    },
    numbers([6], 1),
    numbers([6], 2),
  ],
  'not a number': [
    ({ a }) => ({ isNaN: tf.isNaN(a), isInf: tf.isInf(a), isFinite: tf.isFinite(a) }),
    floats([4], [NaN, Infinity, -Infinity, 1]),
  ],
  'integer reductions': [
    ({ a }) => ({
      sum: tf.sum(a, 1),
      mean: tf.mean(a, 1),
      max: tf.max(a, 0),
      min: tf.min(a, 0, true),
      prod: tf.prod(a, 1),
      cumsum: tf.cumsum(a, 1),
      negated: tf.sum(tf.mul(a, tf.scalar(3, 'int32')), 0),
    }),
    integers([2, 4], [1, -2, 3, 4, 5, 6, -7, 8]),
  ],
  'position of extremes, ties first': [
    ({ a }) => ({ max: tf.argMax(a, 1), min: tf.argMin(a, 1), first: tf.argMax(a) }),
    floats([3, 4], [1, 3, 3, 2, -1, -1, -1, -2, 0, 0, 5, 5]),
  ],
  'running products': [
    ({ a }) => ({
      plain: tf.cumprod(a, 1),
      exclusive: tf.cumprod(a, 1, true),
      reverse: tf.cumprod(a, 0, false, true),
      both: tf.cumprod(a, 1, true, true),
      single: tf.cumprod(tf.slice(a, [0, 0], [3, 1]), 1, true),
    }),
    floats([3, 5], [1, -2, 0.5, 3, 0, 2, 2, -1, 4, 0.1, 1, 1, 0, 5, 6]),
  ],
  'powers as in JavaScript': [
    ({ a, b }) => ({ power: tf.pow(a, b) }),
    floats([6], [-2, -2, -0.5, 0, 3, -1.5]),
    floats([6], [3, -2, 2, 0, -1, 0.5]),
  ],
  'steps keep alpha, also at zero': [
    ({ a }) => ({ zero: tf.step(a), half: tf.step(a, 0.5), minus: tf.step(a, -1) }),
    signed,
  ],
  'one-hot marks': [
    ({ a }) => ({
      plain: tf.oneHot(a, 4),
      values: tf.oneHot(a, 4, 2.5, -1),
      integers: tf.oneHot(a, 4, 1, 0, 'int32'),
      matrix: tf.oneHot(tf.reshape(a, [2, 3]) as never, 4),
    }),
    integers([6], [0, 3, 1, 4, -1, 2]),
  ],
  'constants of kernels': [
    ({ a }) => ({
      linspace: tf.add(tf.linspace(-1, 1, 7), a),
      range: tf.range(3, 17, 2),
      downwards: tf.range(5, 0),
      integers: tf.range(0, 4, 1, 'int32'),
      filled: fill([2, 3], 0.25),
      ones: tf.onesLike(a),
      eye: tf.eye(3),
    }),
    signed,
  ],
  'integer shapes': [
    ({ a }) => ({
      padded: tf.pad(
        a,
        [
          [1, 2],
          [0, 1],
        ],
        9,
      ),
      reversed: tf.reverse(a, 1),
      tiled: tf.tile(a, [1, 2]),
      joined: tf.concat([a, a], 0),
      gathered: tf.gather(a, tf.tensor1d([2, 0, 0], 'int32'), 1),
      cut: tf.slice(a, [0, 1], [2, 2]),
      summed: tf.unsortedSegmentSum(a, tf.tensor1d([1, 1], 'int32'), 2),
    }),
    integers([2, 3], [1, 2, 3, 4, 5, 6]),
  ],
  'gather with two batch axes': [
    ({ a, b }) => ({ gathered: tf.gather(a, b, 2, 2) }),
    numbers([2, 2, 3]),
    integers([2, 2, 4], [0, 1, 2, 1, 1, 1, 0, 2, 2, 0, 0, 1, 0, 0, 0, 0]),
  ],
  'gather behind a batch axis': [
    ({ a, b }) => ({ gathered: tf.gather(a, b, 2, 1) }),
    numbers([2, 4, 2, 3]),
    integers([2, 3], [0, 1, 1, 1, 0, 1]),
  ],
  'fused matrix products': [
    ({ a, b, c }) => ({
      relu: tf.fused.matMul({ a: a, b: b, bias: c, activation: 'relu' }),
      transposed: tf.fused.matMul({ a: b, b: a, transposeA: true, transposeB: true }),
      leaky: tf.fused.matMul({ a: a, b: b, activation: 'leakyrelu', leakyreluAlpha: 0.3 }),
    }),
    numbers([4, 6]),
    numbers([6, 5], 2),
    numbers([5], 3),
  ],
  'angles on the axes': [
    ({ a, b }) => ({ angle: tf.atan2(a, b) }),
    floats([8], [0, 0, 0, 1, -1, 1e-30, 1e30, -1]),
    floats([8], [0, 1, -1, 0, 0, -1e30, 1e-30, -1]),
  ],
  'functions of integers': [
    ({ a }) => ({
      exp: tf.exp(a),
      leaky: tf.leakyRelu(a, 0.3),
      softplus: tf.softplus(a),
      angle: tf.atan2(a, tf.scalar(2, 'int32')),
      expm1: tf.expm1(a),
      tangent: tf.atan(a),
    }),
    integers([5], [-3, -1, 0, 1, 5]),
  ],
  'angles beside a negative zero': [
    ({ a, b }) => ({ angle: tf.atan2(a, b) }),
    floats([3], [1, -1, 2]),
    floats([3], [-0, -0, 0]),
  ],
  'remainders keep the sign of the divisor': [
    ({ a, b }) => ({ rest: tf.mod(tf.expandDims(a, 1), tf.expandDims(b, 0)) }),
    floats([9], [-7, -1.5, -1e-3, 0, 1e-8, 0.25, 1, 6, 7.5]),
    floats([6], [-3, -0.5, -100, 0.5, 2, 100]),
  ],
  'not a number and infinities go through': [
    ({ a, b }) => {
      const pairs = [tf.expandDims(a, 1), tf.expandDims(b, 0)] as const
      return {
        relu: tf.relu(a),
        relu6: tf.relu6(a),
        clip: tf.clipByValue(a, -1, 1),
        sigmoid: tf.sigmoid(a),
        tanh: tf.tanh(a),
        softplus: tf.softplus(a),
        exp: tf.exp(a),
        log1p: tf.log1p(a),
        sqrt: tf.sqrt(a),
        maximum: tf.maximum(...pairs),
        minimum: tf.minimum(...pairs),
        product: tf.mul(...pairs),
        quotient: tf.div(...pairs),
        sum: tf.sum(a),
        softmax: tf.softmax(tf.mul(...pairs)),
      }
    },
    floats([6], [NaN, Infinity, -Infinity, 0, 1, -2]),
    floats([6], [1, NaN, -Infinity, 0, Infinity, -1]),
  ],
  'large numbers': [
    ({ a }) => ({
      softplus: tf.softplus(a),
      sigmoid: tf.sigmoid(a),
      logSigmoid: tf.logSigmoid(a),
      tanh: tf.tanh(a),
      expm1: tf.expm1(a),
      log1p: tf.log1p(tf.abs(a)),
      elu: tf.elu(a),
      erf: tf.erf(a),
      logSumExp: tf.logSumExp(a),
    }),
    floats([8], [-3e38, -1e4, -104, -30, 30, 80, 1e4, 3e38]),
  ],
  'batch normalisation without scale or offset': [
    ({ a, b, c }) => ({
      neither: tf.batchNorm(a, tf.squeeze(b), tf.squeeze(c)),
      offset: tf.batchNorm(a, tf.squeeze(b), tf.squeeze(c), tf.squeeze(b)),
      scale: tf.batchNorm(a, tf.squeeze(b), tf.squeeze(c), undefined, tf.squeeze(b), 0.1),
    }),
    numbers([4, 6]),
    numbers([1, 6], 2),
    positive([1, 6], 3),
  ],
  'softmax of large numbers': [
    ({ a }) => ({ s: tf.softmax(a) }),
    floats([2, 3], [1000, 999, -1e9, 0, 0, 0]),
  ],
  'one matrix times many': [
    ({ a, b }) => ({ left: tf.matMul(a, b), right: tf.matMul(b, a, true, true) }),
    numbers([1, 1, 3, 4]),
    positive([2, 5, 4, 3]),
  ],
}

/** Cases by name: ops without a gradient, and types other than float32. */
export const exactCases: Readonly<Record<string, ExactCase>> = Object.fromEntries(
  Object.entries(cases).map(([name, [f, ...operands]]) => [
    name,
    {
      build: f as unknown as ExactCase['build'],
      arrays: Object.fromEntries(operands.map((array, i) => ['abc'[i]!, array])),
    },
  ]),
)
