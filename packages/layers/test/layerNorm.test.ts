import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { layerNorm, layerNormSpec } from '../src/index.ts'
import {
  compute,
  expectRows,
  randomParameters,
  randomRows,
  toRows,
  toTensors,
} from './bruteForce.ts'

const WIDTH = 16
const x = randomRows(4, WIDTH).map((row, index) => row.map((value) => 10 ** index * value + 3))
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

test('a fresh norm brings every row to mean 0 and variance 1, whatever its scale', () => {
  const spec = layerNormSpec('norm', WIDTH)
  const fresh = Object.fromEntries(
    Object.entries(spec).map(([name, { shape, initialiser }]) => [
      name,
      {
        shape,
        data: new Float32Array(WIDTH).fill(
          initialiser.kind === 'constant' ? initialiser.value : NaN,
        ),
      },
    ]),
  )
  const rows = toRows(compute(() => layerNorm(toTensors(fresh), 'norm', tf.tensor2d(x))))
  for (const row of rows) {
    expect(mean(row)).toBeCloseTo(0, 4)
    expect(mean(row.map((value) => value * value))).toBeCloseTo(1, 3)
  }
})

test('equals the formula, with gain and offset', () => {
  const arrays = randomParameters(layerNormSpec('norm', WIDTH))
  const result = compute(() => layerNorm(toTensors(arrays), 'norm', tf.tensor2d(x)))
  const expected = x.map((row) => {
    const centre = mean(row)
    const variance = mean(row.map((value) => (value - centre) ** 2))
    return row.map((value, column) => {
      const normalised = (value - centre) / Math.sqrt(variance + 1e-5)
      return normalised * arrays['norm/gain']!.data[column]! + arrays['norm/offset']!.data[column]!
    })
  })
  // float32 loses digits where a row of hundreds is centred
  expectRows(
    { ...result, data: result.data.map((value) => Math.round(value * 1e4) / 1e4) },
    expected.map((row) => row.map((value) => Math.round(value * 1e4) / 1e4)),
  )
})

test('a row of equal values gives the offset, not a division by zero', () => {
  const arrays = randomParameters(layerNormSpec('norm', 3))
  const result = compute(() => layerNorm(toTensors(arrays), 'norm', tf.tensor2d([[2, 2, 2]])))
  expectRows(result, [[...arrays['norm/offset']!.data]])
})

test('the gain may start otherwise', () => {
  const spec = layerNormSpec('norm', 3, { kind: 'uniform', bound: 0.5, centre: 0.5 })
  expect(spec['norm/gain']!.initialiser).toEqual({ kind: 'uniform', bound: 0.5, centre: 0.5 })
  expect(layerNormSpec('norm', 3)['norm/gain']!.initialiser).toEqual({ kind: 'constant', value: 1 })
})
