import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { stridedBox } from '../stridedBox.ts'
import type { Gradient } from './Gradient.ts'

/** The sum over the repetitions: of `[2, 3]` tiled `[4, 5]` times, axes 0 and 2 of `dy` as `[4, 2, 5, 3]`. */
export const gradientOfTile: Gradient = (dy, [x], { reps }) => {
  const repeats = reps as number[]
  const apart: number[] = []
  const repeated: number[] = []
  for (const [axis, length] of x!.shape.entries()) {
    // Axes that are not repeated stay whole, so that the rank stays low (eager backends stop at 6).
    if (repeats[axis] !== 1) repeated.push(apart.push(repeats[axis]!) - 1)
    if (repeats[axis] === 1 || length !== 1) apart.push(length)
  }
  if (apart.length > 6) return undefined
  return { x: () => tf.reshape(tf.sum(tf.reshape(dy, apart), repeated), x!.shape) }
}

/** With batch and gathered axis joined, batch elements own separate segments: one segment sum for all of them. */
export const gradientOfBatchedGather: Gradient = (dy, [x, indices], attributes) => {
  const batchAxes = (attributes['batchDims'] as number | undefined) ?? 0
  const axis = attributes['axis'] as number
  if (batchAxes <= 0 || axis !== batchAxes) return undefined
  const derivative = (): Tensor => {
    const batches = tf.util.sizeFromShape(x!.shape.slice(0, batchAxes))
    const length = x!.shape[axis]!
    const width = tf.util.sizeFromShape(x!.shape.slice(axis + 1))
    const starts = tf.reshape(tf.range(0, batches * length, length, 'int32'), [batches, 1])
    const segments = tf.add(tf.reshape(indices!, [batches, -1]), starts)
    const rows = tf.reshape(dy, [indices!.size, width])
    const sums = tf.unsortedSegmentSum(
      rows,
      tf.reshape<tf.Rank.R1>(segments, [indices!.size]),
      batches * length,
    )
    return tf.reshape(sums, x!.shape)
  }
  return { x: derivative, indices: () => indices! }
}

/** Puts the gradient back where the elements came from; those picked several times add up. */
export const gradientOfGatherNd: Gradient = (dy, [params, indices]) => ({
  params: () => tf.scatterND(indices!, dy, params!.shape),
  indices: () => indices!,
})

/** Picks the gradient from where the elements went. */
export const gradientOfScatterNd: Gradient = (dy, [indices]) => ({
  updates: () => tf.gatherND(dy, indices!),
  indices: () => indices!,
})

/** Puts the gradient back between zeros, axis by axis. */
export const gradientOfStridedSlice: Gradient = (dy, [x], attributes) => {
  const { begin, strides, lengths } = stridedBox(x!.shape, attributes)
  const derivative = (): Tensor => {
    let spread = tf.reshape(dy, lengths)
    for (const [axis, length] of x!.shape.entries())
      spread = spreadAxis(spread, axis, begin[axis]!, strides[axis]!, length)
    return spread
  }
  return { x: derivative }
}

/** Elements `begin`, `begin + stride`, ... of an axis with zeros everywhere else. */
function spreadAxis(
  x: Tensor,
  axis: number,
  begin: number,
  stride: number,
  length: number,
): Tensor {
  const count = x.shape[axis]!
  const step = Math.abs(stride)
  const first = stride > 0 ? begin : begin + (count - 1) * stride
  let dense = stride > 0 ? x : tf.reverse(x, axis)
  if (step > 1) {
    const apart = padAxis(tf.expandDims(dense, axis + 1), axis + 1, 0, step - 1)
    const joined = tf.reshape(apart, x.shape.with(axis, count * step))
    const start = x.shape.map(() => 0)
    dense = tf.slice(joined, start, x.shape.with(axis, (count - 1) * step + 1))
  }
  return padAxis(dense, axis, first, length - first - dense.shape[axis]!)
}

function padAxis(x: Tensor, axis: number, before: number, after: number): Tensor {
  if (before === 0 && after === 0) return x
  return tf.pad(
    x,
    x.shape.map((_, i): [number, number] => (i === axis ? [before, after] : [0, 0])),
  )
}

/**
 * Picks the gradient of each row's segment; rows whose id is out of range, which the sum drops, pick a row of zeros behind them, so
 * that no element has to be masked. tfjs has this for negative ids only.
 */
export const gradientOfSegmentSum: Gradient = (dy, [ids]) => {
  const derivative = (): Tensor => {
    const segments = dy.shape[0]
    const isInside = tf.logicalAnd(
      tf.greaterEqual(ids!, tf.scalar(0, 'int32')),
      tf.less(ids!, tf.scalar(segments, 'int32')),
    )
    const rows = tf.where(isInside, ids!, tf.fill(ids!.shape, segments, 'int32'))
    return tf.gather(tf.concat([dy, tf.zeros([1, ...dy.shape.slice(1)])], 0), rows)
  }
  return ids!.rank === 1 ? { x: derivative } : undefined
}
