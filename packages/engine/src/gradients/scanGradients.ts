import * as tf from '@tensorflow/tfjs'
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs'
import type { Gradient } from './Gradient.ts'

interface Scan {
  readonly axis: number
  readonly exclusive: boolean
  readonly reverse: boolean
}

function scanOf({ axis, exclusive, reverse }: NamedAttrMap, rank: number): Scan {
  const positive = (axis as number) < 0 ? (axis as number) + rank : (axis as number)
  return { axis: positive, exclusive: Boolean(exclusive), reverse: Boolean(reverse) }
}

/** The running sum from the other end. */
export const gradientOfCumsum: Gradient = (dy, _, attributes) => {
  const { axis, exclusive, reverse } = scanOf(attributes, dy.rank)
  return { x: () => tf.cumsum(dy, axis, exclusive, !reverse) }
}

/** Moves everything along an axis by `count` places towards its start (negative: its end); what comes in is `filling`. */
function shift(x: Tensor, axis: number, count: number, filling: number): Tensor {
  const length = x.shape[axis]!
  const kept = length - Math.abs(count)
  const begin = x.shape.map(() => 0).with(axis, Math.max(count, 0))
  const paddings = x.shape.map((): [number, number] => [0, 0])
  paddings[axis] = [Math.max(-count, 0), Math.max(count, 0)]
  return tf.pad(tf.slice(x, begin, x.shape.with(axis, kept)), paddings, filling)
}

/**
 * Without a division, so that zeros among the factors do no harm: the gradient by factor j is the product of the factors before it times
 * `s[j] = dy[j] + x[j + 1] * s[j + 1]`. That recurrence doubles its reach in each of log2(length) steps (Hillis and Steele 1986).
 */
export const gradientOfCumprod: Gradient = (dy, [x], attributes) => {
  const { axis, exclusive, reverse } = scanOf(attributes, dy.rank)
  const length = x!.shape[axis]!
  const ahead = (value: Tensor) => (reverse ? tf.reverse(value, axis) : value)
  const byX = (): Tensor => {
    if (exclusive && length === 1) return tf.zerosLike(x!)
    // An exclusive product is the inclusive one of the factors moved by one place.
    const factors = exclusive ? shift(ahead(x!), axis, -1, 1) : ahead(x!)
    let sums = ahead(dy)
    let products = length > 1 ? shift(factors, axis, 1, 0) : factors
    for (let reach = 1; reach < length; reach *= 2) {
      sums = tf.add(sums, tf.mul(products, shift(sums, axis, reach, 0)))
      products = tf.mul(products, shift(products, axis, reach, 0))
    }
    const derivative = tf.mul(tf.cumprod(factors, axis, true), sums)
    return ahead(exclusive ? shift(derivative, axis, 1, 0) : derivative)
  }
  return { x: byX }
}

/** That of tfjs, with axes counted from the start: it takes the wrong ones where they count from the end. */
export function withPositiveAxes(original: Gradient): Gradient {
  return (dy, saved, attributes) => {
    const { axis } = attributes as { axis?: number | number[] | null }
    if (axis === undefined || axis === null) return original(dy, saved, attributes)
    return original(dy, saved, {
      ...attributes,
      axis: tf.util.parseAxisParam(axis, saved[0]!.shape),
    })
  }
}
