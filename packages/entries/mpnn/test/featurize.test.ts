import { buildTable, completeGraph } from '@couplet/data'
import { expect, test } from 'vitest'
import { ATOM_FEATURES, EDGE_FEATURES, featurize } from '../src/featurize.ts'

/** Water and a lone hydrogen fluoride, so that a batch has two molecules. */
const table = buildTable([
  {
    name: 'water',
    atomicNumbers: Uint8Array.of(8, 1, 1),
    positions: Float32Array.of(0, 0, 0, 0.96, 0, 0, -0.24, 0.93, 0),
  },
  {
    name: 'hydrogen fluoride',
    atomicNumbers: Uint8Array.of(9, 1),
    positions: Float32Array.of(0, 0, 0, 0.92, 0, 0),
  },
])
const bucket = { molecules: 3, atoms: 7, edges: 10, pairs: 4 }
const features = featurize(table, bucket)

test('atoms tell element, number of neighbours and attached hydrogens', () => {
  const row = (atom: number): number[] =>
    Array.from(
      features['atomFeatures']!.data.subarray(atom * ATOM_FEATURES, (atom + 1) * ATOM_FEATURES),
    )
  // Elements H C N O F, then one to four neighbours, then hydrogens over four.
  expect(row(0)).toEqual([0, 0, 0, 1, 0, 0, 1, 0, 0, 0.5])
  expect(row(1)).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0])
  expect(row(3)).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 0, 0.25])
  expect(row(5).every((value) => value === 0)).toBe(true)
})

test('edges tell how many bonds lie between their atoms', () => {
  const { sources, targets } = completeGraph(table)
  const flags = (edge: number): number[] =>
    Array.from(
      features['edgeFeatures']!.data.subarray(edge * EDGE_FEATURES, (edge + 1) * EDGE_FEATURES),
    )
  for (const [edge, source] of sources.entries()) {
    const bonded = source === 0 || targets[edge] === 0 || source > 2
    expect(flags(edge)).toEqual(bonded ? [1, 0, 0] : [0, 1, 0])
  }
})

test('atoms and pairs know their molecule; padding belongs to the dead one', () => {
  const values = (name: string, from = 0): number[] =>
    Array.from(features[name]!.data.subarray(from))
  const pairs = table.pairTypes.length
  expect(values('atomMolecules')).toEqual([0, 0, 0, 1, 1, 2, 2])
  expect(values('moleculeMask')).toEqual([1, 1, 0])
  expect(values('inverseDegrees')[0]).toBeCloseTo(1 / 2)
  expect(values('inverseDegrees')[5]).toBe(0)
  expect(values('pairMolecules', pairs)).toEqual(Array.from({ length: 4 - pairs }, () => 2))
})
