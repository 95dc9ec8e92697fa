import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { windows } from '../src/windows.ts'

test.each([1, 2, 3, 4])('windows of %d channels, number by number', (length) => {
  const rows = [
    [1, 2, 3],
    [-4, 5, 6],
  ]
  const expected = rows.map((row) =>
    Array.from({ length }, (_, place) =>
      row.map((_value, channel) => row[channel + place - Math.floor(length / 2)] ?? 0),
    ).flat(),
  )
  const result = tf.tidy(() => windows(tf.tensor2d(rows), length).arraySync())
  expect(result).toEqual(expected)
})
