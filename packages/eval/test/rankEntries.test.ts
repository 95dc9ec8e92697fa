import { expect, it } from 'vitest'
import { rankEntries } from '../src/index.ts'
import { simulatedErrors } from './examples.ts'

it('lets entries share ranks that comparison cannot tell apart', () => {
  const ranks = rankEntries(
    [
      { entry: 'poor', errors: simulatedErrors(100, 7, 1.5, 40, 0.3) },
      { entry: 'twin-a', errors: simulatedErrors(100, 7, 1, 41, 0.001) },
      { entry: 'twin-b', errors: simulatedErrors(100, 7, 1, 41, 0.001) },
      { entry: 'good', errors: simulatedErrors(100, 7, 0.5, 43, 0.3) },
    ],
    { seed: 1, resamples: 500 },
  )
  expect(ranks.map(({ entry, best, worst }) => `${entry} ${best}-${worst}`)).toEqual([
    'good 1-1',
    'twin-a 2-3',
    'twin-b 2-3',
    'poor 4-4',
  ])
})

it('refuses two entries of one name', () => {
  const errors = simulatedErrors(5, 7)
  const twice = [
    { entry: 'a', errors },
    { entry: 'a', errors },
  ]
  expect(() => rankEntries(twice, { seed: 1 })).toThrow('same id')
})
