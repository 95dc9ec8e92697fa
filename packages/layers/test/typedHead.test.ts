import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { typedHead, typedHeadSpec } from '../src/index.ts'
import {
  compute,
  expectRows,
  randomParameters,
  randomRows,
  toRows,
  toTensors,
} from './bruteForce.ts'

const [INPUTS, TYPES, HIDDEN, OUTPUTS] = [4, 3, 5, 2]
const spec = typedHeadSpec('head', {
  inputs: INPUTS,
  types: TYPES,
  hidden: HIDDEN,
  outputs: OUTPUTS,
})
const arrays = randomParameters(spec)
const x = randomRows(6, INPUTS)
/** Type of each row; the last row has none. */
const typeOfRow = [0, 2, 1, 2, 0]
const oneHot = x.map((_, row) =>
  Array.from({ length: TYPES }, (_unused, type) => (typeOfRow[row] === type ? 1 : 0)),
)

/** The two layers of one type, cut out of the parameters. */
function ownNetwork(row: number[], type: number): number[] {
  const first = toRows(arrays['head/hidden/kernel']!)
  const second = toRows(arrays['head/output/kernel']!)
  const hidden = Array.from({ length: HIDDEN }, (_, k) => {
    const unit = type * HIDDEN + k
    const sum = row.reduce((total, value, input) => total + value * first[input]![unit]!, 0)
    return Math.tanh(sum + arrays['head/hidden/bias']!.data[unit]!)
  })
  return Array.from({ length: OUTPUTS }, (_, output) =>
    hidden.reduce(
      (total, value, k) => total + value * second[type * HIDDEN + k]![output]!,
      toRows(arrays['head/type-bias']!)[type]![output]!,
    ),
  )
}

test('names and shapes', () => {
  expect(Object.entries(spec).map(([name, { shape }]) => [name, shape])).toEqual([
    ['head/hidden/kernel', [4, 15]],
    ['head/hidden/bias', [15]],
    ['head/output/kernel', [15, 2]],
    ['head/type-bias', [3, 2]],
  ])
})

test('every row goes through the two layers of its own type; a row without type gives zeros', () => {
  const result = compute(() =>
    typedHead(toTensors(arrays), 'head', tf.tensor2d(x), tf.tensor2d(oneHot), tf.tanh),
  )
  const zeros = Array.from({ length: OUTPUTS }, () => 0)
  const expected = x.map((row, index) => {
    const type = typeOfRow[index]
    return type === undefined ? zeros : ownNetwork(row, type)
  })
  expectRows(result, expected)
  expect(toRows(result).at(-1)).toEqual(zeros)
})

/** Gradient of the outputs' sum for one row by every parameter. */
function gradients(row: number): Record<string, number[][]> {
  return tf.tidy(() => {
    const names = Object.keys(spec)
    const tensors = Object.values(toTensors(arrays))
    const loss = (...values: tf.Tensor[]) =>
      tf.sum<tf.Scalar>(
        typedHead(
          Object.fromEntries(names.map((name, index) => [name, values[index]!])),
          'head',
          tf.tensor2d([x[row]!]),
          tf.tensor2d([oneHot[row]!]),
          tf.tanh,
        ),
      )
    const results = tf.grads(loss)(tensors)
    return Object.fromEntries(
      names.map((name, index) => {
        const { shape } = results[index]!
        return [name, toRows({ shape, data: results[index]!.dataSync() as Float32Array })]
      }),
    )
  })
}

describe('the gradient of a row', () => {
  const typeOfUnit = (unit: number) => Math.floor(unit / HIDDEN)

  test.each([0, 1, 2])('row %s changes the parameters of its own type alone', (row) => {
    const type = typeOfRow[row]!
    const gradient = gradients(row)
    const used = (values: number[]) => values.some((value) => value !== 0)
    for (const [index, values] of gradient['head/output/kernel']!.entries()) {
      expect(used(values)).toBe(typeOfUnit(index) === type)
    }
    for (const [index, values] of gradient['head/type-bias']!.entries()) {
      expect(used(values)).toBe(index === type)
    }
    for (const values of [...gradient['head/hidden/kernel']!, ...gradient['head/hidden/bias']!]) {
      for (const [unit, value] of values.entries()) {
        expect(value !== 0).toBe(typeOfUnit(unit) === type)
      }
    }
  })

  test('is zero where the row has no type', () => {
    const all = Object.values(gradients(5)).flat(2)
    expect(all.every((value) => value === 0)).toBe(true)
  })
})
