import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { shiftedSoftplus } from '../src/index.ts'
import { compute, expectRows } from './bruteForce.ts'

test('equals ln(1 + e^x) - ln 2, also far from 0, in the shape of its input', () => {
  const rows = [
    [-100, -3, 0],
    [0.5, 3, 100],
  ]
  expectRows(
    compute(() => shiftedSoftplus(tf.tensor2d(rows))),
    rows.map((row) =>
      row.map((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) - Math.LN2),
    ),
  )
  expect(compute(() => shiftedSoftplus(tf.scalar(0))).shape).toEqual([])
})
