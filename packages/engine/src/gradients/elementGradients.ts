import * as tf from '@tensorflow/tfjs'
import type { Gradient } from './Gradient.ts'
import { sumTo } from './Gradient.ts'

/** Comparisons and logic, with the names of their operands: steps, whose derivative is zero wherever it exists. */
export const stepwise: Readonly<Record<string, readonly string[]>> = {
  All: ['x'],
  Any: ['x'],
  Equal: ['a', 'b'],
  NotEqual: ['a', 'b'],
  Greater: ['a', 'b'],
  GreaterEqual: ['a', 'b'],
  Less: ['a', 'b'],
  LessEqual: ['a', 'b'],
  LogicalAnd: ['a', 'b'],
  LogicalOr: ['a', 'b'],
  LogicalNot: ['x'],
}

/** Sums what a gradient of tfjs gives for operands `a` and `b` over the axes along which they broadcast. */
export function withBroadcasting(original: Gradient): Gradient {
  return (dy, saved, attributes) => {
    const [a, b] = saved
    const { a: byA, b: byB } = original(dy, saved, attributes)!
    return { a: () => sumTo(byA!(), a!.shape), b: () => sumTo(byB!(), b!.shape) }
  }
}

/** Second derivative of `tf.elu`: the kernel `EluGrad` computes `dy` where the result `y` is positive and `dy * (y + 1)` elsewhere. */
export const gradientOfEluGradient: Gradient = (g, [dy, y]) => {
  const isPositive = tf.greaterEqual(y!, 0)
  return {
    dy: () => tf.mul(g, tf.where(isPositive, tf.onesLike(y!), tf.add(y!, 1))),
    y: () => tf.where(isPositive, tf.zerosLike(y!), tf.mul(g, dy!)),
  }
}
