import { expect, test } from 'vitest'
import { learningRateAt } from '../../../model/src/Recipe.ts'
import { cormorant } from '../src/index.ts'

test('both published phases fall along half a cosine to a hundredth of their rate, with the squared error', () => {
  const peaks = [5e-4, 3e-4]
  expect(cormorant.recipe.published).toHaveLength(2)
  for (const [index, phase] of cormorant.recipe.published.entries()) {
    const peak = peaks[index]!
    for (let step = 0; step <= 1000; step++) {
      const cosine = 0.5 * (1 + Math.cos((Math.PI * step) / 1000))
      const rate = peak * (0.01 + 0.99 * cosine)
      expect(Math.abs(learningRateAt(phase, step / 1000) / peak - rate / peak)).toBeLessThan(1e-4)
    }
    expect(phase).toMatchObject({ epochs: 200, batch: 16, weightDecay: 0, clipNorm: 0 })
    expect(phase.loss).toEqual({ kind: 'mse' })
  }
})
