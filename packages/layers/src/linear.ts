import type { Initialiser, Parameter, ParameterSpec, Tensors } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'

/** Parameters of {@link linear}: `NAME/kernel` `[inputs, outputs]` and, unless `bias` is false, `NAME/bias` `[outputs]`. */
export function linearSpec(
  name: string,
  inputs: number,
  outputs: number,
  {
    bias = true,
    initialiser = { kind: 'glorot' },
  }: { readonly bias?: boolean; readonly initialiser?: Initialiser } = {},
): ParameterSpec {
  const kernel: Parameter = { shape: [inputs, outputs], initialiser }
  const zeros: Parameter = { shape: [outputs], initialiser: { kind: 'constant', value: 0 } }
  return bias
    ? { [`${name}/kernel`]: kernel, [`${name}/bias`]: zeros }
    : { [`${name}/kernel`]: kernel }
}

/** `x W + b` on rows: `[rows, inputs]` to `[rows, outputs]`; without `b` where the spec had none. */
export function linear(parameters: Tensors, name: string, rows: tf.Tensor): tf.Tensor2D {
  const product = tf.matMul<tf.Tensor2D>(rows, parameters[`${name}/kernel`]!)
  const bias = parameters[`${name}/bias`]
  return bias ? tf.add<tf.Tensor2D>(product, bias) : product
}
