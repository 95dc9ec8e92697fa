import { buildTable, COUPLING_TYPES, distance, pathScale } from '@couplet/data'
import { perceiveChemistry } from '@couplet/data/chemistry'
import { expect, test } from 'vitest'
import { ATOM_FEATURES, describeAtoms, describeMolecule } from '../src/describeAtoms.ts'
import { BOND_FEATURES, bondAngles, countBondAngles, describeBonds } from '../src/describeBonds.ts'
import { featurize, sizes } from '../src/featurize.ts'
import { countReadings, pairReadings, pairWidth } from '../src/pairReadings.ts'

/** Formaldehyde in a plane, C O H H. */
const positions = Float32Array.of(0, 0, 0, 1.2, 0, 0, -0.6, 0.95, 0, -0.6, -0.9, 0)
const table = buildTable([
  { name: 'formaldehyde', atomicNumbers: Uint8Array.of(6, 8, 1, 1), positions },
])
const chemistry = perceiveChemistry(table)
const near = (values: readonly number[]): unknown[] =>
  values.map((value) => expect.closeTo(value, 5))
const [one, other] = [Math.hypot(0.6, 0.95), Math.hypot(0.6, 0.9)]

test('the reference gives 21 values of an atom, 8 of a bond, 16 of a pair, 25 of pair and molecule', () => {
  expect(ATOM_FEATURES).toBe(21)
  expect(BOND_FEATURES).toBe(8)
  expect(pairWidth(false)).toBe(16)
  expect(pairWidth(false) + describeMolecule(table, 0).length).toBe(25)
})

test('atoms', () => {
  const carbon = describeAtoms(table, chemistry).subarray(0, ATOM_FEATURES)
  expect([...carbon.subarray(0, 14)]).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0])
  const neighbours = (8 + 1 + 1) / 3 / 10
  expect([...carbon.subarray(14)]).toEqual(
    near([0, 0, 0.6, (1.2 + one + other) / 3, neighbours, 0, 0]),
  )
  const oxygen = describeAtoms(table, chemistry).subarray(ATOM_FEATURES, 2 * ATOM_FEATURES)
  expect([...oxygen.subarray(-2)]).toEqual([0, 1])
})

test('the molecule', () => {
  const lengths = [1.2, one, other]
  const mean = lengths.reduce((sum, value) => sum + value, 0) / 3
  const spread = Math.sqrt(lengths.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3)
  expect(describeMolecule(table, 0)).toEqual(near([0.4, 0.2, 0.1, 0, 0.1, 0, spread, mean, 0.4]))
})

test('bonds, and the angles at them', () => {
  const bonds = describeBonds(table, chemistry)
  const double = [...table.bondAtoms].findIndex((atom, place) => place % 2 === 1 && atom === 1)
  const row = ((double - 1) / 2) * BOND_FEATURES
  expect([...bonds.subarray(row, row + 6)]).toEqual([0, 1, 0, 0, 0, 0])
  expect(bonds[row + 6]).toBeCloseTo(1.2, 5)
  expect(bonds[row + 7]).toBeGreaterThan(1)
  const { cosines, firstBonds, secondBonds } = bondAngles(table)
  expect([...countBondAngles(table)]).toEqual([3])
  expect([...cosines].toSorted((a, b) => a - b)).toEqual(
    near([-0.6 / one, -0.6 / other, (0.36 - 0.95 * 0.9) / (one * other)].toSorted((a, b) => a - b)),
  )
  expect([...firstBonds, ...secondBonds].toSorted((a, b) => a - b)).toEqual([0, 0, 1, 1, 2, 2])
})

test('a pair of two hydrogens is read from both ends, each half; others once, hydrogen first', () => {
  const readings = pairReadings(table, pathScale(table), false)
  expect(readings.weights.toSorted((a, b) => a - b)).toEqual([0.5, 0.5, 1, 1])
  const [first, second] = readings.weights.flatMap((weight, at) => (weight < 1 ? [at] : []))
  expect(readings.firsts[first!]).toBe(readings.seconds[second!])
  const { all, ofType } = countReadings(table)
  expect([...all]).toEqual([4])
  expect(ofType[COUPLING_TYPES.indexOf('2JHH')]![0]).toBe(2)
  // What is known of the two ends changes places: cosines with the atom nearest to the first and to the second.
  const [forwards, backwards] = [readings.features[first!]!, readings.features[second!]!]
  expect(backwards.slice(0, 14)).toEqual(forwards.slice(0, 14))
  expect(backwards.slice(14)).toEqual([forwards[15], forwards[14]])
  expect(forwards[14]).not.toBeCloseTo(forwards[15]!, 2)
})

