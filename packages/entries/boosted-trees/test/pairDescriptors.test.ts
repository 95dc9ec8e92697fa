import {
  angle,
  buildTable,
  COUPLING_TYPES,
  dihedral,
  distance,
  type CouplingType,
  type MoleculeTable,
} from '@couplet/data'
import { expect, test } from 'vitest'
import { table } from '../../../data/test/asymmetricMethanol.ts'
import { PAIR_VALUES, pairDescriptors } from '../src/pairDescriptors.ts'

/** What stands for an atom that is not there, in angstrom. */
const FAR = 10
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 4))

/** Behler and Parrinello: a Gaussian that ends smoothly at 5 angstrom. */
const symmetry = (r: number, exponent: number): number =>
  (Math.exp(-exponent * r ** 2) * (1 + Math.cos((Math.PI * r) / 5))) / 2

/** The rows of a coupling type, each with its pair. */
function rowsOf(molecules: MoleculeTable, type: CouplingType): { pair: number; row: number[] }[] {
  const { values, pairs } = pairDescriptors(molecules)[COUPLING_TYPES.indexOf(type)]!
  return Array.from(pairs, (pair, at) => ({
    pair,
    row: [...values.subarray(at * PAIR_VALUES, (at + 1) * PAIR_VALUES)],
  }))
}

/** Methanol is C O H H H H, the last at the oxygen. Neighbours of each, and hydrogens among them. */
const NEIGHBOURS = [
  [4, 3],
  [2, 1],
  [1, 0],
  [1, 0],
  [1, 0],
  [1, 0],
]
const { positions, atomicNumbers } = table

/** An atom of methanol, by hand. */
function atomOf(atom: number): number[] {
  const distancesTo = (element: number): number[] =>
    [0, 1, 2, 3, 4, 5]
      .filter((other) => other !== atom && atomicNumbers[other] === element)
      .map((other) => distance(positions, atom, other))
      .toSorted((one, other) => one - other)
  const [hydrogen, carbon, oxygen] = [distancesTo(1), distancesTo(6), distancesTo(8)]
  const first = (list: readonly number[], count: number): number[] =>
    [...list, FAR, FAR, FAR].slice(0, count)
  const sums = (list: readonly number[]): number[] =>
    [0.2, 1].map((exponent) => list.reduce((sum, r) => sum + symmetry(r, exponent), 0))
  return [
    atomicNumbers[atom]!,
    ...NEIGHBOURS[atom]!,
    ...first(hydrogen, 3),
    ...first(carbon, 3),
    ...first([], 2), // no nitrogen
    ...first(oxygen, 2),
    ...sums(hydrogen),
    ...sums(carbon),
    ...sums([]),
    ...sums(oxygen),
  ]
}

/** A pair of methanol as its path is walked, by hand. */
function pairOf(path: readonly number[]): number[] {
  const [a, b, c, d] = path as [number, number, number, number]
  const lengths = path.slice(1).map((atom, place) => distance(positions, path[place]!, atom))
  const cosine = path.length === 4 ? Math.cos(dihedral(positions, a, b, c, d)!) : 0
  const atoms = path.flatMap(atomOf)
  return [
    distance(positions, a, path.at(-1)!),
    ...[...lengths, 0, 0].slice(0, 3),
    path.length > 2 ? angle(positions, a, b, c) : 0,
    path.length > 3 ? angle(positions, b, c, d) : 0,
    cosine,
    cosine ** 2,
    ...atoms,
    ...Array.from({ length: PAIR_VALUES - 8 - atoms.length }, () => 0),
  ]
}

test.each([
  ['1JHC', 0, [2, 0]],
  ['2JHC', 0, [5, 1, 0]],
  ['2JHH', 0, [2, 0, 3]],
  ['3JHH', 1, [3, 0, 1, 5]],
] as const)('a pair %s is described along its path', (type, place, path) => {
  const all = rowsOf(table, type)
  const pair = [...new Set(all.map((one) => one.pair))][place]
  const rows = all.flatMap((one) => (one.pair === pair ? [one.row] : []))
  // Two hydrogens: from both ends, with lengths, angles and atoms turned round.
  const paths = type.endsWith('HH') ? [path, path.toReversed()] : [path]
  expect(rows).toEqual(paths.map((own) => near(pairOf(own))))
})

test('atoms beyond 10 angstrom count as not there, and symmetry functions end at 5', () => {
  const molecules = buildTable([
    {
      name: 'far apart',
      atomicNumbers: Uint8Array.of(6, 1, 1, 8),
      positions: Float32Array.of(0, 0, 0, 1.09, 0, 0, 0, 12, 0, -6, 0, 0),
    },
  ])
  const { row } = rowsOf(molecules, '1JHC')[0]!
  // Behind the eight values of the path and the hydrogen's 21 those of the carbon.
  const carbon = row.slice(8 + 21, 8 + 42)
  const own = [6, 1, 1]
  const nearest = [1.09, FAR, FAR, FAR, FAR, FAR, FAR, FAR, 6, FAR]
  const sums = [symmetry(1.09, 0.2), symmetry(1.09, 1), 0, 0, 0, 0, 0, 0]
  expect(carbon).toEqual(near([...own, ...nearest, ...sums]))
})
