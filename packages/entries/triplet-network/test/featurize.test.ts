import { angle, buildTable } from '@couplet/data'
import { expect, test } from 'vitest'
import { ATOM_FLAGS, EDGE_FLAGS, featurize } from '../src/featurize.ts'
import { sizes } from '../src/triples.ts'

const positions = Float32Array.from(
  [
    [0, 0, 0],
    [1.21, 0, 0],
    [-0.55, 0.94, 0.05],
    [-0.55, -0.94, 0],
  ].flat(),
)
/** Formaldehyde, a little bent: carbon 0, oxygen 1, hydrogens 2 and 3. */
const molecules = buildTable([
  { name: 'formaldehyde', atomicNumbers: Uint8Array.of(6, 8, 1, 1), positions },
])
const bucket = { molecules: 2, atoms: 6, edges: 15, triplets: 27, pairs: 5 }
const arrays = featurize(molecules, bucket)
const list = (name: string): number[] => Array.from(arrays[name]!.data)

test('a molecule of N atoms has N(N-1)(N-2) triples, each of them once', () => {
  expect([...sizes(molecules)['triplets']!]).toEqual([24])
  const [i, j, k] = ['firstAtoms', 'secondAtoms', 'thirdAtoms'].map(list)
  const triples = i!.slice(0, 24).map((first, row) => [first, j![row]!, k![row]!].join())
  expect(new Set(triples).size).toBe(24)
  expect(triples.every((triple) => new Set(triple.split(',')).size === 3)).toBe(true)
})

test('every triple points at its three edges', () => {
  const edge = (name: string, row: number): number[] => {
    const at = list(name)[row]!
    return [list('sources')[at]!, list('targets')[at]!]
  }
  for (let row = 0; row < 24; row++) {
    const [i, j, k] = ['firstAtoms', 'secondAtoms', 'thirdAtoms'].map((name) => list(name)[row]!)
    expect([edge('edgesIJ', row), edge('edgesJK', row), edge('edgesIK', row)]).toEqual([
      [i, j],
      [j, k],
      [i, k],
    ])
  }
})

test('angle at the second atom and area of the triangle', () => {
  for (let row = 0; row < 24; row++) {
    const [i, j, k] = ['firstAtoms', 'secondAtoms', 'thirdAtoms'].map((name) => list(name)[row]!)
    expect(list('angles')[row]).toBeCloseTo(angle(positions, i!, j!, k!), 4)
    const [u, v] = [i!, k!].map((end) =>
      [0, 1, 2].map((axis) => positions[3 * end + axis]! - positions[3 * j! + axis]!),
    )
    const cross = [0, 1, 2].map((a) => {
      const [b, c] = [(a + 1) % 3, (a + 2) % 3]
      return u![b]! * v![c]! - u![c]! * v![b]!
    })
    expect(list('areas')[row]).toBeCloseTo(Math.hypot(...cross) / 2, 4)
  }
})

test('atoms that coincide have an angle and an area all the same', () => {
  const odd = buildTable([
    {
      name: 'odd',
      atomicNumbers: Uint8Array.of(8, 1, 1),
      positions: new Float32Array(9),
      bonds: new Uint16Array(0),
      pairs: { atoms: Uint16Array.of(1, 2), types: Uint8Array.of(3) },
    },
  ])
  const { angles, areas } = featurize(odd, bucket)
  expect([...angles!.data, ...areas!.data].every(Number.isFinite)).toBe(true)
})

test('flags: element, neighbours; bond and its order', () => {
  expect(list('atomFlags').slice(0, ATOM_FLAGS)).toEqual([0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
  expect(list('edgeFlags').slice(0, EDGE_FLAGS)).toEqual([1, 0, 0, 1, 0, 0, 0, 0])
})

test('padding points at the dead atom and the dead edge', () => {
  expect(list('firstAtoms').slice(24)).toEqual([5, 5, 5])
  expect(list('edgesIK').slice(24)).toEqual([14, 14, 14])
  expect(list('pairEdges').at(-1)).toBe(14)
})
