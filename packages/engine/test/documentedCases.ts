import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { integers, numbers, positive } from './compareWithTfjs.ts'
import type { OpCase } from './opCases.ts'

type T = Tensor
type T1 = tf.Tensor1D
type T2 = tf.Tensor2D

function c(f: (...operands: never[]) => Tensor, ...operands: OpCase['operands']): OpCase {
  return { f: f as unknown as OpCase['f'], operands }
}

const x = numbers([4, 6])
const y = numbers([4, 6], 2)
const p = positive([4, 6], 6)
/** A share of true values in `x`'s place, so that steps take part in a derivative. */
const share = (mask: T) => tf.cast(mask, 'float32')

const steps: Record<string, OpCase> = {
  floorDiv: c((a: T, b: T) => tf.mul(a, share(tf.floorDiv(tf.mul(a, 5), b))), x, p),
  notEqual: c((a: T, b: T) => tf.mul(a, share(tf.notEqual(a, b))), x, y),
  isNaN: c((a: T) => tf.where(tf.isNaN(a), tf.zerosLike(a), tf.square(a)), x),
  isInf: c((a: T) => tf.where(tf.isInf(a), tf.zerosLike(a), tf.square(a)), x),
  isFinite: c((a: T) => tf.where(tf.isFinite(a), tf.square(a), tf.zerosLike(a)), x),
  onesLike: c((a: T) => tf.add(tf.square(a), tf.onesLike(a)), x),
  all: c((a: T) => tf.mul(a, share(tf.all(tf.greater(a, -0.9), 0))), x),
  any: c((a: T) => tf.mul(a, share(tf.any(tf.greater(a, 0.5), 1, true))), x),
  argMax: c((a: T) => tf.mul(a, tf.oneHot(tf.argMax<T1>(a, 1), 6)), x),
  argMin: c((a: T) => tf.mul(a, tf.oneHot(tf.argMin<T1>(a, 1), 6)), x),
}

const losses: Record<string, OpCase> = {
  meanSquaredError: c((a: T, b: T) => tf.losses.meanSquaredError(a, b), x, y),
  'meanSquaredError, weighted': c(
    (a: T, b: T, w: T) => tf.losses.meanSquaredError(a, b, w),
    x,
    y,
    positive([4, 1]),
  ),
  cosineDistance: c((a: T, b: T) => tf.losses.cosineDistance(a, b, 1), x, y),
  hingeLoss: c((a: T, b: T) => tf.losses.hingeLoss(share(tf.greater(b, 0)), tf.mul(a, 0.3)), x, y),
  logLoss: c((a: T, b: T) => tf.losses.logLoss(share(tf.greater(b, 0)), tf.sigmoid(a)), x, y),
  // By the logits; tfjs's gradient by the labels is wrong, and made where it cannot be mended.
  softmaxCrossEntropy: c(
    (a: T, i: T1) => tf.losses.softmaxCrossEntropy(tf.oneHot(i, 6), a, 1, 0.1),
    x,
    integers([4], [0, 3, 5, 1]),
  ),
}

const matrices: Record<string, OpCase> = {
  euclideanNorm: c((a: T) => tf.euclideanNorm(a, 1), x),
  'linalg.bandPart': c((a: T) => tf.linalg.bandPart(tf.exp(a), 1, 2), x),
  'linalg.gramSchmidt': c((a: T2) => tf.linalg.gramSchmidt(a) as T2, numbers([3, 4])),
  'linalg.qr': c((a: T2) => tf.linalg.qr(a)[1], numbers([3, 3])),
  meshgrid: c(
    (a: T1, b: T1) => tf.mul(...(tf.meshgrid(a, b) as [T, T])),
    numbers([3]),
    numbers([4]),
  ),
  'unstack of one': c((a: T) => tf.unstack(tf.exp(a), 0)[0]!, numbers([1, 3])),
  'split into one': c((a: T) => tf.split(tf.exp(a), 1, 1)[0]!, x),
  ensureShape: c((a: T) => tf.ensureShape(tf.exp(a), [4, 6]), x),
  movingAverage: c((a: T, b: T) => tf.movingAverage(a, b, 0.9, undefined, false), x, y),
}

const bias = 0.3
const recurrent: Record<string, OpCase> = {
  basicLSTMCell: c(
    (data: T2, h: T2, w: T2, offset: T1) => {
      const [cell, output] = tf.basicLSTMCell(tf.scalar(bias), w, offset, data, tf.tanh(h), h)
      return tf.add(cell, output)
    },
    numbers([4, 3]),
    numbers([4, 2], 2),
    numbers([5, 8], 3),
    numbers([8], 4),
  ),
  multiRNNCell: c(
    (data: T2, h: T2, w: T2, offset: T1) => {
      const cell = (d: T2, state: T2, hidden: T2): [T2, T2] =>
        tf.basicLSTMCell(tf.scalar(bias), w, offset, d, state, hidden)
      const [cells, outputs] = tf.multiRNNCell([cell, cell], data, [h, h], [h, h])
      return tf.addN([...cells, ...outputs])
    },
    numbers([4, 2]),
    numbers([4, 2], 2),
    numbers([4, 8], 3),
    numbers([8], 4),
  ),
}

const images: Record<string, OpCase> = {
  'image.grayscaleToRGB': c((a: tf.Tensor3D) => tf.image.grayscaleToRGB(a), numbers([2, 3, 1])),
  'image.rgbToGrayscale': c((a: tf.Tensor3D) => tf.image.rgbToGrayscale(a), numbers([2, 2, 3])),
}

const signals: Record<string, OpCase> = {
  'signal.frame': c((a: T1) => tf.signal.frame(tf.exp(a), 4, 2), numbers([10])),
  'signal.hannWindow': c((a: T1) => tf.mul(a, tf.signal.hannWindow(10)), numbers([10])),
  'signal.hammingWindow': c((a: T1) => tf.mul(a, tf.signal.hammingWindow(10)), numbers([10])),
}

/** Documented ops that consist of others, and those whose derivative is zero where it exists. */
export const documentedCases: Readonly<Record<string, OpCase>> = {
  ...steps,
  ...losses,
  ...matrices,
  ...recurrent,
  ...images,
  ...signals,
}
