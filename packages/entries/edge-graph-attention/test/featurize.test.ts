import { buildTable, type MoleculeTable } from '@couplet/data'
import { expect, test } from 'vitest'
import { edgeKinds, EDGE_TYPES } from '../src/edgeKinds.ts'
import { EDGE_MEASURES, edgeScale } from '../src/edgeScale.ts'
import { atomValues, featurize, sizes } from '../src/featurize.ts'
import { nearEdges } from '../src/nearEdges.ts'
import { HYDROXYLAMINE } from './hydroxylamine.ts'

const NUMBERS: Readonly<Record<string, number>> = { H: 1, C: 6, N: 7, O: 8, F: 9 }

/** One molecule from its elements and coordinates in angstrom. */
function molecule(elements: string, positions: readonly (readonly number[])[]): MoleculeTable {
  const atomicNumbers = Uint8Array.from(elements, (element) => NUMBERS[element]!)
  return buildTable([
    { name: elements, atomicNumbers, positions: Float32Array.from(positions.flat()) },
  ])
}

/** Kind of the edge from one atom to another. */
function kindOf(table: MoleculeTable, from: number, to: number): number[] {
  const graph = nearEdges(table)
  const edge = graph.sources.findIndex((one, k) => one === from && graph.targets[k] === to)
  return [...edgeKinds(table, graph).subarray(EDGE_TYPES * edge, EDGE_TYPES * (edge + 1))]
}

const oneHot = (kind: number) => Array.from({ length: EDGE_TYPES }, (_, k) => (k === kind ? 1 : 0))
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5))
const ring = (radius: number) =>
  [0, 1, 2, 3, 4, 5].map((k) => [
    radius * Math.cos((k * Math.PI) / 3),
    radius * Math.sin((k * Math.PI) / 3),
    0,
  ])

const cyanide = molecule('HCN', [
  [-1.07, 0, 0],
  [0, 0, 0],
  [1.16, 0, 0],
])
const formaldehyde = molecule('OCHH', [
  [0, 0, 0],
  [1.2, 0, 0],
  [1.79, 0.94, 0],
  [1.79, -0.94, 0],
])
const benzene = molecule('CCCCCCHHHHHH', [...ring(1.395), ...ring(2.482)])
const nitromethane = molecule('CNOOHHH', [
  [0, 0, 0],
  [1.49, 0, 0],
  [2.07, 1.07, 0],
  [2.07, -1.07, 0],
  [-0.36, 0, 1.03],
  [-0.36, 0.89, -0.51],
  [-0.36, -0.89, -0.51],
])

test.each([
  ['the single bond of hydrogen cyanide', cyanide, 0, 1, oneHot(0)],
  ['its triple bond', cyanide, 1, 2, oneHot(2)],
  ['the double bond of formaldehyde', formaldehyde, 0, 1, oneHot(1)],
  ['a bond of benzene', benzene, 2, 3, oneHot(3)],
  ['two bonds', benzene, 0, 2, oneHot(4)],
  ['three bonds', benzene, 0, 3, oneHot(5)],
  ['an atom with itself', benzene, 5, 5, oneHot(6)],
  ['half a double bond in a nitro group', nitromethane, 1, 2, [0.5, 0.5, 0, 0, 0, 0, 0]],
])('%s has a kind of its own, in both directions', (_, table, from, to, expected) => {
  expect(kindOf(table, from, to)).toEqual(near(expected))
  expect(kindOf(table, to, from)).toEqual(near(expected))
})

test('a molecule whose chemistry cannot be told has single bonds', () => {
  const carbene = molecule('CHH', [
    [0, 0, 0],
    [1.1, 0, 0],
    [-0.3, 1.06, 0],
  ])
  expect(kindOf(carbene, 0, 1)).toEqual(oneHot(0))
})

const chain = molecule('FNOHH', HYDROXYLAMINE)

