import { expect, test } from 'vitest'
import { learningRateAt } from '../../../model/src/Recipe.ts'
import { tripletNetwork } from '../src/index.ts'

test('the published rate falls by 5 % after every epoch', () => {
  const [phase] = tripletNetwork.recipe.published
  expect(phase!.epochs).toBe(100)
  const steps = 10 * phase!.epochs
  for (let step = 0; step < steps; step++) {
    const rate = 5e-4 * 0.95 ** Math.floor(step / 10)
    expect(learningRateAt(phase!, (step + 1) / steps)).toBeCloseTo(rate, 12)
  }
  expect(phase!.loss).toEqual({ kind: 'l1', contributions: 1 })
})