test('the measures of a pair', () => {
  const readings = pairReadings(table, pathScale(table), false)
  const geminal = readings.features[readings.weights.indexOf(0.5)]!
  const apart = distance(positions, 2, 3)
  const cosine = (0.36 - 0.95 * 0.9) / (one * other)
  expect(geminal.slice(8, 14)).toEqual(near([apart, apart - 0.62, apart * 2.2, 0, 0, cosine]))
  const bonded = readings.features[readings.weights.indexOf(1)]!
  const length = bonded[8]!
  expect(bonded[9]).toBeCloseTo(length - 0.31 - 0.76, 5)
  expect(bonded[10]).toBeCloseTo((length * (2.2 + 2.55)) / 2, 5)
  expect(bonded.slice(12, 14)).toEqual([0, 0])
})

test('atoms that are equally near count alike, so that nothing hangs on their order', () => {
  const methane = (turn: number) =>
    buildTable([
      {
        name: 'methane',
        atomicNumbers: Uint8Array.of(6, 1, 1, 1, 1),
        positions: Float32Array.from(
          [
            [0, 0, 0],
            [1, 1, 1],
            [1, -1, -1],
            [-1, 1, -1],
            [-1, -1, 1 + 1e-6 * turn],
          ].flat(),
          (value) => 0.63 * value,
        ),
      },
    ])
  const [one_, other_] = [methane(1), methane(-1)].map(
    (molecule) => pairReadings(molecule, pathScale(molecule), false).features,
  )
  one_!.forEach((row, at) => expect(row.slice(14)).toEqual(near(other_![at]!.slice(14))))
})

test('bonds apart are told up to ten', () => {
  const count = 13
  const chain = buildTable([
    {
      name: 'chain',
      atomicNumbers: new Uint8Array(count).fill(6),
      positions: Float32Array.from({ length: 3 * count }, (_, at) => (at % 3 === 0 ? at / 2 : 0)),
      bonds: Uint16Array.from({ length: 2 * count - 2 }, (_, at) => Math.ceil(at / 2)),
    },
  ])
  const own = Object.entries(sizes(chain)).map(([axis, [size]]) => [axis, size! + 1])
  const options = { paths: pathScale(table), withMeasures: false, factors: [] }
  const bucket = { molecules: 2, pairs: 1, ...Object.fromEntries(own) }
  const { graphDistances } = featurize(chain, options, bucket)
  // From the first atom to all others, and to the row of padding.
  expect([...graphDistances!.data.subarray(0, count + 1)]).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10,
  ])
})

test('padding points at the dead rows', () => {
  const own = Object.fromEntries(
    Object.entries(sizes(table)).map(([axis, [size]]) => [axis, size! + 2]),
  )
  const bucket = { molecules: 2, pairs: 5, ...own }
  const options = {
    paths: pathScale(table),
    withMeasures: true,
    factors: COUPLING_TYPES.map(() => [1, 1, 1, 1, 1]),
  }
  const arrays = featurize(table, options, bucket)
  const tail = (name: string, from: number): number[] => [...arrays[name]!.data.subarray(from)]
  expect(tail('rowAtoms', 4)).toEqual([5, 5, 5, 5, 5, 5, 5, 5])
  expect(tail('atomRows', 4)).toEqual([11, 11])
  expect(tail('bondFirsts', 3)).toEqual([5, 5])
  expect(tail('angleSeconds', 3)).toEqual([4, 4])
  expect(tail('readingSeconds', 4)).toEqual([5, 5])
  expect(tail('pairOtherReadings', 3)).toEqual([5, 5])
  expect(tail('readings2JHH', 2)).toEqual([5, 5])
  expect(tail('keyBias', 4).every((value) => value < -1e8)).toBe(true)
})
