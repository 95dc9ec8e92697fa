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

/** Linear layers `NAME/0`, `NAME/1`, … with an activation between them. */
export function perceptron(
  arrays: HostArrays,
  name: string,
  x: Rows,
  activation: (value: number) => number,
): Rows {
  let rows = affine(arrays, `${name}/0`, x)
  for (let layer = 1; `${name}/${layer}/kernel` in arrays; layer++) {
    rows = affine(arrays, `${name}/${layer}`, mapRows(rows, activation))
  }
  return rows
}

/** Layer normalisation, number by number. */
export function normalise(arrays: HostArrays, name: string, x: Rows): Rows {
  const [gain, offset] = [arrays[`${name}/gain`]!.data, arrays[`${name}/offset`]!.data]
  return x.map((row) => {
    const mean = sumOf(row) / row.length
    const variance = sumOf(row.map((value) => (value - mean) ** 2)) / row.length
    return row.map(
      (value, at) => ((value - mean) / Math.sqrt(variance + 1e-5)) * gain[at]! + offset[at]!,
    )
  })
}

/** A function of every number. */
export function mapRows(rows: Rows, change: (value: number) => number): Rows {
  return rows.map((row) => row.map(change))
}

/** The sum of some rows, column by column; zeros if there are none. */
export function sumRows(rows: readonly (readonly number[])[], width: number): number[] {
  return Array.from({ length: width }, (_, column) => sumOf(rows.map((row) => row[column]!)))
}

/** Tables of the same shape, added. */
export function addTables(...tables: Rows[]): Rows {
  return tables[0]!.map((row, at) =>
    sumRows(
      tables.map((table) => table[at]!),
      row.length,
    ),
  )
}

export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
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
      const wanted = expected[row]![column]!
      const difference = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted))
      expect(difference, `${value} instead of ${wanted}`).toBeLessThan(1e-5)
    }
  }
}
