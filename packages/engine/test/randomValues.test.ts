import { expect, test } from 'vitest'
import { randomValues } from '../src/randomValues.ts'

test('numbers are uniform in [0, 1)', () => {
  const values = randomValues(20_000, 1, 1, 0, 0)
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...values)).toBeLessThan(1)
  const tenths = Array.from({ length: 10 }, () => 0)
  for (const value of values) tenths[Math.floor(10 * value)]! += 1
  // Five standard deviations of a binomial distribution.
  for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(212)
})

test('the same place gives the same numbers, and a longer array begins with the shorter', () => {
  expect(randomValues(9, 3, 4, 1, 2)).toEqual(randomValues(9, 3, 4, 1, 2))
  expect(randomValues(9, 3, 4, 1, 2).subarray(0, 4)).toEqual(randomValues(4, 3, 4, 1, 2))
})

test('every seed, step, shard and place has numbers of its own', () => {
  const seen = new Map<string, string>()
  const check = (seed: number, step: number, shard: number, place: number) => {
    const where = [seed, step, shard, place].join(' ')
    const numbers = randomValues(3, seed, step, shard, place).join()
    expect(`${where} like ${seen.get(numbers) ?? 'no other'}`).toBe(`${where} like no other`)
    seen.set(numbers, where)
  }
  for (const seed of [0, 1, 2]) {
    for (const step of [0, 1, 2, 8191]) {
      for (const shard of [0, 1, 2, 7]) {
        for (const place of [0, 1, 2, 126, 127, 128, 254]) check(seed, step, shard, place)
      }
    }
  }
})
