import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { ParameterSpec } from '../../src/ParameterSpec.ts'
import type { Tensors } from '../../src/arrays.ts'

/** `x W + b`. */
export function dense(parameters: Tensors, x: Tensor, name: string): Tensor {
  return tf.add(tf.matMul(x, parameters[`${name}/weight`]!), parameters[`${name}/bias`]!)
}

/** Parameters of {@link dense}; the biases are random, too, so that an error in one shows in the losses. */
export function denseSpec(name: string, inputs: number, outputs: number): ParameterSpec {
  return {
    [`${name}/weight`]: {
      shape: [inputs, outputs],
      initialiser: { kind: 'normal', deviation: 1 / Math.sqrt(inputs) },
    },
    [`${name}/bias`]: {
      shape: [outputs],
      initialiser: { kind: 'normal', deviation: 0.1 },
    },
  }
}

/** `x sigmoid(x)` (Elfwing et al. 2018). */
export function silu(x: Tensor): Tensor {
  return tf.mul(x, tf.sigmoid(x))
}

/** The sums of absolute errors, each weighted: what both networks are trained on. */
export function weightedErrors({ y }: Tensors, { weights, target }: Tensors): tf.Tensor1D {
  const errors = tf.abs(tf.sub(y!, target!))
  return tf.reshape(tf.matMul(weights!, errors), [weights!.shape[0]])
}
