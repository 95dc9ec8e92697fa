import { expect, test } from 'vitest'
import { adamUpdate, type AdamStep, type AdamVectors } from '../src/adamUpdate.ts'
import { numbers } from './compareWithTfjs.ts'

const SIZE = 11
const STEPS = 6

const settings: Omit<AdamStep, 'step'> = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-7,
  weightDecay: 0,
  gradientScale: 1,
  averageDecay: 0.8,
}

const gradientOf = (step: number) => numbers([SIZE], 10 + step).data as Float32Array

function start(): AdamVectors {
  const values = Float32Array.from(numbers([SIZE], 2).data)
  return {
    values,
    gradients: new Float32Array(SIZE),
    firstMoments: new Float32Array(SIZE),
    secondMoments: new Float32Array(SIZE),
    averages: Float32Array.from(values),
  }
}

function train(changes: Partial<AdamStep>, ranges: [number, number][] = [[0, SIZE]]): AdamVectors {
  const vectors = start()
  for (let step = 1; step <= STEPS; step++) {
    vectors.gradients.set(gradientOf(step))
    for (const [from, to] of ranges)
      adamUpdate(vectors, from, to, { ...settings, ...changes, step })
  }
  return vectors
}

/** Algorithm 1 of Kingma and Ba and algorithm 2 of Loshchilov and Hutter for one number, word by word, in float64. */
function reference(index: number, changes: Partial<AdamStep>): { value: number; average: number } {
  const { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale, averageDecay } = {
    ...settings,
    ...changes,
  }
  let value: number = start().values[index]!
  let average = value
  let m = 0
  let v = 0
  for (let t = 1; t <= STEPS; t++) {
    const g = gradientScale * gradientOf(t)[index]!
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g ** 2
    const mHat = m / (1 - Math.pow(beta1, t))
    const vHat = v / (1 - Math.pow(beta2, t))
    value = value - learningRate * (mHat / (Math.sqrt(vHat) + epsilon) + weightDecay * value)
    average = averageDecay * average + (1 - averageDecay) * value
  }
  return { value, average }
}

test.each([
  ['plain Adam', {}],
  ['weight decay', { weightDecay: 0.3 }],
  ['a large epsilon', { epsilon: 0.1 }],
  ['a clipped gradient', { gradientScale: 0.01, epsilon: 1e-3 }],
  ['no average', { averageDecay: 0 }],
  ['other betas', { beta1: 0.5, beta2: 0.8 }],
])('%s equals the algorithm in float64', (_, changes) => {
  const { values, averages } = train(changes)
  for (let index = 0; index < SIZE; index++) {
    const expected = reference(index, changes)
    expect(values[index]).toBeCloseTo(expected.value, 6)
    expect(averages[index]).toBeCloseTo(expected.average, 6)
  }
  expect(values).not.toEqual(start().values)
})

test('the first step has the length of the learning rate', () => {
  const vectors = start()
  vectors.gradients.set(gradientOf(1))
  adamUpdate(vectors, 0, SIZE, { ...settings, step: 1 })
  for (const [index, before] of start().values.entries()) {
    const moved = vectors.values[index]! - before
    expect(moved).toBeCloseTo(-settings.learningRate * Math.sign(vectors.gradients[index]!), 5)
  }
})

test('an average without decay is the parameters', () => {
  const { values, averages } = train({ averageDecay: 0 })
  expect(averages).toEqual(values)
})

test('ranges one after the other give bit for bit what the whole gives', () => {
  const whole = train({ weightDecay: 0.1 })
  const parts = train({ weightDecay: 0.1 }, [
    [7, SIZE],
    [0, 3],
    [3, 7],
  ])
  expect(parts).toEqual(whole)
})

test('values outside of the range stay', () => {
  const { values, averages, firstMoments } = train({}, [[2, 4]])
  const before = start().values
  expect(values.subarray(4)).toEqual(before.subarray(4))
  expect(averages.subarray(0, 2)).toEqual(before.subarray(0, 2))
  expect([...firstMoments.subarray(4)].every((value) => value === 0)).toBe(true)
  expect(values[2]).not.toBe(before[2])
})
