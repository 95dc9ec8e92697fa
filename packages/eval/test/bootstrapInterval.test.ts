import { describe, expect, it } from 'vitest'
import { bootstrapInterval, measureErrors, percentileInterval, scoreErrors } from '../src/index.ts'
import { exampleTable, simulatedErrors, TRUE_MAES } from './examples.ts'

describe('percentileInterval', () => {
  it('interpolates between the sorted values', () => {
    // Positions 0.25 * 4 = 1 and 0.75 * 4 = 3 of 0 1 2 3 4; positions 0.4 and 3.6 at level 0.8.
    const values = Float64Array.of(4, 0, 3, 1, 2)
    expect(percentileInterval(values, 0.5)).toEqual({ low: 1, high: 3 })
    expect(percentileInterval(values, 0.8).low).toBeCloseTo(0.4, 12)
    expect([...values]).toEqual([4, 0, 3, 1, 2])
  })

  it.each([0, 1, -1, Number.NaN, 95])('refuses the level %d', (level) => {
    expect(() => percentileInterval(Float64Array.of(1), level)).toThrow('between 0 and 1')
  })
})

describe('bootstrapInterval', () => {
  const errors = simulatedErrors(60, 11)

  it('gives equal intervals for equal seeds and others for others', () => {
    const first = bootstrapInterval(errors, { seed: 4, resamples: 300 })
    expect(bootstrapInterval(errors, { seed: 4, resamples: 300 })).toEqual(first)
    expect(bootstrapInterval(errors, { seed: 5, resamples: 300 }).interval.low).not.toBe(
      first.interval.low,
    )
  })

  it('carries the point estimates and how it was drawn', () => {
    const result = bootstrapInterval(errors, { seed: 4, resamples: 300, level: 0.9 })
    const score = scoreErrors(errors)
    expect(result.score).toBe(score.score)
    expect(result.types.map(({ mae }) => mae)).toEqual(score.types.map(({ mae }) => mae))
    expect(result.interval).toMatchObject({ level: 0.9, resamples: 300, seed: 4 })
  })

  it('has no width when all molecules are alike', () => {
    const table = exampleTable({ a: [[0, 1]], b: [[0, 1]], c: [[0, 1]] })
    const { interval, types } = bootstrapInterval(measureErrors(table, [3, 3, 3]), { seed: 1 })
    expect(interval.low).toBeCloseTo(Math.LN2, 14)
    expect(interval.high).toBeCloseTo(Math.LN2, 14)
    expect(types[0]).toMatchObject({ mae: 2, low: 2, high: 2 })
    expect(types[1]).toEqual({ type: '1JHN', mae: null, count: 0, low: null, high: null })
  })

  it('draws molecules, not pairs', () => {
    // Two molecules with 100 pairs each, errors 1 and 3: a draw takes one of them twice (half of all draws) or both.
    const pairs = Array.from({ length: 100 }, () => [0, 0] as const)
    const table = exampleTable({ a: pairs, b: pairs })
    const predictions = Array.from({ length: 200 }, (_, pair) => (pair < 100 ? 1 : 3))
    const { types } = bootstrapInterval(measureErrors(table, predictions), { seed: 1 })
    expect(types[0]).toMatchObject({ low: 1, high: 3 })
  })

  it('draws again when a type is missing, so that every resample has the same types', () => {
    const table = exampleTable({ a: [[0, 0]], b: [[0, 0]], c: [[7, 0]] })
    const result = bootstrapInterval(measureErrors(table, [1, 1, 2]), { seed: 1, resamples: 1000 })
    // Every accepted draw holds both types: MAE 1 and 2 in each, so no spread is left.
    expect(result.interval.low).toBeCloseTo(Math.LN2 / 2, 14)
    expect(result.interval.high).toBeCloseTo(Math.LN2 / 2, 14)
    // Without c: (2/3)^3 = 8/27; c alone: 1/27. A third of all draws is thrown away: 500 for 1000 kept.
    expect(result.redrawn).toBeGreaterThan(400)
    expect(result.redrawn).toBeLessThan(600)
  })

  it('is not narrowed by molecules without pairs', () => {
    const padded = {
      names: [...errors.names, ...errors.names.map((name) => `${name}-empty`)],
      errorSums: Float64Array.of(...errors.errorSums, ...errors.errorSums.map(() => 0)),
      counts: Uint32Array.of(...errors.counts, ...errors.counts.map(() => 0)),
    }
    const options = { seed: 4, resamples: 300 }
    expect(bootstrapInterval(padded, options)).toEqual(bootstrapInterval(errors, options))
  })

  it('draws the conformers of one constitution together', () => {
    // Four conformers of each molecule, which err alike, teach nothing that one does not.
    const four = {
      names: [0, 1, 2, 3].flatMap((conformer) =>
        errors.names.map((name) => `${name}_c${conformer}`),
      ),
      errorSums: Float64Array.from([0, 1, 2, 3].flatMap(() => [...errors.errorSums])),
      counts: Uint32Array.from([0, 1, 2, 3].flatMap(() => [...errors.counts])),
    }
    const foldKeys = [0, 1, 2, 3].flatMap(() => [...errors.names])
    const options = { seed: 4, resamples: 2000 }
    const single = bootstrapInterval(errors, options)
    const together = bootstrapInterval({ ...four, foldKeys }, options)
    expect(together.score).toBeCloseTo(single.score, 12)
    expect(together.interval.low).toBeCloseTo(single.interval.low, 12)
    expect(together.types[7]!.high).toBeCloseTo(single.types[7]!.high!, 12)
    // Drawn one by one they look like four times as many molecules: an interval half as wide.
    const apart = bootstrapInterval(four, options).interval
    const width = (apart.high - apart.low) / (single.interval.high - single.interval.low)
    expect(width).toBeGreaterThan(0.4)
    expect(width).toBeLessThan(0.6)
  })

  it('covers the true score and MAE about as often as it claims', () => {
    const truth = TRUE_MAES.reduce((sum, mae) => sum + Math.log(mae), 0) / 8
    const simulations = 200
    let scoreHits = 0
    let typeHits = 0
    for (let simulation = 0; simulation < simulations; simulation++) {
      const data = simulatedErrors(100, 1000 + 2 * simulation)
      const { interval, types } = bootstrapInterval(data, { seed: simulation, resamples: 300 })
      if (interval.low <= truth && truth <= interval.high) scoreHits++
      if (types[3]!.low! <= TRUE_MAES[3]! && TRUE_MAES[3]! <= types[3]!.high!) typeHits++
    }
    for (const hits of [scoreHits, typeHits]) {
      expect(hits / simulations).toBeGreaterThanOrEqual(0.9)
      expect(hits / simulations).toBeLessThanOrEqual(0.99)
    }
  })

  it.each([
    ['no molecule', () => exampleTable({}), {}, 'no pair'],
    ['no resample', () => exampleTable({ a: [[0, 1]] }), { resamples: 0 }, 'resamples is 0'],
    [
      'too many resamples',
      () => exampleTable({ a: [[0, 1]] }),
      { resamples: 1e12 },
      'from 1 to 1000000',
    ],
    ['half a seed', () => exampleTable({ a: [[0, 1]] }), { seed: 0.5 }, 'seed is 0.5'],
    ['a negative seed', () => exampleTable({ a: [[0, 1]] }), { seed: -1 }, 'seed is -1'],
    ['a wide level', () => exampleTable({ a: [[0, 1]] }), { level: 95 }, 'level of the interval'],
  ])('refuses %s', (_, makeTable, options, message) => {
    const table = makeTable()
    const measured = measureErrors(table, table.couplings!)
    expect(() => bootstrapInterval(measured, { seed: 1, resamples: 10, ...options })).toThrow(
      message,
    )
  })
})
