import { afterEach, describe, expect, test } from 'vitest'
import type { AdamStep, AdamVectors } from '../src/adamUpdate.ts'
import { createRunner } from '../src/createRunner.ts'
import { optimiserUpdate } from '../src/optimiserUpdate.ts'
import { initialiseParameters, type ParameterSlot } from '../src/ParameterStore.ts'
import type { Runner } from '../src/Runner.ts'
import { messages, trainingStep } from './toyNetworks.ts'

const settings: AdamStep = {
  optimiser: 'lamb',
  step: 1,
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-6,
  weightDecay: 0,
  gradientScale: 1,
  averageDecay: 0.5,
}

/** Arrays of two values each. */
function vectorsOf(...arrays: [number, number][]): [AdamVectors, ParameterSlot[]] {
  const values = Float32Array.from(arrays.flat())
  const zeros = (): Float32Array => new Float32Array(values.length)
  const slots = arrays.map((_, index) => {
    return { name: `array-${index}`, shape: [2], offset: 2 * index, size: 2, trainable: true }
  })
  const moments = { firstMoments: zeros(), secondMoments: zeros() }
  return [{ values, gradients: zeros(), ...moments, averages: Float32Array.from(values) }, slots]
}

function expectValues(vector: Float32Array, expected: readonly number[], digits = 5): void {
  expect([...vector]).toEqual(expected.map((value) => expect.closeTo(value, digits)))
}

describe('computed by hand', () => {
  test('an array of norm 5 moves by 5 times the learning rate, in the direction of its Adam step', () => {
    const [vectors, slots] = vectorsOf([3, 4])
    vectors.gradients.set([1, -2])
    // m = 0.1 g, v = 0.001 g g: m / sqrt(v) is 3.162 and -3.162, whatever the size of g.
    optimiserUpdate(vectors, slots, 0, 2, settings)
    const first = (0.01 * 5) / Math.SQRT2
    expectValues(vectors.values, [3 - first, 4 + first])
    expectValues(vectors.averages, [3 - first / 2, 4 + first / 2])
    vectors.gradients.fill(0)
    optimiserUpdate(vectors, slots, 0, 2, { ...settings, step: 2 })
    // m = 0.09 g, v = 0.000999 g g: the same direction, and the norm is now sqrt(25.0732) = 5.007316.
    expectValues(vectors.values, [2.929238, 4.070762])
  })

  test('weight decay is outside of the norm', () => {
    const [vectors, slots] = vectorsOf([3, 4])
    vectors.gradients.set([1, -2])
    optimiserUpdate(vectors, slots, 0, 2, { ...settings, weightDecay: 0.1 })
    expectValues(vectors.values, [3 * 0.999 - 0.035355, 4 * 0.999 + 0.035355])
  })

  test('each array has a norm of its own, at most 10; an array of zeros takes the plain step', () => {
    const [vectors, slots] = vectorsOf([30, 40], [0, 0])
    vectors.gradients.set([1, -2, 1, -2])
    optimiserUpdate(vectors, slots, 0, 4, settings)
    expectValues(vectors.values.subarray(0, 2), [30 - 0.070711, 40 + 0.070711])
    // 0.1 / (sqrt(0.001) + 1e-6) and 0.2 / (sqrt(0.004) + 1e-6)
    expectValues(vectors.values.subarray(2), [-0.01 * 3.162178, 0.01 * 3.162228])
  })

  test('no gradient, no step', () => {
    const [vectors, slots] = vectorsOf([3, 4])
    optimiserUpdate(vectors, slots, 0, 2, settings)
    expect([...vectors.values]).toEqual([3, 4])
  })

  test('the gradient is scaled before the moments', () => {
    const [vectors, slots] = vectorsOf([3, 4])
    vectors.gradients.set([1, -2])
    optimiserUpdate(vectors, slots, 0, 2, { ...settings, gradientScale: 0.5 })
    expectValues(vectors.firstMoments, [0.05, -0.1], 7)
    expectValues(vectors.secondMoments, [0.00025, 0.001], 7)
  })
})

test('ranges that cut through arrays give bit for bit what the whole gives', () => {
  const start = (): [AdamVectors, ParameterSlot[]] => {
    const made = vectorsOf([3, 4], [1, -1], [0.5, 2])
    made[0].gradients.set([1, -2, 3, 4, -5, 6])
    return made
  }
  const [whole, slots] = start()
  optimiserUpdate(whole, slots, 0, 6, settings)
  const [parts] = start()
  optimiserUpdate(parts, slots, 3, 6, settings)
  optimiserUpdate(parts, slots, 0, 3, settings)
  expect(parts).toEqual(whole)
})

describe('on runners', () => {
  const open: Runner[] = []
  afterEach(async () => {
    for (const runner of open.splice(0)) await runner.close()
  })

  test.each([
    ['ort with 1 worker', { runner: 'ort', workers: 1 }],
    ['ort with 2 workers', { runner: 'ort', workers: 2 }],
    ['ort with 3 workers', { runner: 'ort', workers: 3 }],
  ] as const)('%s takes the steps of tfjs-cpu', async (_, options) => {
    const trained = async (chosen: Parameters<typeof createRunner>[2]) => {
      const store = initialiseParameters(messages.spec, 5)
      const runner = await createRunner(messages.network, store, chosen)
      open.push(runner)
      for (let step = 1; step <= 3; step++) {
        const changes = { optimiser: 'lamb', epsilon: 1e-6, weightDecay: 0.1 } as const
        await runner.train(trainingStep([messages.batch(2, step)], messages.sum, step, changes))
      }
      return store.values
    }
    const expected = await trained({ runner: 'tfjs-cpu' })
    for (const [index, value] of (await trained(options)).entries()) {
      expect(value).toBeCloseTo(expected[index]!, 4)
    }
    expect(expected).not.toEqual(initialiseParameters(messages.spec, 5).values)
  })
})
