import { angle, buildTable, dihedral, distance } from '@couplet/data'
import { expect, test } from 'vitest'
import { edgeScale, standardisedMeasures, type EdgeScale } from '../src/edgeScale.ts'
import { nearEdges } from '../src/nearEdges.ts'
import { HYDROXYLAMINE } from './hydroxylamine.ts'

/** The molecule, and another geometry of it, wider and with another torsion. */
const places = [
  HYDROXYLAMINE,
  [
    [-0.55, 1.3, 0.05],
    [0, 0, 0],
    [1.44, 0.02, 0.1],
    [1.8, -0.3, 0.95],
    [-0.35, -0.6, 0.75],
  ],
].map((molecule) => Float32Array.from(molecule.flat()))
const atomicNumbers = Uint8Array.of(9, 7, 8, 1, 1)
const table = buildTable(
  places.map((positions, index) => ({ name: `chain ${index}`, atomicNumbers, positions })),
)
const edges = nearEdges(table)
/** The chain between two atoms that are joined by more than a bond. */
const CHAINS: readonly (readonly number[])[] = [
  [0, 1, 2],
  [0, 1, 4],
  [1, 2, 3],
  [2, 1, 4],
  [0, 1, 2, 3],
  [3, 2, 1, 4],
]

/** What is measured at an edge, by hand. */
function measure(edge: number): { kind: string; values: (number | undefined)[] } {
  const positions = places[Math.floor(edges.sources[edge]! / 5)]!
  const [from, to] = [edges.sources[edge]! % 5, edges.targets[edge]! % 5]
  const chain = CHAINS.find((one) => isEnd(one, from) && isEnd(one, to))
  const [a, b, c, d] = (chain ?? []) as [number, number, number, number?]
  const turn = d === undefined ? undefined : dihedral(positions, a, b, c, d)!
  const order = Math.sign(atomicNumbers[to]! - atomicNumbers[from]!)
  const elements = [from, to].map((atom) => atomicNumbers[atom]!).toSorted((one, two) => one - two)
  return {
    kind: `${elements.join()} ${chain?.length}`,
    values: [
      distance(positions, from, to),
      chain?.length === 3 ? angle(positions, a, b, c) : undefined,
      turn === undefined ? undefined : order === 0 ? Math.abs(turn) : order * turn,
    ],
  }
}

function isEnd(chain: readonly number[], atom: number): boolean {
  return chain[0] === atom || chain.at(-1) === atom
}

const joined = [...edges.sources.keys()].filter(
  (edge) => edges.sources[edge] !== edges.targets[edge],
)
const measured = new Map(joined.map((edge) => [edge, measure(edge)]))

test.each(['all', 'kind'] as const)(
  'the measures of an edge are z-scores, 0 where it has none (over %s)',
  (standardisation) => {
    const scale = edgeScale(table, standardisation)
    let largest = 0
    for (const edge of joined) {
      const own = measured.get(edge)!
      const over = [...measured.values()].filter(
        ({ kind }) => standardisation === 'all' || kind === own.kind,
      )
      const expected = own.values.map((value, place) => {
        if (value === undefined) return 0
        const all = over.flatMap(({ values }) => values[place] ?? [])
        const mean = all.reduce((sum, one) => sum + one, 0) / all.length
        const variance = all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / all.length
        return (value - mean) / Math.sqrt(variance)
      })
      const found = standardisedMeasures(table, edges, edge, scale)
      expect(found, `edge ${edge}`).toEqual(expected.map((value) => expect.closeTo(value, 3)))
      largest = Math.max(largest, Math.abs(expected[0]!))
    }
    expect(largest).toBeGreaterThan(0.9)
  },
)

test('an atom with itself has no measures, and what lies far out is held at 5 deviations', () => {
  const plain = edgeScale(table, 'all')
  const self = [...edges.sources.keys()].find((edge) => edges.bondCounts[edge] === 0)!
  expect(standardisedMeasures(table, edges, self, plain)).toEqual([0, 0, 0])
  const narrow = (mean: number): EdgeScale => ({
    mean: plain.mean.map(() => [mean, mean, mean]),
    deviation: plain.mean.map(() => [0.01, 0.01, 0.01]),
  })
  expect(standardisedMeasures(table, edges, joined[0]!, narrow(-10))[0]).toBe(5)
  expect(standardisedMeasures(table, edges, joined[0]!, narrow(10))[0]).toBe(-5)
})
