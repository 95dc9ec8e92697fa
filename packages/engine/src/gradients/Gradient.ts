import * as tf from '@tensorflow/tfjs'
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs'

/** Derivatives by the inputs of a kernel, by name; undefined leaves the case to the gradient that tfjs has. */
type Derivatives = Readonly<Record<string, () => Tensor>>

/** The gradient of a kernel: gets that of the output and the saved tensors, gives those of the inputs. */
export type Gradient = (
  dy: Tensor,
  saved: Tensor[],
  attributes: NamedAttrMap,
) => Derivatives | undefined

/** Sums a gradient over the axes along which an operand was repeated to fit the others. */
export function sumTo(gradient: Tensor, shape: number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape)
  return tf.reshape(axes.length === 0 ? gradient : tf.sum(gradient, axes), shape)
}

/** That of tfjs for a kernel with a list of outputs, which fails where the list has one element. */
export function withList(original: Gradient): Gradient {
  return (dy, saved, attributes) => {
    const list: unknown = Array.isArray(dy) ? dy : [dy]
    return original(list as Tensor, saved, attributes)
  }
}
