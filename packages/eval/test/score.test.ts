import { describe, expect, it } from 'vitest'
import { COUPLING_TYPES } from '@couplet/data'
import { PERFECT_SCORE, scorePairs } from '../src/index.ts'
import { randomGenerator } from '../src/randomGenerator.ts'

const allTypes = [0, 1, 2, 3, 4, 5, 6, 7]

describe('scorePairs', () => {
  it('gives a perfect prediction ln(1e-9)', () => {
    const couplings = [95, 47, -0.3, -10, 3, 3.7, 4.8, 1]
    const result = scorePairs(couplings, couplings, allTypes)
    expect(result.score).toBeCloseTo(-20.7233, 4)
    expect(result.score).toBe(PERFECT_SCORE)
    expect(result.complete).toBe(true)
  })

  it('averages ln(MAE) over types, each type with equal weight', () => {
    // 1JHC: |1|, |-3| -> MAE 2; the other seven: 1 -> ln 1 = 0. Hence ln(2) / 8.
    const result = scorePairs([1, -3, 1, 1, 1, 1, 1, -1, 1], Array(9).fill(0), [0, ...allTypes])
    expect(result.score).toBeCloseTo(Math.LN2 / 8, 14)
    expect(result.types[0]).toEqual({ type: '1JHC', mae: 2, count: 2 })
    expect(result.pairs).toBe(9)
  })

  it('leaves absent types out and names them', () => {
    const result = scorePairs([2, 0.5], [0, 0], [2, 7])
    expect(result.score).toBeCloseTo(0, 14)
    expect(result.complete).toBe(false)
    expect(result.absentTypes).toEqual(['1JHC', '1JHN', '2JHH', '2JHN', '3JHC', '3JHH'])
    expect(result.types[0]).toEqual({ type: '1JHC', mae: null, count: 0 })
  })

  it('agrees with the metric computed type by type from filtered rows', () => {
    const random = randomGenerator(7)
    const rows = Array.from({ length: 5000 }, () => ({
      type: Math.floor(8 * random.next()),
      truth: 200 * random.next() - 50,
      guess: 200 * random.next() - 50,
    }))
    const logs = COUPLING_TYPES.map((_, type) => {
      const errors = rows.filter((row) => row.type === type).map((r) => Math.abs(r.truth - r.guess))
      return Math.log(errors.reduce((sum, error) => sum + error) / errors.length)
    })
    const expected = logs.reduce((sum, log) => sum + log) / 8
    const result = scorePairs(
      rows.map((row) => row.guess),
      rows.map((row) => row.truth),
      rows.map((row) => row.type),
    )
    expect(result.score).toBeCloseTo(expected, 12)
  })

  it.each([
    ['lengths differ', [1], [1, 2], [0, 0], '1 predictions for 2 labels and 2 types'],
    ['types are missing', [1, 2], [1, 2], [0], 'for 2 labels and 1 types'],
    ['nothing', [], [], [], 'no pair to score'],
    ['NaN prediction', [1, Number.NaN], [1, 2], [0, 0], 'Row 1: the prediction is NaN'],
    ['infinite prediction', [Infinity, 1], [1, 2], [0, 0], 'Row 0: the prediction is Infinity'],
    ['NaN label', [1, 2], [1, Number.NaN], [0, 0], 'Row 1: the label is NaN'],
    ['no such type', [1, 2], [1, 2], [0, 8], 'Row 1: the type is 8'],
    ['a type between types', [1, 2], [1, 2], [0.5, 0], 'Row 0: the type is 0.5'],
    ['overflow', [1e308, 1e308], [-1e308, -1e308], [0, 0], 'error of 1JHC is Infinity'],
  ])('refuses: %s', (_, predictions, couplings, types, message) => {
    expect(() => scorePairs(predictions, couplings, types)).toThrow(message)
    expect(() => scorePairs(predictions, couplings, types)).toThrow('[@couplet/eval]')
  })
})
