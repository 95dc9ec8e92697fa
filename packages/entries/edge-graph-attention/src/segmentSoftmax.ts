import * as tf from '@tensorflow/tfjs'

/** Scores beyond this are as good as certain; the exponential of it still fits float32 many times over. */
const LARGEST = 30

/**
 * Softmax over the rows that share a segment, column by column: the attention of graph networks over the edges that arrive at
 * an atom (Veličković et al. 2018), `[rows, heads]` to `[rows, heads]`.
 *
 * tfjs has no maximum over segments, so scores are clipped to plus or minus 30 instead of shifted by their maximum.
 * @param scores `[rows, heads]`.
 * @param segments segment of each row, `[rows]`, int32, below `count`.
 */
export function segmentSoftmax(
  scores: tf.Tensor,
  segments: tf.Tensor1D,
  count: number,
): tf.Tensor2D {
  const weights = tf.exp(tf.clipByValue(scores, -LARGEST, LARGEST))
  const totals = tf.unsortedSegmentSum(weights, segments, count)
  return tf.div<tf.Tensor2D>(weights, tf.gather(totals, segments))
}
