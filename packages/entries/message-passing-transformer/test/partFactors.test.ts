import { typeScale } from '@couplet/model'
import { buildTable, COUPLING_TYPES } from '@couplet/data'
import { expect, test } from 'vitest'
import { partFactors, teamScale } from '../src/partFactors.ts'

/** Water twice, with two different couplings, 2JHH, and their contributions. */
const waters = {
  ...buildTable(
    [0.94, 0.98].map((length, index) => ({
      name: `water ${index}`,
      atomicNumbers: Uint8Array.of(8, 1, 1),
      positions: Float32Array.of(0, 0, 0, length, 0, 0, -0.3, length, 0),
    })),
  ),
  couplings: Float32Array.of(-10, -6),
  contributions: Float32Array.of(-12, 0.5, 2.5, -1, -9, 1.5, 4.5, -3),
}
const type = COUPLING_TYPES.indexOf('2JHH')

test("with the team's scale the parts have the team's divisors", () => {
  const scale = teamScale(typeScale(waters))
  expect(scale.mean).toEqual(COUPLING_TYPES.map(() => 16))
  expect(scale.contributionMean[type]).toEqual([16, 0, 0, 0])
  for (const factors of partFactors(scale)) {
    expect(factors).toEqual([1, 250, 45, 35, 500].map((value) => expect.closeTo(1 / value, 9)))
  }
})

test('with the scale of the types the parts have the spread of the contributions', () => {
  const factors = partFactors(typeScale(waters))
  // Deviations 1.5, 0.5, 1 and 1 Hz of the parts, 2 Hz of the coupling; half the smallest for the rest.
  expect(factors[type]).toEqual(
    [0.75, 0.25, 0.5, 0.5, 0.125].map((value) => expect.closeTo(value, 5)),
  )
})

test('without contributions the divisors are those of the team', () => {
  const { contributions: _none, ...rest } = waters
  expect(partFactors(typeScale(rest))[type]![1]).toBeCloseTo(1 / 250, 9)
})
