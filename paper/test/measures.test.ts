import type { ErrorsStudy, SizesStudy } from '@couplet/eval'
import { describe, expect, it } from 'vitest'
import { gainsOfTime } from '../src/gainsOfTime.ts'
import { mostApart } from '../src/mostApart.ts'
import { separatedOnBoth } from '../src/orderOfEntries.ts'
import type { Evidence } from '../src/Evidence.ts'
import { sizeSpreads } from '../src/sizeSpreads.ts'

describe('the entry that errs least like the others', () => {
  it('is sought in the better half, and told with its mean correlation and that of the others', () => {
    const correlation = [
      [1, 0.3, 0.6, 0],
      [0.3, 1, 0.4, 0],
      [0.6, 0.4, 1, 0],
      [0, 0, 0, 1],
    ]
    const study = { entries: ['a', 'b', 'c', 'd', 'e', 'f'], correlation } as unknown as ErrorsStudy
    expect(mostApart(study)).toEqual({
      entry: 'b',
      correlation: expect.closeTo(0.35),
      ofOthers: expect.closeTo(0.6),
    })
  })
})

describe('what more time brings', () => {
  it('is the difference of the scores at half of the budget and at all of it, of networks alone', () => {
    const at = (budget: number, score: number): object => ({ budget, score })
    const entries = [
      { entry: 'mpnn', byBudget: [at(30, 1), at(60, 0.5), at(60, 0.3), at(120, 0.1)] },
      { entry: 'median', byBudget: [at(60, 1), at(120, 0)] },
      { entry: 'megnet', byBudget: [at(120, 0)] },
    ]
    expect(gainsOfTime({ entries } as unknown as SizesStudy)).toEqual([expect.closeTo(0.3)])
  })
})

describe('the spread between seeds', () => {
  it('is pooled over networks for each size, from the smallest up', () => {
    const at = (molecules: number, score: number): object => ({ molecules, score })
    const entries = [
      // Squared deviations of 2 with two degrees of freedom, and of 8 with one.
      { entry: 'mpnn', points: [at(20, 1), at(10, 0), at(10, 1), at(10, 2), at(20, 5)] },
      { entry: 'megnet', points: [at(10, 7), at(20, 3)] },
      { entry: 'median', points: [at(10, 0), at(10, 100)] },
    ]
    const study = { entries } as unknown as SizesStudy
    expect(sizeSpreads(study)).toEqual([1, expect.closeTo(Math.sqrt(8))])
    expect(sizeSpreads({ entries: entries.slice(1) } as unknown as SizesStudy)).toEqual([])
  })
})

describe('pairs that both data sets tell apart', () => {
  it('are counted where both rank them, and named where the order is opposite', () => {
    const ranks = (...pairs: readonly (readonly [string, string, boolean])[]): object => ({
      ranks: {
        differences: pairs.map(([better, worse, separated]) => ({ better, worse, separated })),
      },
    })
    const evidence = {
      studies: new Map([
        ['couplet-dft', ranks(['a', 'b', true], ['a', 'c', true], ['b', 'c', true])],
        ['champs-sample', ranks(['a', 'b', true], ['c', 'a', true], ['b', 'c', false])],
      ]),
    } as unknown as Evidence
    expect(separatedOnBoth(evidence)).toEqual({ count: 2, reversed: [['a', 'c']] })
  })
})
