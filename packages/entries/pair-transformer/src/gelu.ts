import * as tf from '@tensorflow/tfjs'

/** Gaussian error linear unit, `x Phi(x)` with the normal distribution's integral Phi (Hendrycks and Gimpel 2016). */
export function gelu<T extends tf.Tensor>(values: T): T {
  return tf.mul(tf.mul(values, 0.5), tf.add(tf.erf(tf.mul(values, Math.SQRT1_2)), 1))
}
