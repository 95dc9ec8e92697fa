import { buildTable, COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import { fit, parameterCount, predict, presetConfig } from '@couplet/model'
import { testModel } from '@couplet/model/conformance'
import { describe, expect, test } from 'vitest'
import { median } from '../../src/index.ts'

testModel(median, { golden: new URL('golden.json', import.meta.url) })

/** Water molecules: each has one pair, 2JHH. */
function waters(couplings: readonly number[]): MoleculeTable {
  return buildTable(
    couplings.map((coupling, molecule) => ({
      name: `water-${molecule}`,
      atomicNumbers: Uint8Array.of(8, 1, 1),
      positions: Float32Array.of(0, 0, 0, 0.96, 0, 0, -0.24, 0.93, 0),
      pairs: {
        atoms: Uint16Array.of(1, 2),
        types: Uint8Array.of(COUPLING_TYPES.indexOf('2JHH')),
        couplings: Float32Array.of(coupling),
      },
    })),
  )
}

describe('median', () => {
  const config = presetConfig(median, 'small')

  test.each([
    { couplings: [3, -7, 1000], expected: 3 },
    { couplings: [4, 1, 2, -90], expected: 1.5 },
    { couplings: [-7.5], expected: -7.5 },
  ])('of $couplings is $expected', async ({ couplings, expected }) => {
    const trained = await fit(median, waters(couplings), { config })
    expect(await predict(trained, waters([0, 0]))).toEqual(Float32Array.of(expected, expected))
    expect(parameterCount(trained)).toBe(8)
  })

  test('of a type that was never seen is 0', async () => {
    const trained = await fit(median, waters([-7]), { config })
    expect([...trained.weights['medians']!.data]).toEqual([0, 0, 0, -7, 0, 0, 0, 0])
  })
})
