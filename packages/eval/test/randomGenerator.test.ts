import { describe, expect, it } from 'vitest'
import { randomGenerator } from '../src/randomGenerator.ts'

function draw(seed: number): number[] {
  const generator = randomGenerator(seed)
  return Array.from({ length: 5 }, () => generator.next())
}

describe('randomGenerator', () => {
  it('repeats itself for equal seeds only', () => {
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    expect(draw(0)).not.toEqual(draw(0xffff_ffff))
  })

  it('fills 0 to 1 evenly, also across the first numbers of neighbouring seeds', () => {
    const one = randomGenerator(9)
    const sequences = [
      Array.from({ length: 20_000 }, () => one.next()),
      Array.from({ length: 20_000 }, (_, seed) => randomGenerator(seed).next()),
    ]
    for (const values of sequences) {
      const bins = Array.from({ length: 10 }, () => 0)
      for (const value of values) bins[Math.floor(10 * value)]! += 1
      // Chi-square with 9 degrees of freedom: above 27.9 once in a thousand seeds.
      const chiSquare = bins.reduce((sum, bin) => sum + (bin - 2000) ** 2 / 2000, 0)
      expect(chiSquare).toBeLessThan(27.9)
    }
  })
})
