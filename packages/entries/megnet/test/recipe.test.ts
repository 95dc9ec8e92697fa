import { expect, test } from 'vitest'
import { learningRateAt } from '../../../model/src/Recipe.ts'
import { megnet } from '../src/index.ts'

test('the published rate is constant for 100 epochs and then halved every three', () => {
  const [phase] = megnet.recipe.published
  const steps = 10 * phase!.epochs
  for (let step = 0; step < steps; step++) {
    const epoch = Math.floor(step / 10)
    const halvings = epoch < 100 ? 0 : Math.floor((epoch - 100) / 3) + 1
    expect(learningRateAt(phase!, (step + 1) / steps)).toBeCloseTo(1e-4 / 2 ** halvings, 12)
  }
  expect(phase!.epochs).toBe(115)
  expect(phase!.loss).toEqual({ kind: 'l1' })
})
