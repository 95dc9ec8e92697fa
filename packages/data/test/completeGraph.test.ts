import { expect, test } from 'vitest'
import { completeGraph, completeGraphSizes } from '../src/completeGraph.ts'
import type { MoleculeTable } from '../src/MoleculeTable.ts'

/** Two molecules of 3 and 2 atoms on a line, with one pair each. */
const table: MoleculeTable = {
  names: ['three', 'two'],
  atomOffsets: Uint32Array.of(0, 3, 5),
  atomicNumbers: Uint8Array.of(6, 1, 1, 1, 6),
  positions: Float32Array.of(0, 0, 0, 1, 0, 0, 3, 0, 0, 0, 0, 0, 0, 2, 0),
  bondOffsets: Uint32Array.of(0, 0, 0),
  bondAtoms: new Uint16Array(0),
  pairOffsets: Uint32Array.of(0, 1, 2),
  pairIds: Uint32Array.of(0, 1),
  pairAtoms: Uint16Array.of(2, 0, 0, 1),
  pairTypes: Uint8Array.of(2, 0),
}

test('lists every ordered pair of atoms within a molecule, with its distance', () => {
  const graph = completeGraph(table)
  expect(completeGraphSizes(table)).toEqual({
    atoms: Uint32Array.of(3, 2),
    edges: Uint32Array.of(6, 2),
  })
  expect([...graph.edgeOffsets]).toEqual([0, 6, 8])
  expect([...graph.sources]).toEqual([0, 0, 1, 1, 2, 2, 3, 4])
  expect([...graph.targets]).toEqual([1, 2, 0, 2, 0, 1, 4, 3])
  expect([...graph.distances]).toEqual([1, 3, 1, 2, 3, 2, 2, 2])
})

test('finds the edges of coupled pairs in both directions', () => {
  const { sources, targets, pairEdges, pairReverseEdges } = completeGraph(table)
  expect([...pairEdges].map((edge) => [sources[edge], targets[edge]])).toEqual([
    [2, 0],
    [3, 4],
  ])
  expect([...pairReverseEdges].map((edge) => [sources[edge], targets[edge]])).toEqual([
    [0, 2],
    [4, 3],
  ])
})
