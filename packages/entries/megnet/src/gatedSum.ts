import type { ParameterSpec, Tensors } from '@couplet/engine'
import { layerNormSpec, linearSpec } from '@couplet/layers'
import * as tf from '@tensorflow/tfjs'
import { normalisedLinear, type Part } from './normalisedPerceptron.ts'

/** Parameters of {@link gatedSum} for rows of `inputs` values and sums of `width`. */
export function gatedSumSpec(name: string, inputs: number, width: number): ParameterSpec {
  return {
    ...layerNormSpec(`${name}/norm`, inputs),
    // V and body side by side.
    ...linearSpec(`${name}/in`, inputs, 2 * width),
    ...linearSpec(`${name}/gate`, width, 1, { bias: false }),
  }
}

/**
 * Sum over the rows of each segment, every row weighed by a gate of its own: `sum_k V(x_k) tanh(w . body(x_k))`, where V and body are a
 * linear layer with layer normalisation before it, and body ends in softplus. Not normalised: unlike a softmax, more rows give more.
 * @param parts columns of the rows, side by side.
 * @param segments segment of each row, `[rows]`, below `count`.
 * @returns `[count, width]`.
 */
export function gatedSum(
  weights: Tensors,
  name: string,
  parts: readonly Part[],
  segments: tf.Tensor1D,
  count: number,
): tf.Tensor {
  const both = normalisedLinear(weights, `${name}/norm`, `${name}/in`, parts)
  const [values, body] = tf.split(both, 2, 1)
  const gates = tf.tanh(tf.matMul(tf.softplus(body!), weights[`${name}/gate/kernel`]!))
  return tf.unsortedSegmentSum(tf.mul(values!, gates), segments, count)
}
