import { buildTable } from '@couplet/data'
import { expect, test } from 'vitest'
import { coordinateScale } from '../src/featurize.ts'

/** One molecule from its atomic numbers and coordinates in angstrom. */
const molecule = (atomicNumbers: readonly number[], places: readonly (readonly number[])[]) =>
  buildTable([
    {
      name: 'molecule',
      atomicNumbers: Uint8Array.from(atomicNumbers),
      positions: Float32Array.from(places.flat()),
    },
  ])

test('coordinates are measured by their root mean square about the coupling hydrogens', () => {
  // Water with a right angle, far from the origin. From either hydrogen the oxygen is 1 and the other hydrogen the root of 2 away:
  // squares of 3 in all, on nine coordinates.
  const water = molecule(
    [8, 1, 1],
    [
      [10, -7, 4],
      [11, -7, 4],
      [10, -6, 4],
    ],
  )
  expect(coordinateScale(water)).toBeCloseTo(Math.sqrt(3 / 9), 5)
  // Without the oxygen there is no coupling, and nothing to measure.
  const apart = molecule(
    [1, 1],
    [
      [0, 0, 0],
      [0.74, 0, 0],
    ],
  )
  expect(coordinateScale(apart)).toBe(1)
})
