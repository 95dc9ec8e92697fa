import type { ParameterSpec, Tensors } from '@couplet/engine'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import { linear, linearSpec } from './linear.ts'

/** Parameters of {@link multilayerPerceptron}: linear layers `NAME/0`, `NAME/1`, … between these widths, input first. */
export function multilayerPerceptronSpec(name: string, widths: readonly number[]): ParameterSpec {
  return Object.assign(
    {},
    ...widths.slice(1).map((width, layer) => linearSpec(`${name}/${layer}`, widths[layer]!, width)),
  )
}

/** Linear layers on rows with an activation between them, none after the last: `[rows, widths[0]]` to `[rows, widths.at(-1)]`. */
export function multilayerPerceptron(
  parameters: Tensors,
  name: string,
  rows: Tensor,
  activation: (values: Tensor) => Tensor,
): Tensor2D {
  let values = linear(parameters, `${name}/0`, rows)
  for (let layer = 1; `${name}/${layer}/kernel` in parameters; layer++) {
    values = linear(parameters, `${name}/${layer}`, activation(values))
  }
  return values
}
