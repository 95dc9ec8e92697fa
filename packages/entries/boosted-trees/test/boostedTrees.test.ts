import { buildTable, COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import type { Fitted } from '@couplet/model'
import { expect, test } from 'vitest'
import { boostedTrees } from '../src/index.ts'
import { PAIR_VALUES, pairDescriptors } from '../src/pairDescriptors.ts'
import { predictTrees, treesOf } from '../src/Trees.ts'

/**
 * Twice the same atoms. The last is not joined to the others by bonds, so that the name decides about the inner fold, and the two fall into
 * different ones.
 */
const plain = buildTable(
  ['one', 'other'].map((name) => ({
    name,
    atomicNumbers: Uint8Array.of(6, 1, 1, 9),
    positions: Float32Array.of(0, 0, 0, 1.1, 0, 0, -0.3, 1.06, 0, 0, 0, 20),
  })),
)
const isOfFirst = (pair: number): boolean => pair < plain.pairOffsets[1]!
const TYPE = COUPLING_TYPES.indexOf('1JHC')
const config = {
  rounds: 60,
  leaves: 4,
  learningRate: 0.3,
  minimumRows: 1,
  featureShare: 1,
  bins: 16,
  // As many as there are, so that every molecule has a part of its own.
  innerFolds: 251,
}

/** Couplings of 30 hertz in one molecule and of 10 in the other, with these Fermi contact parts. */
function labelled(contact: readonly [one: number, other: number]): MoleculeTable {
  const pairs = [...plain.pairTypes.keys()]
  return {
    ...plain,
    couplings: Float32Array.from(pairs, (pair) => (isOfFirst(pair) ? 30 : 10)),
    contributions: Float32Array.from(
      pairs.flatMap((pair) => [contact[isOfFirst(pair) ? 0 : 1], 0, 0, 0]),
    ),
  }
}

function fitted(train: MoleculeTable): Fitted {
  return boostedTrees.fit(train, boostedTrees.prepare(train, config), config)
}

/** What the second stage predicts for the first pair where the first stage says so many hertz. */
function couplingFor(trees: Fitted, contact: number): number {
  const row = Float32Array.of(
    ...pairDescriptors(plain)[TYPE]!.values.subarray(0, PAIR_VALUES),
    contact,
  )
  return predictTrees(treesOf(trees, '1jhc/coupling')!, row, PAIR_VALUES + 1)[0]!
}

test('in training the first stage of a molecule has not seen its labels', () => {
  // Both look alike, so that the first stage predicts for each what the other has: the one with 30 hertz is told 5, that with 10 is told -5.
  const trees = fitted(labelled([-5, 5]))
  expect(couplingFor(trees, 5)).toBeCloseTo(30, 3)
  expect(couplingFor(trees, -5)).toBeCloseTo(10, 3)
})

test("a molecule's own Fermi contact part does not change what it is told", () => {
  // The one with 30 hertz is told 5 still; the other is told 50 now.
  const trees = fitted(labelled([50, 5]))
  expect(couplingFor(trees, 5)).toBeCloseTo(30, 3)
  expect(couplingFor(trees, 50)).toBeCloseTo(10, 3)
})

test('every coupling type has trees of its own, and without contributions no first stage', () => {
  const { contributions: _, ...bare } = labelled([-5, 5])
  const names = (trees: Fitted): string[] => [
    ...new Set(Object.keys(trees).map((name) => name.split('/').slice(0, 2).join('/'))),
  ]
  expect(names(fitted(labelled([-5, 5]))).toSorted()).toEqual([
    '1jhc/contact',
    '1jhc/coupling',
    '2jhh/contact',
    '2jhh/coupling',
  ])
  expect(names(fitted(bare)).toSorted()).toEqual(['1jhc/coupling', '2jhh/coupling'])
})
