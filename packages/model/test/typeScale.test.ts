import { buildTable, COUPLING_TYPES, DataError, type MoleculeTable } from '@couplet/data'
import { describe, expect, test } from 'vitest'
import { typeScale } from '../src/typeScale.ts'

/** One atom cluster with pairs of the given types and labels. */
function labelled(
  pairs: readonly (readonly [type: string, coupling: number])[],
  contributions?: Float32Array,
): MoleculeTable {
  const types = pairs.map(([type]) => COUPLING_TYPES.findIndex((name) => name === type))
  const partners: Readonly<Record<string, number>> = { H: 1, C: 6, N: 7 }
  return buildTable([
    {
      name: 'made-up',
      atomicNumbers: Uint8Array.from(pairs.flatMap(([type]) => [1, partners[type[3]!]!])),
      positions: Float32Array.from({ length: 6 * pairs.length }, (_, index) => 3 * index),
      bonds: new Uint16Array(0),
      pairs: {
        atoms: Uint16Array.from({ length: 2 * pairs.length }, (_, index) => index),
        types: Uint8Array.from(types),
        couplings: Float32Array.from(pairs, ([, coupling]) => coupling),
        contributions,
      },
    },
  ])
}

describe('typeScale', () => {
  test('has mean, standard deviation and count of each type', () => {
    const scale = typeScale(
      labelled([
        ['1JHC', 90],
        ['1JHC', 94],
        ['2JHH', -10],
      ]),
    )
    expect(scale.mean).toEqual([92, 0, 0, -10, 0, 0, 0, 0])
    expect(scale.deviation).toEqual([2, 1, 1, 1, 1, 1, 1, 1])
    expect(scale.count).toEqual([2, 0, 0, 1, 0, 0, 0, 0])
  })

  test('averages the contributions that are known', () => {
    const parts = Float32Array.of(80, 1, 2, 3, NaN, NaN, NaN, NaN, -8, 0, 0, -2)
    const scale = typeScale(
      labelled(
        [
          ['1JHC', 90],
          ['1JHC', 94],
          ['2JHH', -10],
        ],
        parts,
      ),
    )
    expect(scale.contributionMean[0]).toEqual([80, 1, 2, 3])
    expect(scale.contributionMean[3]).toEqual([-8, 0, 0, -2])
    expect(scale.contributionMean[1]).toEqual([0, 0, 0, 0])
  })

  test('refuses molecules without labels', () => {
    const { couplings: _, ...unlabelled } = labelled([['1JHC', 90]])
    expect(() => typeScale(unlabelled)).toThrow(DataError)
    expect(() => typeScale(unlabelled)).toThrow(/have no couplings/)
  })
})
