import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { mendGradients } from '../src/mendGradients.ts'
import { numbers } from './compareWithTfjs.ts'
import type { OpCase } from './opCases.ts'
import { opCases } from './opCases.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
  mendGradients()
})

/** Cases at a kink or a jump, where a difference quotient is no derivative. */
const kinks = new Set(['maximum with ties', 'minimum with ties', 'floorDiv'])

/** Slope of `sum(w * f)` along one direction: by its gradient, and by the difference quotient of the values. */
function slopes({ f, operands }: OpCase, step: number): { gradient: number; quotient: number } {
  return tf.tidy(() => {
    // A little off the values of the case, many of which lie at kinks.
    const tensors = operands.map(({ data, shape }, i) =>
      data instanceof Int32Array
        ? tf.tensor(data, [...shape], 'int32')
        : tf.add(tf.tensor(data, [...shape]), tf.mul(numbersTensor(shape, 61 + i), 0.05)),
    )
    const floating = tensors.filter(({ dtype }) => dtype === 'float32')
    const output = f(...tensors)
    const weights = numbersTensor(output.shape, 21)
    const loss = (...variables: Tensor[]): tf.Scalar => {
      const rest = [...variables]
      const all = tensors.map((tensor) => (tensor.dtype === 'float32' ? rest.shift()! : tensor))
      return tf.sum(tf.mul(tf.cast(f(...all), 'float32'), weights))
    }
    const directions = floating.map(({ shape }, i) => numbersTensor(shape, 41 + i))
    const gradients = tf.grads(loss)(floating)
    const along = gradients.map((g, i) => tf.sum(tf.mul(g, directions[i]!)).dataSync()[0]!)
    const at = (t: number) =>
      loss(...floating.map((v, i) => tf.add(v, tf.mul(directions[i]!, t)))).dataSync()[0]!
    // Two central differences combined, with an error of the fourth order.
    const central = (h: number) => (at(h) - at(-h)) / (2 * h)
    return {
      gradient: along.reduce((sum, value) => sum + value, 0),
      quotient: (4 * central(step) - central(2 * step)) / 3,
    }
  })
}

function numbersTensor(shape: readonly number[], seed: number): Tensor {
  return tf.tensor(numbers(shape, seed).data, [...shape])
}

describe('gradients are slopes', () => {
  test.each(Object.entries(opCases).filter(([name]) => !kinks.has(name)))('%s', (_, opCase) => {
    const { gradient, quotient } = slopes(opCase, 1 / 256)
    expect(Math.abs(gradient - quotient)).toBeLessThan(5e-3 * (1 + Math.abs(gradient)))
  })
})
