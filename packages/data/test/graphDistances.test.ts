import { describe, expect, it } from 'vitest'
import { DataError } from '../src/DataError.ts'
import { graphDistances, neighbourLists, shortestPath } from '../src/graphDistances.ts'

/** Ring 0-1-2-3 with a tail 0-4, and a lone pair of atoms 5-6. */
const bonds = Uint16Array.of(0, 1, 0, 3, 0, 4, 1, 2, 2, 3, 5, 6)

describe('graphDistances', () => {
  it('counts bonds, and 255 where atoms are not connected', () => {
    const distances = graphDistances(7, bonds)
    expect([...distances.subarray(0, 7)]).toEqual([0, 1, 2, 1, 1, 255, 255])
    expect([...distances.subarray(28, 35)]).toEqual([1, 2, 3, 2, 0, 255, 255])
    expect([...distances.subarray(42, 49)]).toEqual([255, 255, 255, 255, 255, 1, 0])
  })

  it('is symmetric', () => {
    const distances = graphDistances(7, bonds)
    for (let i = 0; i < 7; i += 1) {
      for (let j = 0; j < 7; j += 1) expect(distances[7 * i + j]).toBe(distances[7 * j + i])
    }
  })

  it('stops at the limit', () => {
    expect([...graphDistances(7, bonds, 2).subarray(28, 35)]).toEqual([1, 2, 255, 2, 0, 255, 255])
  })

  it('does not wrap around in a chain longer than 254 bonds', () => {
    const chain = Uint16Array.from({ length: 600 }, (_, index) => Math.ceil(index / 2))
    const distances = graphDistances(301, chain)
    expect([distances[254], distances[255], distances[300]]).toEqual([254, 255, 255])
  })

  it('refuses bonds to atoms that do not exist', () => {
    expect(() => graphDistances(6, bonds)).toThrow(DataError)
    expect(() => graphDistances(6, bonds)).toThrow(/bond 5 joins atoms 5 and 6 .* 6 atoms/)
    expect(() => graphDistances(2, Uint16Array.of(1, 1))).toThrow(/bond 0/)
  })
})

describe('shortestPath', () => {
  const neighbours = neighbourLists(7, bonds)

  it('includes both ends', () => {
    expect(shortestPath(neighbours, 4, 1)).toEqual([4, 0, 1])
    expect(shortestPath(neighbours, 3, 3)).toEqual([3])
  })

  it('takes the lexicographically first of several', () => {
    expect(shortestPath(neighbours, 4, 2)).toEqual([4, 0, 1, 2])
    expect(shortestPath(neighbours, 2, 4)).toEqual([2, 1, 0, 4])
  })

  it('is empty where there is none', () => {
    expect(shortestPath(neighbours, 0, 5)).toEqual([])
  })
})
