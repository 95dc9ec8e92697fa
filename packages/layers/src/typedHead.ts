import type { ParameterSpec, Tensors } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { linear, linearSpec } from './linear.ts'

/** Parameters of {@link typedHead} for rows of `inputs` values, `types` types, `hidden` values per type and `outputs` results. */
export function typedHeadSpec(
  name: string,
  {
    inputs,
    types,
    hidden,
    outputs,
  }: { inputs: number; types: number; hidden: number; outputs: number },
): ParameterSpec {
  return {
    ...linearSpec(`${name}/hidden`, inputs, types * hidden),
    ...linearSpec(`${name}/output`, types * hidden, outputs, { bias: false }),
    [`${name}/type-bias`]: { shape: [types, outputs], initialiser: { kind: 'constant', value: 0 } },
  }
}

/**
 * A private two-layer network for every type of row: `[rows, inputs]` to `[rows, outputs]`. After the head of the first-ranked
 * team of the 2019 competition, which gave every coupling subtype its own two layers.
 *
 * All types' hidden values are computed at once; those of other types are set to zero before the second layer.
 * @param oneHot type of each row, `[rows, types]`; a row of zeros gives zeros.
 */
export function typedHead(
  parameters: Tensors,
  name: string,
  rows: tf.Tensor,
  oneHot: tf.Tensor,
  activation: (values: tf.Tensor) => tf.Tensor,
): tf.Tensor2D {
  const types = oneHot.shape[1]!
  const hidden = activation(linear(parameters, `${name}/hidden`, rows))
  const width = hidden.shape[1]!
  const byType = tf.reshape(hidden, [-1, types, width / types])
  const own = tf.reshape(tf.mul(byType, tf.expandDims(oneHot, 2)), [-1, width])
  const bias = tf.matMul(oneHot, parameters[`${name}/type-bias`]!)
  return tf.add(linear(parameters, `${name}/output`, own), bias)
}
