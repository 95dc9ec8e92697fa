import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { Gradient } from './Gradient.ts'
import { sumTo } from './Gradient.ts'

/** Gradient of `BatchMatMul` with leading axes that broadcast; tfjs has that of equal ones. */
export const gradientOfProduct: Gradient = (dy, [a, b], attributes) => {
  const leading = (x: Tensor) => x.shape.slice(0, -2).join()
  if (leading(a!) === leading(b!)) return undefined
  const { transposeA, transposeB } = attributes as Record<string, boolean>
  // Many matrices times one are one tall matrix: its gradient is one product, not the sum of many.
  const isTall = !transposeA && tf.util.sizeFromShape(b!.shape.slice(0, -2)) === 1
  const tall = (x: Tensor) => tf.reshape(x, [-1, x.shape.at(-1)!])
  const byB = (): Tensor => {
    if (isTall)
      return transposeB
        ? tf.matMul(tall(dy), tall(a!), true, false)
        : tf.matMul(tall(a!), tall(dy), true, false)
    return transposeB ? tf.matMul(dy, a!, true, transposeA) : tf.matMul(a!, dy, !transposeA, false)
  }
  const byA = (): Tensor =>
    transposeA ? tf.matMul(b!, dy, transposeB, true) : tf.matMul(dy, b!, false, !transposeB)
  return { a: () => sumTo(byA(), a!.shape), b: () => sumTo(byB(), b!.shape) }
}