test('the sign of a dihedral angle turns for the reverse edge, and in the mirror image', () => {
  const mirrored = molecule(
    'FNOHH',
    HYDROXYLAMINE.map(([x, y, z]) => [x, y, -z]),
  )
  const dihedralOf = (table: MoleculeTable, from: number, to: number): number => {
    const scale = { mean: [], deviation: [] }
    const plain = edgeScale(chain, 'all')
    const unit = {
      ...scale,
      mean: plain.mean.map(() => [0, 0, 0]),
      deviation: plain.mean.map(() => [1, 1, 1]),
    }
    const graph = nearEdges(table)
    const edge = graph.sources.findIndex((one, k) => one === from && graph.targets[k] === to)
    const bucket = { molecules: 2, atoms: 6, edges: graph.sources.length + 1, pairs: 10 }
    const { edgeMeasures } = featurize(table, unit, bucket, false)
    return edgeMeasures!.data[EDGE_MEASURES * edge + 2]!
  }
  const forward = dihedralOf(chain, 0, 3)
  expect(Math.abs(forward)).toBeGreaterThan(0.3)
  expect(dihedralOf(chain, 3, 0)).toBeCloseTo(-forward, 6)
  expect(dihedralOf(mirrored, 0, 3)).toBeCloseTo(-forward, 5)
})

test('edges join atoms up to three bonds apart in both directions, and each atom with itself', () => {
  const { sources, targets } = nearEdges(chain)
  const found = [...sources].map((source, edge) => `${source}-${targets[edge]}`)
  expect(new Set(found).size).toBe(found.length)
  // All five atoms are within three bonds of each other.
  expect(found).toHaveLength(25)
  expect(sizes(chain).edges[0]).toBe(25)
  // Of 144 pairs, 2 (6 C-H across, 6 H-H and 3 H-H four and five bonds apart) are too far.
  expect(sizes(benzene).edges[0]).toBe(114)
})

test('the constants of an element are standardised over the five elements', () => {
  // Electronegativity, electron affinity and first ionisation energy of H, C, N, O and F.
  const constants = [
    [2.2, 2.55, 3.04, 3.44, 3.98],
    [72.8, 153.9, 7, 141, 328],
    [1312, 1086.5, 1402.3, 1313.9, 1681],
  ]
  const scores = constants.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / 5
    const squares = values.map((value) => (value - mean) ** 2)
    const deviation = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / 5)
    return values.map((value) => (value - mean) / deviation)
  })
  // Every element in turn, far apart.
  const atoms = molecule(
    'HCNOF',
    [0, 1, 2, 3, 4].map((place) => [10 * place, 0, 0]),
  )
  const bucket = { molecules: 2, atoms: 6, edges: 6, pairs: 1 }
  const { atomConstants } = featurize(atoms, edgeScale(atoms, 'all'), bucket, false)
  const found = Array.from({ length: 5 }, (_, atom) => [
    ...atomConstants!.data.subarray(3 * atom, 3 * atom + 3),
  ])
  expect(found).toEqual([0, 1, 2, 3, 4].map((atom) => near(scores.map((own) => own[atom]!))))
  // Nitrogen binds a further electron least of all.
  expect(found[2]![1]).toBeCloseTo(-1.243, 3)
})

test('the place of a partial charge exists with idle parts alone, and holds 0', () => {
  const bucket = { molecules: 2, atoms: 6, edges: 26, pairs: 10 }
  const scale = edgeScale(chain, 'all')
  const values = (idle: boolean) => featurize(chain, scale, bucket, idle)['atomConstants']!
  expect(values(false).shape).toEqual([6, 3])
  expect(values(true).shape).toEqual([6, 4])
  expect([atomValues(false), atomValues(true)]).toEqual([3, 4])
  for (let atom = 0; atom < 5; atom++) {
    const row = [...values(true).data.subarray(4 * atom, 4 * atom + 4)]
    expect(row).toEqual([...values(false).data.subarray(3 * atom, 3 * atom + 3), 0])
  }
})
