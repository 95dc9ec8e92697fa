import { describe, expect, test } from 'vitest'
import { averageDecayAt, learningRateAt } from '../src/Recipe.ts'
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

  test('follows the corners of a schedule', () => {
    const schedule = [
      [0, 0.1],
      [0.4, 1],
      [0.8, 0.1],
      [1, 0.1],
    ] as const
    const rates = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 1].map((share) =>
      learningRateAt({ ...phase, schedule }, share),
    )
    const expected = [0.002, 0.011, 0.02, 0.011, 0.002, 0.002, 0.002]
    expect(rates).toEqual(expected.map((rate) => expect.closeTo(rate, 12)))
    expect(learningRateAt({ ...phase, schedule: [[0.5, 1]] }, 0.2)).toBe(0.02)
    expect(learningRateAt({ ...phase, schedule: [[0.5, 1]] }, 0.7)).toBe(0.02)
  })
})

describe('averageDecayAt', () => {
  test('is that of the phase, but forgets faster at first', () => {
    const decays = [0, 9, 990].map((step) =>
      averageDecayAt({ ...phase, averageDecay: 0.9 }, step, 5),
    )
    expect(decays).toEqual([0.1, 10 / 19, 0.9])
  })

  test('with averageLast, gives the plain mean of the weights at the ends of the last epochs', () => {
    const last = { ...phase, epochs: 5, averageLast: 3 }
    // The weights of step k are k; an epoch has four steps.
    const averages: number[] = []
    let average = -1
    for (let step = 0; step < 20; step++) {
      const decay = averageDecayAt(last, step, 4)
      average = decay * average + (1 - decay) * (step + 1)
      averages.push(average)
    }
    expect(averages.slice(0, 12)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    expect(averages.slice(12)).toEqual([12, 12, 12, 14, 14, 14, 14, 16])
  })

  test('averages all epochs where there are no more', () => {
    const all = { ...phase, epochs: 2, averageLast: 9 }
    expect([0, 1, 2, 3].map((step) => averageDecayAt(all, step, 2))).toEqual([0, 0, 1, 0.5])
  })
})
