import * as tf from '@tensorflow/tfjs'

/** Evenly spaced Gaussians on a distance axis. */
export interface GaussianBasis {
  /** Number of functions. */
  readonly count: number
  /** Centre of the first and of the last in angstrom. */
  readonly from: number
  readonly to: number
  /** The functions are `exp(-(r - centre)^2 / width)`; width in angstrom squared. */
  readonly width: number
}

/** Distances `[rows]` in angstrom on a basis of Gaussians (Schütt et al. 2017, SchNet, eq. 4): `[rows, count]`. */
export function gaussianBasis(
  distances: tf.Tensor,
  { count, from, to, width }: GaussianBasis,
): tf.Tensor2D {
  const centres = tf.linspace(from, to, count)
  const offsets = tf.sub(tf.reshape(distances, [-1, 1]), centres)
  return tf.exp<tf.Tensor2D>(tf.mul(tf.square(offsets), -1 / width))
}
