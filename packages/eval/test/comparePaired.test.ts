import { describe, expect, it } from 'vitest'
import { bootstrapInterval, comparePaired, scoreErrors } from '../src/index.ts'
import { simulatedErrors } from './examples.ts'

describe('comparePaired', () => {
  it('finds a planted difference that the single intervals hide', () => {
    // B errs 3 % less than A on average, on the same molecules with a little noise of its own.
    const a = simulatedErrors(200, 21)
    const b = simulatedErrors(200, 21, 0.97, 99, 0.05)
    const options = { seed: 2, resamples: 1000 }
    const single = [a, b].map((errors) => bootstrapInterval(errors, options).interval)
    expect(single[1]!.high).toBeGreaterThan(single[0]!.low)
    const { difference, distinguishable, interval, probabilityBetter } = comparePaired(
      a,
      b,
      options,
    )
    expect(difference).toBe(scoreErrors(a).score - scoreErrors(b).score)
    expect(distinguishable).toBe(true)
    expect(interval.low).toBeGreaterThan(0)
    expect(probabilityBetter).toBeLessThan(0.025)
    expect(comparePaired(b, a, options).probabilityBetter).toBe(1 - probabilityBetter)
  })

  it('calls equally good entries different about as rarely as the level says', () => {
    const simulations = 100
    let found = 0
    for (let simulation = 0; simulation < simulations; simulation++) {
      // Each mixes its own noise into the same molecules, so that neither is better in truth.
      const seed = 5000 + simulation
      const a = simulatedErrors(80, seed, 1, 2 * seed, 0.5)
      const b = simulatedErrors(80, seed, 1, 2 * seed + 1, 0.5)
      if (comparePaired(a, b, { seed: simulation, resamples: 200 }).distinguishable) found++
    }
    // 5 of 100 are expected; more than 14 would come by chance once in ten thousand runs.
    expect(found).toBeLessThanOrEqual(14)
  })

  it('takes an entry and itself for equal', () => {
    const errors = simulatedErrors(30, 3)
    const result = comparePaired(errors, errors, { seed: 1, resamples: 100 })
    expect(result.difference).toBe(0)
    expect(result.probabilityBetter).toBe(0.5)
    expect(result.distinguishable).toBe(false)
  })

  it('does not depend on the order of the molecules of B', () => {
    const a = simulatedErrors(30, 3)
    const b = simulatedErrors(30, 3, 0.9)
    const backward = {
      names: b.names.toReversed(),
      errorSums: Float64Array.from(
        b.errorSums,
        (_, i) => b.errorSums[(29 - (i >> 3)) * 8 + (i & 7)]!,
      ),
      counts: Uint32Array.from(b.counts, (_, i) => b.counts[(29 - (i >> 3)) * 8 + (i & 7)]!),
    }
    const options = { seed: 1, resamples: 100 }
    expect(comparePaired(a, backward, options).interval).toEqual(
      comparePaired(a, b, options).interval,
    )
  })

  it('refuses other molecules and other pairs', () => {
    const a = simulatedErrors(30, 3)
    expect(() => comparePaired(a, simulatedErrors(29, 3), { seed: 1 })).toThrow('30 and 29')
    expect(() => comparePaired(a, simulatedErrors(30, 4), { seed: 1 })).toThrow(
      /m\d+ has \d+ pairs/,
    )
  })
})
