import { describe, expect, test } from 'vitest'
import {
  formatLengths,
  plainAxis,
  solveLengths,
  type AxisLengths,
} from '../../src/export/lengthExpression.ts'

const samples: AxisLengths[] = [
  { a: 101, b: 103 },
  { a: 107, b: 103 },
  { a: 101, b: 109 },
  { a: 113, b: 127 },
]
const solve = (rule: (a: number, b: number) => number, floating = false) =>
  solveLengths(
    samples.map(({ a, b }) => rule(a!, b!)),
    samples,
    floating,
  )

describe('the rule behind a number', () => {
  test.each<[string, (a: number, b: number) => number]>([
    ['7', () => 7],
    ['a', (a) => a],
    ['3*b', (_, b) => 3 * b],
    ['2*a + b + 1', (a, b) => 2 * a + b + 1],
    ['a + -101', (a) => a - 101],
    ['a*b', (a, b) => a * b],
    ['8*a^2*b', (a, b) => 8 * a * a * b],
  ])('%s', (text, rule) => {
    expect(formatLengths(solve(rule)!)).toBe(text)
  })

  test('of floats may be a fraction', () => {
    expect(formatLengths(solve((a, b) => (0.5 * a) / b, true)!)).toBe('0.5*a*b^-1')
    expect(formatLengths(solve(() => 0.25, true)!)).toBe('0.25')
    expect(solve((a) => a / 2)).toBeUndefined()
  })

  test.each<[string, (a: number, b: number) => number]>([
    ['a logarithm', (a) => Math.log(a)],
    ['a rounded half', (a) => Math.floor(a / 2)],
    ['a product of sums', (a, b) => (a + 1) * (b + 1)],
  ])('%s has none', (_, rule) => {
    expect(solve(rule)).toBeUndefined()
  })

  test('is an axis only where it is its very length', () => {
    expect(plainAxis(solve((a) => a)!)).toBe('a')
    for (const rule of [(a: number) => 2 * a, (a: number) => a + 1, () => 7])
      expect(plainAxis(solve(rule)!)).toBeUndefined()
  })
})
