import { buildTable, moleculeAt } from '@couplet/data'
import { perceiveChemistry } from '@couplet/data/chemistry'
import { expect, test } from 'vitest'
import { countTokens, metaGraph } from '../src/metaGraph.ts'
import { tokenDistances } from '../src/tokenDistances.ts'

/** Water with bonds of 1 and 2 angstrom at a right angle would not be water; formaldehyde in a plane, drawn by hand. */
const table = buildTable([
  {
    name: 'formaldehyde',
    atomicNumbers: Uint8Array.of(6, 8, 1, 1),
    positions: Float32Array.of(0, 0, 0, 1.2, 0, 0, -0.6, 0.9, 0, -0.6, -0.9, 0),
  },
])
const chemistry = perceiveChemistry(table)
const graph = metaGraph(table, chemistry, 0, Infinity)
const distances = tokenDistances(graph, moleculeAt(table, 0).positions)
const tokens = graph.atoms.length + graph.pairs.length + graph.triplets.length
const between = (one: number, other: number): number => distances[one * tokens + other]!

test('atoms, all pairs and all bonded angles are tokens, coupled pairs first', () => {
  expect(graph.atoms.map(({ symbols }) => symbols[2])).toEqual([
    'C4,3,2,1',
    'O2,1,2,2'.replace('2,2', '2,0'),
    'H1,1,1,0',
    'H1,1,1,0',
  ])
  expect(graph.pairs.map(({ symbols }) => symbols[0])).toEqual([
    '1JHC',
    '2JHH',
    '1JHC',
    'C-O 2',
    'H-O 0',
    'H-O 0',
  ])
  expect(graph.triplets.map(({ symbols }) => symbols[0])).toEqual(['HCO', 'HCO', 'HCH'])
  expect([...countTokens(table, Infinity)]).toEqual([tokens])
})

test('the bias is symmetric, and zero between a token and itself', () => {
  for (let one = 0; one < tokens; one++) {
    for (let other = 0; other < tokens; other++) {
      expect(between(one, other)).toBe(between(other, one))
      expect(Number.isFinite(between(one, other))).toBe(true)
    }
    expect(between(one, one)).toBe(0)
  }
})

test('follows the rules of the classes', () => {
  const squared = (a: number, b: number): number => between(a, b)
  expect(squared(0, 1)).toBeCloseTo(1.44, 5)
  expect(squared(2, 3)).toBeCloseTo(3.24, 5)
  const pair = (a: number, b: number): number =>
    4 +
    graph.pairs.findIndex(
      ({ atoms }) => atoms.toSorted((one, other) => one - other).join() === [a, b].join(),
    )
  // Oxygen to the pair C-H2: the nearer end is carbon.
  expect(between(1, pair(0, 2))).toBeCloseTo(1.44, 5)
  // C-O and H-H: from C-O's ends to H-H (1.17 and 4.05), from H-H's ends to C-O (1.17 both).
  const oxygen = squared(1, 2)
  expect(between(pair(0, 1), pair(2, 3))).toBeCloseTo(((1.17 + oxygen) / 2 + 1.17) / 2, 5)
  // Oxygen to the angle H-C-H: nearest atom carbon, plus the centre, carbon.
  expect(between(1, tokens - 1)).toBeCloseTo(2 * 1.44, 5)
  // The pair C-O is a bond of the angle H-C-O.
  expect(between(pair(0, 1), 4 + graph.pairs.length)).toBe(0)
})
