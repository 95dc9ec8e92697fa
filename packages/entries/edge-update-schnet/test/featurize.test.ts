import { buildTable, completeGraph, COUPLING_TYPES, pathScale } from '@couplet/data'
import { expect, test } from 'vitest'
import { EDGE_FEATURES, featurize } from '../src/featurize.ts'

/** Methanol, with one dihedral angle H-C-O-H of 180 degrees. */
const methanol = buildTable([
  {
    name: 'methanol',
    atomicNumbers: Uint8Array.of(6, 8, 1, 1, 1, 1),
    positions: Float32Array.from(
      [
        [0, 0, 0],
        [1.42, 0, 0],
        [-0.36, 1.03, 0],
        [-0.36, -0.51, 0.89],
        [-0.36, -0.51, -0.89],
        [1.74, -0.91, 0],
      ].flat(),
    ),
  },
])
const bucket = { molecules: 2, atoms: 8, edges: 33, pairs: 20 }

const { data } = featurize(methanol, pathScale(methanol), bucket)['edgeFeatures']!
const { sources: froms, targets: tos } = completeGraph(methanol)

/** Features of the edge between two atoms. */
function row(source: number, target: number): number[] {
  const edge = froms.findIndex((from, at) => from === source && tos[at] === target)
  return Array.from(data.subarray(edge * EDGE_FEATURES, (edge + 1) * EDGE_FEATURES))
}

test('a three-bond pair is described by type, dihedral and measures, in both directions', () => {
  const [forwards, backwards] = [row(2, 5), row(5, 2)]
  expect(forwards.slice(0, 8)).toEqual(COUPLING_TYPES.map((type) => (type === '3JHH' ? 1 : 0)))
  const [cosine, square, present, distance, one, two, three, first, second] = forwards.slice(9)
  expect(cosine).toBeCloseTo(-1, 5)
  expect(square).toBeCloseTo(1, 5)
  expect(present).toBe(1)
  expect(backwards.slice(9)).toEqual(
    [
      [cosine, square, present, distance],
      [three, two, one, second, first],
    ].flat(),
  )
  expect(first).not.toBeCloseTo(second!, 3)
})

test('bonds are marked, and no other edge', () => {
  const marked = Array.from(froms, (from, edge) => ({ from, to: tos[edge]! })).filter(
    ({ from, to }) => row(from, to)[8] === 1,
  )
  expect(marked).toHaveLength(2 * 5)
  expect(row(0, 1)[8]).toBe(1)
  expect(row(2, 1)[8]).toBe(0)
})

test('padding points at the dead atom and the dead edge', () => {
  const arrays = featurize(methanol, pathScale(methanol), bucket)
  const values = (name: string, from = 0): number[] => Array.from(arrays[name]!.data.subarray(from))
  const pairs = methanol.pairTypes.length
  expect([...values('sources', 30), ...values('targets', 30)]).toEqual([7, 7, 7, 7, 7, 7])
  expect(values('pairEdges', pairs)).toEqual(Array.from({ length: 20 - pairs }, () => 32))
  expect(values('pairTypes', 8 * pairs).every((value) => value === 0)).toBe(true)
  expect(values('elements')).toEqual([1, 3, 0, 0, 0, 0, 5, 5])
})
