import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { attendByScores, multiHeadAttention } from '../src/index.ts'
import { compute, expectRows, randomRows, toRows, type Rows } from './bruteForce.ts'

const [blocks, length, width, heads] = [2, 3, 4, 2]
const projected = randomRows(blocks * length, 3 * width)
const biases = randomRows(blocks * length, length)

/** Number by number; a bias for every query and key of a block, the same for all heads. */
function bruteForce(bias: Rows, scale: number): Rows {
  const size = width / heads
  return projected.map((row, place) => {
    const block = Math.floor(place / length)
    return Array.from({ length: width }, (_, column) => {
      const head = Math.floor(column / size)
      const part = (values: readonly number[], kind: number): number[] =>
        values.slice(kind * width + head * size, kind * width + (head + 1) * size)
      const others = projected.slice(block * length, (block + 1) * length)
      const scores = others.map((other, key) => {
        const keyPart = part(other, 1)
        const product = part(row, 0).reduce((sum, value, k) => sum + value * keyPart[k]!, 0)
        return scale * product + bias[place]![key]!
      })
      const exponentials = scores.map(Math.exp)
      const total = exponentials.reduce((sum, value) => sum + value, 0)
      return others.reduce(
        (sum, other, key) => sum + (exponentials[key]! / total) * part(other, 2)[column % size]!,
        0,
      )
    })
  })
}

function attention(bias: Rows, scale?: number): ReturnType<typeof compute> {
  return compute(() =>
    multiHeadAttention(
      tf.tensor2d(projected),
      tf.tensor4d(bias.flat(), [blocks, 1, length, length]),
      { blocks, length, heads, ...(scale === undefined ? {} : { scale }) },
    ),
  )
}

test('equals the formula', () => {
  expectRows(attention(biases), bruteForce(biases, Math.SQRT1_2))
  expectRows(attention(biases, 1), bruteForce(biases, 1))
})

test('a hidden key changes nothing for anyone', () => {
  const hidden = biases.map((row) => [...row.slice(0, 2), -1e9])
  const before = toRows(attention(hidden))
  projected[2] = projected[2]!.map((value) => value + 7)
  const after = toRows(attention(hidden))
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2))
})

test('given scores take the place of those of queries and keys', () => {
  const values = randomRows(blocks * length, width)
  const scores = randomRows(blocks * heads * length, length)
  const expected = values.map((_, place) => {
    const block = Math.floor(place / length)
    return Array.from({ length: width }, (_unused, column) => {
      const head = Math.floor(column / (width / heads))
      const own = scores[(block * heads + head) * length + (place % length)]!.map(Math.exp)
      const total = own.reduce((sum, value) => sum + value, 0)
      return own.reduce(
        (sum, weight, key) => sum + (weight / total) * values[block * length + key]![column]!,
        0,
      )
    })
  })
  const result = compute(() =>
    attendByScores(
      tf.tensor2d(values),
      tf.tensor4d(scores.flat(), [blocks, heads, length, length]),
      { blocks, length, heads },
    ),
  )
  expectRows(result, expected)
})
