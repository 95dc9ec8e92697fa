import { expect, test } from 'vitest'
import { nearestAtoms } from '../src/nearestAtoms.ts'

/** Atom 0 with two atoms at 1 angstrom, up to rounding, one at 1.01 and one far away. */
const positions = Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1.0000001, 0, 0, 0, 1.01, 9, 9, 9)

test('all atoms that are equally near, up to rounding', () => {
  expect(nearestAtoms(positions, 0)).toEqual([1, 2])
  expect(nearestAtoms(positions, 4)).toEqual([3])
})

test('without those that are left out', () => {
  expect(nearestAtoms(positions, 0, [1, 2])).toEqual([3])
  expect(nearestAtoms(positions, 0, [2])).toEqual([1])
  expect(nearestAtoms(positions, 0, [1, 2, 3, 4])).toEqual([])
  expect(nearestAtoms(positions.subarray(0, 3), 0)).toEqual([])
})
