import { describe, expect, test } from 'vitest'
import { learningRateAt } from '../src/Recipe.ts'
import { toyNetwork } from './toyNetwork.ts'

const phase = { ...toyNetwork.recipe.tiny[0]!, learningRate: 0.02, warmUp: 0.25 }

describe('learningRateAt', () => {
  test.each([
    { share: 0.125, expected: 0.01, where: 'half way up' },
    { share: 0.25, expected: 0.02, where: 'at the peak' },
    { share: 0.625, expected: 0.01, where: 'half way down the cosine' },
    { share: 1, expected: 0, where: 'at the end' },
  ])('is $expected $where', ({ share, expected }) => {
    expect(learningRateAt(phase, share)).toBeCloseTo(expected, 12)
  })

  test('starts at the peak without a warm-up', () => {
    expect(learningRateAt({ ...phase, warmUp: 0 }, 0)).toBe(0.02)
  })

  test('only rises where all of the phase is warm-up', () => {
    const shares = [0.2, 0.5, 0.9, 1]
    const rates = shares.map((share) => learningRateAt({ ...phase, warmUp: 1 }, share))
    expect(rates).toEqual([0.004, 0.01, expect.closeTo(0.018, 12), 0.02])
  })
})
