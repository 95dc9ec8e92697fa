import { expect, test } from 'vitest'
import {
  buildTable,
  couplingPaths,
  pathScale,
  reversedPathMeasures,
  standardisedPathMeasures,
} from '../src/index.ts'

/** Two waters with different bond lengths and angles. */
const water = (name: string, length: number, angle: number) => ({
  name,
  atomicNumbers: Uint8Array.of(8, 1, 1),
  positions: Float32Array.of(
    0,
    0,
    0,
    length,
    0,
    0,
    length * Math.cos(angle),
    length * Math.sin(angle),
    0,
  ),
})
const waters = buildTable([water('one', 0.94, 1.8), water('other', 0.98, 1.9)])

test('measures of a type have mean 0 and deviation 1 over the training molecules', () => {
  const paths = couplingPaths(waters)
  const scale = pathScale(waters)
  const type = waters.pairTypes[0]!
  expect(scale.mean[type]![1]).toBeCloseTo(0.96, 6)
  expect(scale.mean[type]![4]).toBeCloseTo(1.85, 5)
  const [first, second] = [0, 1].map((pair) => standardisedPathMeasures(paths, pair, type, scale))
  expect(first![1]).toBeCloseTo(-1, 4)
  expect(second![1]).toBeCloseTo(1, 4)
  expect(second![4]).toBeCloseTo(1, 4)
  expect(second![3]).toBe(0)
})

test('a measure far outside what was seen is cut off', () => {
  const odd = buildTable([water('odd', 1.2, 1.8)])
  const type = odd.pairTypes[0]!
  expect(standardisedPathMeasures(couplingPaths(odd), 0, type, pathScale(waters))[1]).toBe(5)
})

test.each([
  [1, [9, 1, 0, 0, 0, 0], [9, 1, 0, 0, 0, 0]],
  [2, [9, 1, 2, 0, 4, 0], [9, 2, 1, 0, 4, 0]],
  [3, [9, 1, 2, 3, 4, 5], [9, 3, 2, 1, 5, 4]],
])('%d bonds read from the other end', (bonds, measures, reversed) => {
  expect(reversedPathMeasures(measures, bonds)).toEqual(reversed)
})

test('measures as many pairs of a type as a large data set has', () => {
  // More than a function call takes arguments: the pair of hydrogens of one water, over and over.
  const [one] = waters.pairTypes
  const pairs = 150_000
  const many = {
    ...waters,
    pairOffsets: Uint32Array.of(0, pairs, pairs),
    pairIds: Uint32Array.from({ length: pairs }, (_, pair) => pair),
    pairAtoms: Uint16Array.from({ length: 2 * pairs }, (_, place) => waters.pairAtoms[place % 2]!),
    pairTypes: new Uint8Array(pairs).fill(one!),
  }
  expect(pathScale(many).mean[one!]![1]).toBeCloseTo(0.94, 6)
})
