import { describe, expect, test } from 'vitest'
import { couplingMatrix, couplingPaths, realClebschGordan } from '../src/clebschGordan.ts'
import { sphericalHarmonics } from '../src/sphericalHarmonics.ts'
import { degreesOf, randomDirection, rotate, wignerMatrix } from './rotations.ts'

const triples = [0, 1, 2, 3].flatMap((first) =>
  [0, 1, 2, 3].flatMap((second) =>
    [0, 1, 2, 3]
      .filter((result) => result >= Math.abs(first - second) && result <= first + second)
      .map((result) => [first, second, result] as const),
  ),
)

describe.each(triples)('%i x %i to %i', (first, second, result) => {
  const coefficients = realClebschGordan(first, second, result)

  test('turning the factors turns the product', () => {
    const [left, right, out] = [first, second, result].map((degree) => wignerMatrix(degree))
    const product = (x: number[], y: number[]): number[] =>
      Array.from({ length: 2 * result + 1 }, (_, c) =>
        x.reduce(
          (sum, a, i) =>
            sum + y.reduce((inner, b, j) => inner + coefficients[i]![j]![c]! * a * b, 0),
          0,
        ),
      )
    const x = Array.from({ length: 2 * first + 1 }, (_, index) => Math.sin(3 * index + 1))
    const y = Array.from({ length: 2 * second + 1 }, (_, index) => Math.cos(2 * index + 0.3))
    const turnedFirst = product(rotate(left!, x), rotate(right!, y))
    const turnedLast = rotate(out!, product(x, y))
    turnedFirst.forEach((value, c) => expect(value).toBeCloseTo(turnedLast[c]!, 9))
    expect(Math.hypot(...turnedLast)).toBeGreaterThan(1e-3)
  })

  test('columns are orthonormal', () => {
    for (let c = 0; c < 2 * result + 1; c++) {
      for (let d = 0; d <= c; d++) {
        const sum = coefficients.flat().reduce((total, line) => total + line[c]! * line[d]!, 0)
        expect(sum).toBeCloseTo(c === d ? 1 : 0, 12)
      }
    }
  })
})

test('degrees that form no triangle couple to nothing', () => {
  expect(
    realClebschGordan(0, 1, 3)
      .flat(2)
      .every((value) => value === 0),
  ).toBe(true)
})

test('two equal directions of degree 1 couple to the harmonics of degree 2', () => {
  const direction = randomDirection(4)
  const one = sphericalHarmonics(direction, 1).slice(1)
  const two = sphericalHarmonics(direction, 2).slice(4)
  const coefficients = realClebschGordan(1, 1, 2)
  const product = two.map((_, c) =>
    one.reduce(
      (sum, a, i) => sum + one.reduce((s, b, j) => s + coefficients[i]![j]![c]! * a * b, 0),
      0,
    ),
  )
  const factor = product[0]! / two[0]!
  product.forEach((value, c) => expect(value).toBeCloseTo(factor * two[c]!, 9))
})

test('harmonics of one degree have the length 1', () => {
  const values = sphericalHarmonics(randomDirection(9), 3)
  for (const degree of [0, 1, 2, 3]) {
    expect(Math.hypot(...degreesOf(values, degree))).toBeCloseTo(1, 12)
  }
})

test('the matrix lists all paths', () => {
  const paths = couplingPaths([0, 1, 2, 3], [0, 1, 2, 3], 3)
  expect([0, 1, 2, 3].map((l) => paths.filter(({ result }) => result === l).length)).toEqual([
    4, 9, 11, 10,
  ])
  const { values, shape } = couplingMatrix([0, 1], [0, 1], couplingPaths([0, 1], [0, 1], 1))
  // 0x0->0, 1x1->0, 0x1->1, 1x0->1, 1x1->1
  expect(shape).toEqual([16, 1 + 1 + 3 + 3 + 3])
  expect(values[0]).toBe(1)
  expect(values.filter((value) => value !== 0)).toHaveLength(1 + 3 + 3 + 3 + 6)
})
