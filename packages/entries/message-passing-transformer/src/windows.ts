import * as tf from '@tensorflow/tfjs'

/**
 * For every channel of a row the `length` channels around it, from `floor(length / 2)` before it on, zeros beyond the ends: `[rows, width]` to
 * `[rows, length * width]`. The first of all channels' windows stand first, then the second ones, and so on.
 */
export function windows(rows: tf.Tensor, length: number): tf.Tensor2D {
  const width = rows.shape[1]!
  const before = Math.floor(length / 2)
  const padded = tf.pad(rows as tf.Tensor2D, [
    [0, 0],
    [before, length - 1 - before],
  ])
  const channels = Int32Array.from(
    { length: length * width },
    (_, place) => Math.floor(place / width) + (place % width),
  )
  // Rows are gathered, not columns: that is what compiles to the fastest graph.
  return tf.transpose(tf.gather(tf.transpose(padded), tf.tensor1d(channels, 'int32')))
}
