import type { ParameterSpec, Tensors } from '@couplet/engine'
import { layerNorm, layerNormSpec, linear, linearSpec } from '@couplet/layers'
import * as tf from '@tensorflow/tfjs'

/** Some columns of the rows of a layer: rows as they are, or one of fewer rows for each index. */
export interface Part {
  /** `[rows, width]`, or `[others, width]` with indices. */
  readonly rows: tf.Tensor
  /** Which of the others each row takes, `[rows]`. */
  readonly indices?: tf.Tensor1D
}

/** Parameters of {@link normalisedPerceptron}: layers between these widths, input first. */
export function normalisedPerceptronSpec(name: string, widths: readonly number[]): ParameterSpec {
  const layers = widths.slice(1).map((width, layer) => ({
    ...layerNormSpec(`${name}/norm-${layer}`, widths[layer]!),
    ...linearSpec(`${name}/${layer}`, widths[layer]!, width),
  }))
  return Object.assign({}, ...layers)
}

/**
 * Linear layers with layer normalisation before each and softplus between them, on parts that stand side by side: `[rows, widths[0]]`
 * to `[rows, widths.at(-1)]`. After team DL guys (5th of the 2019 CHAMPS competition), whose networks are all of this form.
 */
export function normalisedPerceptron(
  weights: Tensors,
  name: string,
  parts: readonly Part[],
): tf.Tensor2D {
  let values = normalisedLinear(weights, `${name}/norm-0`, `${name}/0`, parts)
  for (let layer = 1; `${name}/${layer}/kernel` in weights; layer++) {
    const rows = tf.softplus(values)
    values = normalisedLinear(weights, `${name}/norm-${layer}`, `${name}/${layer}`, [{ rows }])
  }
  return values
}

/**
 * `layerNorm(x) W + b` of parts `x` that stand side by side: `[rows, outputs]`.
 *
 * Of several parts, the normalisation is pulled through the product, `((x - m) s g + o) W + b = s (x C) + o W + b`, where `C` is `g W`
 * with the mean of every column taken from it: a part which many rows share (an atom's, of all its edges) is multiplied once and
 * not for each row, and no row is centred. One part alone shares nothing, and is normalised as it is.
 */
export function normalisedLinear(
  weights: Tensors,
  norm: string,
  layer: string,
  parts: readonly Part[],
): tf.Tensor2D {
  const [first, ...others] = parts
  if (first && others.length === 0 && !first.indices) {
    return linear(weights, layer, layerNorm(weights, norm, first.rows))
  }
  const kernel = weights[`${layer}/kernel`]!
  const inputs = kernel.shape[0]
  const scaled = tf.mul(kernel, tf.reshape(weights[`${norm}/gain`]!, [inputs, 1]))
  const blocks = tf.split(
    tf.sub(scaled, tf.mean(scaled, 0, true)),
    parts.map(({ rows }) => rows.shape[1]!),
    0,
  )
  const collected = parts.map(({ rows, indices }, part) => {
    const spread = (values: tf.Tensor): tf.Tensor => (indices ? tf.gather(values, indices) : values)
    return {
      product: spread(tf.matMul(rows, blocks[part]!)),
      sum: spread(tf.sum(rows, 1, true)),
      squares: spread(tf.sum(tf.square(rows), 1, true)),
    }
  })
  const add = (values: tf.Tensor[]): tf.Tensor => values.reduce((sum, value) => tf.add(sum, value))
  const mean = tf.mul(add(collected.map(({ sum }) => sum)), 1 / inputs)
  const square = tf.mul(add(collected.map(({ squares }) => squares)), 1 / inputs)
  // The difference of two large numbers can come out below 0.
  const variance = tf.relu(tf.sub(square, tf.square(mean)))
  const products = add(collected.map(({ product }) => product))
  const offset = tf.add(
    tf.matMul(tf.reshape(weights[`${norm}/offset`]!, [1, inputs]), kernel),
    weights[`${layer}/bias`]!,
  )
  return tf.add<tf.Tensor2D>(tf.mul(products, tf.rsqrt(tf.add(variance, 1e-5))), offset)
}
