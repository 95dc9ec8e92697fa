import { buildTable, type MoleculeTable } from '@couplet/data'
import { expect, test } from 'vitest'
import { ATOM_FLAGS } from '../src/chemicalFlags.ts'
import { ANGLE_MEASURES, EDGE_FLAGS, featurize, sizes } from '../src/featurize.ts'

/** Methanol: carbon 0, oxygen 1, hydrogens 2 to 4 on carbon, 5 on oxygen. */
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
const config = { reach: 0, angleMessages: true }

function bucketOf(
  table: MoleculeTable,
): { molecules: number; pairs: number } & Record<string, number> {
  const axes = Object.entries(sizes(table, config)).map(([axis, [size]]) => [axis, size! + 2])
  return { molecules: 2, pairs: table.pairTypes.length + 1, ...Object.fromEntries(axes) }
}

const bucket = bucketOf(methanol)
const arrays = featurize(methanol, config, bucket)
const list = (name: string): number[] => Array.from(arrays[name]!.data)
/** Row of the edge between two atoms. */
const edge = (from: number, to: number): number =>
  list('sources').findIndex((source, row) => source === from && list('targets')[row] === to)

test('every edge meets the bonds at both ends, itself left out', () => {
  const bondsAt = (row: number): string[] =>
    list('angleEdges')
      .flatMap((own, angle) => (own === row ? [list('angleBonds')[angle]!] : []))
      .map((bond) => `${list('sources')[bond]}-${list('targets')[bond]}`)
  expect(bondsAt(edge(2, 5))).toEqual(['2-0', '5-1'])
  expect(bondsAt(edge(0, 1))).toEqual(['0-2', '0-3', '0-4', '1-5'])
  expect(sizes(methanol, config)['angles']![0]).toBe(2 * 5 * 10 - 2 * 2 * 5)
})

test('an angle is described by cosine, both lengths and the third side', () => {
  const angle = list('angleEdges').findIndex(
    (own, row) => own === edge(0, 1) && list('angleBonds')[row] === edge(0, 2),
  )
  const [cosine, one, other, across] = list('angleMeasures').slice(ANGLE_MEASURES * angle)
  expect(cosine).toBeCloseTo(-0.36 / Math.hypot(0.36, 1.03), 5)
  expect(one).toBeCloseTo(1.42, 5)
  expect(other).toBeCloseTo(Math.hypot(0.36, 1.03), 5)
  expect(across).toBeCloseTo(Math.hypot(1.78, 1.03), 5)
})

test('a three-bond pair is read along its chain, there and back', () => {
  const type = '3JHH'
  const row = list('pathAtomsOf3JHH').findIndex((_, at) => {
    const atoms = list(`pathAtomsOf${type}`).slice(at, at + 4)
    return at % 4 === 0 && atoms[0] === 2 && atoms[3] === 5
  })
  expect(list('pathAtomsOf3JHH').slice(row, row + 4)).toEqual([2, 0, 1, 5])
  expect(list('reversePathAtomsOf3JHH').slice(row, row + 4)).toEqual([5, 1, 0, 2])
  expect(list('pathEdgesOf3JHH').slice(row, row + 4)).toEqual([
    edge(2, 5),
    edge(2, 0),
    edge(0, 1),
    edge(1, 5),
  ])
  expect(list('reversePathEdgesOf3JHH').slice(row, row + 4)).toEqual([
    edge(5, 2),
    edge(5, 1),
    edge(1, 0),
    edge(0, 2),
  ])
})

test('a pair without a chain of bonds is read from its own edge', () => {
  const torn: MoleculeTable = {
    ...methanol,
    bondOffsets: Uint32Array.of(0, 0),
    bondAtoms: new Uint16Array(0),
  }
  const { data } = featurize(torn, config, bucketOf(torn))['pathEdgesOf3JHH']!
  expect([...data.subarray(0, 4)]).toEqual([edge(2, 5), edge(2, 5), edge(2, 5), edge(2, 5)])
})

test('beyond the reach only coupled atoms and those up to three bonds apart are joined', () => {
  expect(sizes(methanol, { ...config, reach: 1 })['edges']![0]).toBe(30)
  const far = buildTable(
    ['one', 'other'].map((name, index) => ({
      name,
      atomicNumbers: Uint8Array.of(9, 1, 9),
      positions: Float32Array.of(0, 0, 0, 0.92, 0, 0, index === 0 ? 3 : 9, 0, 0),
    })),
  )
  expect([...sizes(far, { ...config, reach: 4 })['edges']!]).toEqual([6, 2])
})

test('flags: element, donor, hydrogens; bond order and bonds apart', () => {
  const oxygen = list('atomFlags').slice(ATOM_FLAGS, 2 * ATOM_FLAGS)
  expect(oxygen.slice(0, 8)).toEqual([0, 0, 0, 1, 0, 1, 1, 0])
  const flags = (row: number): number[] =>
    list('edgeFlags').slice(row * EDGE_FLAGS, (row + 1) * EDGE_FLAGS)
  expect(flags(edge(0, 1))).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0, 0])
  expect(flags(edge(2, 5))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
})
