import { expect, test } from 'vitest'
import { EngineError } from '../src/EngineError.ts'
import { initialiseParameters, ParameterStore } from '../src/ParameterStore.ts'
import type { Initialiser, ParameterSpec } from '../src/ParameterSpec.ts'
import { floats } from './compareWithTfjs.ts'

const zero: Initialiser = { kind: 'constant', value: 0 }
const spec: ParameterSpec = {
  kernel: { shape: [2, 3], initialiser: zero },
  scalar: { shape: [], initialiser: zero },
  bias: { shape: [3], initialiser: zero },
}

/** Many values of one initialiser. */
function sample(initialiser: Initialiser, shape: readonly number[], seed = 1): Float32Array {
  return initialiseParameters({ values: { shape, initialiser } }, seed).values
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

test('parameters lie one after the other, in the order of the spec', () => {
  const store = new ParameterStore(spec)
  expect(store.slots).toEqual([
    { name: 'kernel', shape: [2, 3], offset: 0, size: 6, trainable: true },
    { name: 'scalar', shape: [], offset: 6, size: 1, trainable: true },
    { name: 'bias', shape: [3], offset: 7, size: 3, trainable: true },
  ])
  expect(store.size).toBe(10)
  for (const vector of [store.values, store.firstMoments, store.secondMoments, store.averages]) {
    expect([...vector]).toEqual(Array.from({ length: 10 }, () => 0))
    expect(vector.buffer).toBeInstanceOf(SharedArrayBuffer)
  }
})

test('the vectors do not overlap', () => {
  const store = new ParameterStore(spec)
  store.values.fill(1)
  store.averages.fill(2)
  expect([...store.firstMoments, ...store.secondMoments].every((value) => value === 0)).toBe(true)
  expect(store.values[9]).toBe(1)
})

test('constant and uniform initialisers', () => {
  expect([...sample({ kind: 'constant', value: 0.25 }, [3])]).toEqual([0.25, 0.25, 0.25])
  const values = sample({ kind: 'uniform', bound: 0.5 }, [4000])
  expect(Math.max(...values)).toBeLessThanOrEqual(0.5)
  expect(Math.min(...values)).toBeGreaterThanOrEqual(-0.5)
  expect(Math.max(...values)).toBeGreaterThan(0.49)
  expect(Math.min(...values)).toBeLessThan(-0.49)
  expect(Math.abs(mean(values))).toBeLessThan(0.03) // six standard errors
  const shifted = sample({ kind: 'uniform', bound: 0.5, centre: 0.5 }, [4000])
  expect([...shifted]).toEqual([...values].map((value) => expect.closeTo(value + 0.5, 6)))
})

test('the bound of glorot follows the first and the last axis, and the gain', () => {
  const bound = Math.sqrt(6 / (10 + 40))
  const largest = (values: Float32Array) => Math.max(...values.map(Math.abs))
  const plain = largest(sample({ kind: 'glorot' }, [10, 5, 40]))
  expect(plain).toBeLessThanOrEqual(Math.fround(bound))
  expect(plain).toBeGreaterThan(0.98 * bound)
  const doubled = largest(sample({ kind: 'glorot', gain: 2 }, [10, 5, 40]))
  expect(doubled).toBeCloseTo(2 * plain, 6)
})

test('the normal initialiser has mean 0, its deviation, and tails', () => {
  const values = sample({ kind: 'normal', deviation: 2 }, [20_000])
  expect(Math.abs(mean(values))).toBeLessThan(0.08)
  expect(Math.sqrt(mean(values.map((value) => value * value)))).toBeCloseTo(2, 1)
  const beyond = values.filter((value) => Math.abs(value) > 4).length / values.length
  expect(beyond).toBeGreaterThan(0.035) // 4.55 % of a normal distribution
  expect(beyond).toBeLessThan(0.056)
  expect(values.every(Number.isFinite)).toBe(true)
})

test('a seed gives the same values again, another seed others', () => {
  const initialiser: Initialiser = { kind: 'normal', deviation: 1 }
  expect(sample(initialiser, [50], 7)).toEqual(sample(initialiser, [50], 7))
  const [one, other] = [sample(initialiser, [50], 7), sample(initialiser, [50], 8)]
  expect(one.filter((value, index) => value === other[index])).toHaveLength(0)
})

test('fresh parameters have zero moments and start their own average', () => {
  const store = initialiseParameters({ w: { shape: [9], initialiser: { kind: 'glorot' } } }, 3)
  expect(store.averages).toEqual(store.values)
  expect([...store.firstMoments, ...store.secondMoments].some((value) => value !== 0)).toBe(false)
})

test('toArrays copies and assign restores, for any of the vectors', () => {
  const store = new ParameterStore(spec)
  store.values.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  const arrays = store.toArrays()
  expect(arrays['kernel']).toEqual(floats([2, 3], [1, 2, 3, 4, 5, 6]))
  expect(arrays['bias']!.data.buffer).not.toBeInstanceOf(SharedArrayBuffer)
  store.values[0] = 100
  expect(arrays['kernel']!.data[0]).toBe(1)
  store.assign(arrays, store.averages)
  expect([...store.averages]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(store.values[0]).toBe(100)
  expect(store.toArrays(store.averages)).toEqual(arrays)
})

test.each([
  ['kernel', undefined, /parameter kernel should be \[2, 3\] but is missing/],
  ['bias', floats([4], [1, 2, 3, 4]), /parameter bias should be \[3\] but is \[4\]/],
  ['kernel', floats([3, 2], [1, 2, 3, 4, 5, 6]), /kernel should be \[2, 3\] but is \[3, 2\]/],
  ['bias', floats([3], [1, 2]), /parameter bias should have 3 values but has 2/],
])('assign refuses a wrong %s and changes nothing', (name, array, message) => {
  const store = new ParameterStore(spec)
  const good = new ParameterStore(spec)
  good.values.fill(1)
  const { [name]: _, ...rest } = good.toArrays()
  const arrays = array ? { ...rest, [name]: array } : rest
  expect(() => store.assign(arrays)).toThrow(EngineError)
  expect(() => store.assign(arrays)).toThrow(message)
  expect([...store.values].every((value) => value === 0)).toBe(true)
})
