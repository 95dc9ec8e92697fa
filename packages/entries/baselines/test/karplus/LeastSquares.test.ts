import { describe, expect, test } from 'vitest'
import { LeastSquares } from '../../src/karplus/LeastSquares.ts'

describe('LeastSquares', () => {
  test('finds a plane', () => {
    const squares = new LeastSquares(2)
    for (const [x, y] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [3, 2],
      [-2, 5],
    ] as const) {
      squares.add([x, y], 4 + 2 * x - 3 * y)
    }
    const { intercept, coefficients, centres } = squares.solve(1e-9)
    expect(coefficients[0]).toBeCloseTo(2, 6)
    expect(coefficients[1]).toBeCloseTo(-3, 6)
    expect(intercept - coefficients[0]! * centres[0]! - coefficients[1]! * centres[1]!).toBeCloseTo(
      4,
      6,
    )
  })

  test('shares a slope between equal features', () => {
    const squares = new LeastSquares(2)
    for (const x of [1, 2, 3]) squares.add([x, x], 2 * x)
    const { coefficients } = squares.solve(1e-6)
    expect(coefficients[0]).toBeCloseTo(1, 5)
    expect(coefficients[1]).toBeCloseTo(1, 5)
  })

  test('shrinks the slope by the ridge: n / (n + ridge) of a single feature', () => {
    const squares = new LeastSquares(1)
    for (const x of [-1, 1, -1, 1]) squares.add([x], 6 * x)
    expect(squares.solve(2).coefficients[0]).toBeCloseTo(6 * (4 / (4 + 2)), 10)
  })

  test('leaves a constant feature out', () => {
    const squares = new LeastSquares(2)
    for (const x of [1, 2]) squares.add([x, 0.3], x)
    expect(squares.solve(1e-6).coefficients[1]).toBe(0)
  })
})
