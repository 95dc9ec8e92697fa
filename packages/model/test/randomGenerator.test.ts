import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { describe, expect, test } from 'vitest'
import { randomGenerator } from '../src/randomGenerator.ts'

/** The first number of the streams of these many neighbouring seeds. */
function firstNumbers(seeds: number): number[] {
  return Array.from({ length: seeds }, (_, seed) => uniformFloat64(randomGenerator(seed)))
}

describe('randomGenerator', () => {
  test('repeats itself for a seed', () => {
    expect(firstNumbers(5)).toEqual(firstNumbers(5))
  })

  test('gives unrelated first numbers to neighbouring seeds', () => {
    const numbers = firstNumbers(2000)
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
    const products = numbers.slice(1).map((value, i) => (value - 0.5) * (numbers[i]! - 0.5))
    const covariance = products.reduce((sum, value) => sum + value, 0) / products.length
    // Four standard errors of 2000 independent uniform numbers: 0.289 / sqrt(2000) and 1/12 / sqrt(2000).
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.026)
    expect(Math.abs(covariance)).toBeLessThan(0.0075)
  })
})
