import * as tf from '@tensorflow/tfjs'

/** `softplus(x) - ln 2` element by element, for values of any shape: smooth, and 0 at 0 (Schütt et al. 2017, SchNet). */
export function shiftedSoftplus(values: tf.Tensor): tf.Tensor {
  return tf.sub(tf.softplus(values), Math.LN2)
}
