import { expect, test } from 'vitest'
import { lossPoints } from '../../src/index.ts'

const point = (phase: string, loss: number | null) => {
  return { phase, epoch: 1, seconds: 1, loss, learningRate: 0.001 }
}

test('a first stage is left out, and what a logarithmic axis cannot show', () => {
  const points = [
    point('first stage 1', 9),
    point('train', 3),
    point('train', null),
    point('train', 0),
    point('fine-tune', 2),
  ]
  expect(lossPoints({ folds: [{ fold: '0', points }] })).toEqual([
    { fold: '0', epoch: 1, loss: 3 },
    { fold: '0', epoch: 4, loss: 2 },
  ])
})

test('long trainings are thinned evenly, each fold by itself', () => {
  const points = Array.from({ length: 100 }, (_, index) => point('train', index + 1))
  const folds = [
    { fold: '0' as const, points },
    { fold: '1' as const, points: points.slice(0, 5) },
  ]
  const found = lossPoints({ folds })
  expect(found.filter(({ fold }) => fold === '0').map(({ epoch }) => epoch)).toEqual(
    Array.from({ length: 34 }, (_, index) => 3 * index + 1),
  )
  expect(found.filter(({ fold }) => fold === '1')).toHaveLength(5)
  expect(
    lossPoints({ folds }, 10)
      .map(({ epoch }) => epoch)
      .slice(0, 3),
  ).toEqual([1, 11, 21])
})
