import { describe, expect, it } from 'vitest'
import {
  blend,
  type BlendData,
  crossFit,
  fitWeights,
  halfOfRows,
  medianBlend,
  scorePairs,
} from '../../src/index.ts'
import { randomGenerator } from '../../src/randomGenerator.ts'

const PAIRS = 1600
const SEARCHES = ['softmax', 'pairwise'] as const

/** Labels, and entries whose errors are independent and normal of the given spreads; type 0 first, then 1. */
function example(spreads: readonly (readonly number[])[], seed = 5, types = 2): BlendData {
  const random = randomGenerator(seed)
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  const type = Uint8Array.from({ length: PAIRS }, (_, pair) => pair % types)
  const couplings = Float64Array.from({ length: PAIRS }, () => 10 * normal())
  const predictions = spreads.map((spread) =>
    couplings.map((coupling, pair) => coupling + spread[type[pair]! % spread.length]! * normal()),
  )
  return { predictions, couplings, types: type }
}

const allRows = Uint32Array.from({ length: PAIRS }, (_, row) => row)
const scoreOf = ({ couplings, types }: BlendData, values: ArrayLike<number>): number =>
  scorePairs(values, couplings, types).score

describe.each(SEARCHES)('weights by %s', (search) => {
  it('are those of inverse variances where errors are independent', () => {
    // Variances 1 and 4: weights 0.8 and 0.2.
    const [first, second] = fitWeights(example([[1], [2]]), allRows, search, 1)
    expect(first! + second!).toBeCloseTo(1)
    expect(Math.abs(first! - 0.8)).toBeLessThan(0.06)
  })

  it('leave out an entry that only adds noise to another', () => {
    const data = example([[1]])
    const random = randomGenerator(3)
    const noisy = data.predictions[0]!.map((value) => value + 6 * (random.next() - 0.5))
    const weights = fitWeights(
      { ...data, predictions: [noisy, ...data.predictions] },
      allRows,
      search,
      1,
    )
    expect(weights[0]!).toBeLessThan(0.03)
  })

  it('differ by type where entries are good at different types', () => {
    const data = example([
      [0.2, 3],
      [3, 0.2],
    ])
    const parts = Uint8Array.from(allRows, (row) => Math.floor(row / 2) % 4)
    const single = crossFit(data, parts, 'single', search, 1)
    const perType = crossFit(data, parts, 'per-type', search, 1)
    expect(perType.weights[0]![0]!).toBeGreaterThan(0.95)
    expect(perType.weights[1]![1]!).toBeGreaterThan(0.95)
    expect(perType.weights[2]).toBeNull()
    expect(scoreOf(data, perType.predictions)).toBeLessThan(scoreOf(data, single.predictions) - 0.5)
  })

  it('find the least metric: no small move of weight improves it', () => {
    const data = example([[1], [1.2], [2], [0.9]], 8)
    const weights = fitWeights(data, allRows, search, 1)
    const best = scoreOf(data, blend(data, [weights]))
    for (const from of weights.keys()) {
      for (const to of weights.keys()) {
        const moved = Math.min(0.02, weights[from]!)
        const other = weights.slice()
        other[from]! -= moved
        other[to]! += moved
        const tolerance = search === 'softmax' ? 2e-3 : 1e-6
        expect(scoreOf(data, blend(data, [other]))).toBeGreaterThan(best - tolerance)
      }
    }
  })
})

it('never fits a part with its own labels', () => {
  const data = example([[1], [2]])
  const parts = Uint8Array.from(allRows, (row) => Math.floor(row / 2) % 4)
  const before = crossFit(data, parts, 'per-type', 'pairwise', 1).predictions
  const couplings = Float64Array.from(data.couplings, (value, pair) =>
    parts[pair] === 0 ? -value : value,
  )
  const after = crossFit({ ...data, couplings }, parts, 'per-type', 'pairwise', 1).predictions
  const changed = allRows.filter((row) => parts[row] === 0 && after[row] !== before[row])
  expect(changed).toHaveLength(0)
  expect(after).not.toEqual(before)
})

it('scores the other half of the rows of each type, as in 2021', () => {
  const data = example([[1], [1]])
  const { predictions } = halfOfRows(data, 'single', 'softmax', 42)
  for (const type of [0, 1]) {
    const rows = allRows.filter((row) => data.types[row] === type)
    expect(rows.filter((row) => Number.isNaN(predictions[row])).length).toBe(rows.length / 2)
  }
})

describe('the median blend', () => {
  const column = (...values: number[]): Float64Array => Float64Array.from(values)
  it('averages the middle five of nine', () => {
    const predictions = [0, 100, 3, 4, 5, 6, 7, -50, 90].map((value) => column(value))
    const data = { predictions, couplings: [0], types: [0] }
    expect(medianBlend(data)[0]).toBe((3 + 4 + 5 + 6 + 7) / 5)
  })

  it('keeps the nine that most often stand in the middle', () => {
    // Ten good ones around 0 on each of many pairs, and one far out that is never the median.
    const random = randomGenerator(1)
    const far = Float64Array.from({ length: 50 }, () => 1000)
    const near = Array.from({ length: 10 }, () => far.map(() => random.next()))
    const blended = medianBlend({
      predictions: [far, ...near],
      couplings: far,
      types: new Uint8Array(50),
    })
    expect(Math.max(...blended)).toBeLessThan(1)
  })

  it('is the mean of two and the median of three', () => {
    const two = [column(1), column(3)]
    expect(medianBlend({ predictions: two, couplings: [0], types: [0] })[0]).toBe(2)
    const three = [...two, column(100)]
    expect(medianBlend({ predictions: three, couplings: [0], types: [0] })[0]).toBe(3)
  })
})

it('refuses entries that predict different pairs, and fits without pairs', () => {
  const data = {
    predictions: [new Float64Array(2), new Float64Array(3)],
    couplings: [1, 2],
    types: [0, 0],
  }
  expect(() => medianBlend(data)).toThrow('2, 3 pairs')
  expect(() => fitWeights(example([[1], [2]]), new Uint32Array(), 'softmax', 1)).toThrow('no pair')
  const parts = new Uint8Array(PAIRS)
  expect(() => crossFit(example([[1], [2]]), parts, 'single', 'softmax', 1)).toThrow('one part')
})
