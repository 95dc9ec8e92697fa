import { describe, expect, it } from 'vitest'
import {
  type BlendData,
  clusterEntries,
  type ErrorTable,
  mapEntries,
  moleculeDifficulty,
  residualCorrelation,
} from '../../src/index.ts'
import { randomGenerator } from '../../src/randomGenerator.ts'

/** Two entries that share most of their errors, their mirror image, and one by itself; errors of type 1 are a thousand times larger. */
function example(): BlendData {
  const random = randomGenerator(4)
  const pairs = 4000
  const types = Uint8Array.from({ length: pairs }, (_, pair) => pair % 2)
  const scale = (pair: number): number => (types[pair] === 0 ? 1 : 1000)
  const noise = (): Float64Array =>
    Float64Array.from({ length: pairs }, (_, pair) => scale(pair) * (random.next() - 0.5))
  const [shared, own, alone] = [noise(), noise(), noise()]
  const couplings = Float64Array.from({ length: pairs }, () => 100 * random.next())
  const predict = (errors: Float64Array): Float64Array =>
    couplings.map((coupling, pair) => coupling + errors[pair]!)
  return {
    predictions: [
      predict(shared),
      // Equal variances of both parts: a correlation of sqrt(1/2).
      predict(shared.map((value, pair) => value + own[pair]!)),
      predict(shared.map((value) => -value)),
      predict(alone),
    ],
    couplings,
    types,
  }
}

describe('residualCorrelation', () => {
  it('finds shared, opposite and independent errors', () => {
    const correlation = residualCorrelation(example())
    expect(correlation[0]![0]).toBe(1)
    expect(correlation[0]![1]).toBeCloseTo(Math.SQRT1_2, 1)
    expect(correlation[0]![2]).toBeCloseTo(-1, 6)
    expect(Math.abs(correlation[0]![3]!)).toBeLessThan(0.05)
    expect(correlation[1]![0]).toBe(correlation[0]![1])
  })

  it('gives every type the same weight, whatever its scale', () => {
    const data = example()
    // Of type 1 the second entry has the first one's errors: half of the types correlate fully.
    const second = data.predictions[3]!.map((value, pair) =>
      data.types[pair] === 1 ? data.predictions[0]![pair]! : value,
    )
    const [[, mixed]] = residualCorrelation({
      ...data,
      predictions: [data.predictions[0]!, second],
    }) as [[number, number], [number, number]]
    expect(mixed).toBeCloseTo(0.5, 1)
  })

  it('is 0 beside an entry whose errors are all equal', () => {
    const data = example()
    const shifted = Float64Array.from(data.couplings).map((coupling) => coupling + 1)
    const rows = residualCorrelation({ ...data, predictions: [shifted, data.predictions[0]!] })
    expect(rows[0]![1]).toBeCloseTo(0, 6)
  })
})

const CORRELATION = [
  [1, 0.9, 0.1, 0],
  [0.9, 1, 0.2, 0.1],
  [0.1, 0.2, 1, 0.6],
  [0, 0.1, 0.6, 1],
]

describe('clusterEntries', () => {
  it('joins the nearest first, and clusters by their farthest members', () => {
    const { merges, order } = clusterEntries(CORRELATION)
    const rounded = merges.map(({ left, right, distance }) => [
      ...[left, right].toSorted((a, b) => a - b),
      Number(distance.toFixed(6)),
    ])
    expect(rounded).toEqual([
      [0, 1, 0.1],
      [2, 3, 0.4],
      [4, 5, 1],
    ])
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
    expect(Math.abs(order.indexOf(0) - order.indexOf(1))).toBe(1)
  })

  it('has one leaf of one entry', () => {
    expect(clusterEntries([[1]])).toEqual({ order: [0], merges: [] })
  })
})

describe('mapEntries', () => {
  it('keeps distances that fit into a plane', () => {
    const three = CORRELATION.slice(0, 3).map((row) => row.slice(0, 3))
    const { points, share } = mapEntries(three)
    expect(share).toBeCloseTo(1)
    for (const a of [0, 1, 2]) {
      for (const b of [0, 1, 2]) {
        const [x, y] = [points[a]![0] - points[b]![0], points[a]![1] - points[b]![1]]
        expect(Math.hypot(x, y)).toBeCloseTo(Math.sqrt(2 * (1 - three[a]![b]!)))
      }
    }
  })

  it('says how much of the distances four entries lose, and puts equal ones on one point', () => {
    const { share } = mapEntries(CORRELATION)
    expect(share).toBeGreaterThan(0.5)
    expect(share).toBeLessThan(1)
    const equal = mapEntries([
      [1, 1],
      [1, 1],
    ])
    for (const value of equal.points.flat()) expect(value).toBeCloseTo(0)
    expect(equal.share).toBe(1)
    expect(mapEntries([[1]]).points).toEqual([[0, 0]])
  })
})

describe('moleculeDifficulty', () => {
  const table = (errorSums: number[][]): ErrorTable => ({
    names: ['easy', 'hard'],
    errorSums: Float64Array.from(errorSums.flatMap((row) => [...row, 0, 0, 0, 0, 0, 0])),
    counts: Uint32Array.from([2, 1, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0]),
  })

  it('measures errors in units of the entry and the type', () => {
    // MAEs of the first entry: 2 and 20; of the second ten times that.
    const first = [
      [2, 10],
      [6, 30],
    ]
    const rows = moleculeDifficulty([
      table(first),
      table(first.map((row) => row.map((x) => 10 * x))),
    ])
    expect(rows.map(({ molecule }) => molecule)).toEqual(['hard', 'easy'])
    expect(rows[0]!.byEntry).toEqual([4.5 / 3, 4.5 / 3])
    expect(rows[0]!.difficulty).toBeCloseTo(1.5)
    expect(rows[1]!.difficulty).toBeCloseTo(0.5)
    expect(rows[0]!.pairs).toBe(3)
  })
})
