import { expect, it } from 'vitest'
import { medalOf, medalRanks } from '../../src/index.ts'

it.each([
  [9, 0, 1, 3],
  [30, 3, 6, 12],
  [99, 9, 19, 39],
  [100, 10, 20, 40],
  [249, 10, 49, 99],
  [250, 10, 50, 100],
  [500, 11, 50, 100],
  [999, 11, 50, 100],
  [1000, 12, 50, 100],
  [2749, 15, 137, 274],
  [5000, 20, 250, 500],
])('gives %i teams %i, %i and %i places with medals', (teams, gold, silver, bronze) => {
  expect(medalRanks(teams)).toEqual({ gold, silver, bronze })
})

it('gives the last rank of each medal that medal', () => {
  const ranks = medalRanks(2749)
  expect([1, 15, 16, 137, 138, 274, 275].map((rank) => medalOf(rank, ranks))).toEqual([
    'gold',
    'gold',
    'silver',
    'silver',
    'bronze',
    'bronze',
    null,
  ])
})

it('refuses what is no number of teams', () => {
  expect(() => medalRanks(0)).toThrow('Give a whole number above 0')
  expect(() => medalRanks(2.5)).toThrow('Give a whole number above 0')
})
