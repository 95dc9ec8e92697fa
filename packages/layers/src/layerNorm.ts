import type { Initialiser, ParameterSpec, Tensors } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'

/** Parameters of {@link layerNorm}: `NAME/gain` (by default 1 at the start) and `NAME/offset` (0), `[width]`. */
export function layerNormSpec(
  name: string,
  width: number,
  gain: Initialiser = { kind: 'constant', value: 1 },
): ParameterSpec {
  return {
    [`${name}/gain`]: { shape: [width], initialiser: gain },
    [`${name}/offset`]: { shape: [width], initialiser: { kind: 'constant', value: 0 } },
  }
}

/** Every row brought to mean 0 and variance 1, then scaled and shifted (Ba, Kiros and Hinton 2016): `[rows, width]`. */
export function layerNorm(parameters: Tensors, name: string, rows: tf.Tensor): tf.Tensor2D {
  const centred = tf.sub(rows, tf.mean(rows, -1, true))
  const variance = tf.mean(tf.square(centred), -1, true)
  const normalised = tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5)))
  return tf.add<tf.Tensor2D>(
    tf.mul(normalised, parameters[`${name}/gain`]!),
    parameters[`${name}/offset`]!,
  )
}
