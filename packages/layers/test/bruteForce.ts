import type { HostArray, HostArrays, ParameterSpec, Tensors } from '@couplet/engine'
import { initialiseParameters } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'

/** Rows of numbers in JavaScript. */
export type Rows = number[][]

/** Parameters with random numbers everywhere, also where a spec starts at zero. */
export function randomParameters(spec: ParameterSpec): HostArrays {
  const random = Object.fromEntries(
    Object.entries(spec).map(([name, { shape }]) => [
      name,
      { shape, initialiser: { kind: 'uniform', bound: 1 } as const },
    ]),
  )
  return initialiseParameters(random, 4).toArrays()
}

/** Random rows in plus or minus 1. */
export function randomRows(rows: number, width: number): Rows {
  const { values } = initialiseParameters(
    { values: { shape: [rows, width], initialiser: { kind: 'uniform', bound: 1 } } },
    9,
  )
  return toRows({ shape: [rows, width], data: values })
}

/** A matrix, or a vector as one row, as JavaScript arrays. */
export function toRows({ shape, data }: HostArray): Rows {
  const width = shape.at(-1)!
  return Array.from({ length: data.length / width }, (_, row) => [
    ...data.subarray(row * width, (row + 1) * width),
  ])
}

/** The tensors of some arrays; call it inside of `tf.tidy`. */
export function toTensors(arrays: HostArrays): Tensors {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  )
}

/** `x W + b`, number by number. */
export function affine(arrays: HostArrays, name: string, x: Rows): Rows {
  const kernel = toRows(arrays[`${name}/kernel`]!)
  const bias = arrays[`${name}/bias`]?.data
  return x.map((row) =>
    kernel[0]!.map((_, column) =>
      row.reduce((sum, value, k) => sum + value * kernel[k]![column]!, bias?.[column] ?? 0),
    ),
  )
}

/** What a function of tensors gives, with every tensor freed. */
export function compute(run: () => tf.Tensor): HostArray {
  const tensor = tf.tidy(run)
  const result = { shape: tensor.shape, data: tensor.dataSync() as Float32Array }
  tensor.dispose()
  return result
}

/** Compares a tensor's values and shape with brute force. */
export function expectRows(actual: HostArray, expected: Rows): void {
  expect(actual.shape).toEqual([expected.length, expected[0]!.length])
  for (const [row, values] of toRows(actual).entries()) {
    for (const [column, value] of values.entries()) {
      expect(value).toBeCloseTo(expected[row]![column]!, 5)
    }
  }
}
