import { buildTable, completeGraph, COUPLING_TYPES } from '@couplet/data'
import { expect, test } from 'vitest'
import { edgeFeatureCount, featurize } from '../src/featurize.ts'
import { pathScale } from '../src/pathMeasures.ts'

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

function rowsOf(bondFlags: number): { row: (source: number, target: number) => number[] } {
  const { data, shape } = featurize(methanol, pathScale(methanol), { bondFlags }, bucket)[
    'edgeFeatures'
  ]!
  const { sources, targets } = completeGraph(methanol)
  const width = shape[1]!
  expect(width).toBe(edgeFeatureCount({ bondFlags }))
  return {
    row(source, target) {
      const edge = sources.findIndex((from, at) => from === source && targets[at] === target)
      return [...data.subarray(edge * width, (edge + 1) * width)]
    },
  }
}

test('a three-bond pair is described by type, dihedral and angles, in both directions', () => {
  const { row } = rowsOf(1)
  const [forwards, backwards] = [row(2, 5), row(5, 2)]
  expect(forwards.slice(0, 8)).toEqual(COUPLING_TYPES.map((type) => (type === '3JHH' ? 1 : 0)))
  const [cosine, square, present, distance, one, two, three, first, second] = forwards.slice(9)
  expect(cosine).toBeCloseTo(-1, 5)
  expect(square).toBeCloseTo(1, 5)
  expect(present).toBe(1)
  expect(backwards.slice(9)).toEqual([
    cosine,
    square,
    present,
    distance,
    three,
    two,
    one,
    second,
    first,
  ])
  expect(first).not.toBeCloseTo(second!, 3)
})

test('bonds are marked, and pairs two and three bonds apart where asked for', () => {
  expect(rowsOf(1).row(0, 1)[8]).toBe(1)
  expect(rowsOf(1).row(2, 1)[8]).toBe(0)
  const { row } = rowsOf(3)
  expect(row(0, 1).slice(8, 11)).toEqual([1, 0, 0])
  expect(row(2, 1).slice(8, 11)).toEqual([0, 1, 0])
  expect(row(5, 3).slice(8, 11)).toEqual([0, 0, 1])
})

test('padding points at the dead atom and the dead edge', () => {
  const { sources, targets, pairEdges, pairTypes, elements } = featurize(
    methanol,
    pathScale(methanol),
    { bondFlags: 1 },
    bucket,
  )
  expect([...sources!.data.slice(30), ...targets!.data.slice(30)]).toEqual([7, 7, 7, 7, 7, 7])
  expect(pairEdges!.data.slice(methanol.pairTypes.length)).toEqual(
    Array.from({ length: 20 - methanol.pairTypes.length }, () => 32),
  )
  expect(pairTypes!.data.slice(8 * methanol.pairTypes.length).every((value) => value === 0)).toBe(
    true,
  )
  expect([...elements!.data]).toEqual([1, 3, 0, 0, 0, 0, 5, 5])
})
