import { angle, buildTable, COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import { fit, predict, presetConfig } from '@couplet/model'
import { testModel } from '@couplet/model/conformance'
import { describe, expect, test } from 'vitest'
import { karplus } from '../../src/index.ts'

testModel(karplus, { golden: new URL('golden.json', import.meta.url) })

const HYDROGENS = COUPLING_TYPES.indexOf('3JHH')
const config = presetConfig(karplus, 'small')

/** Hydrogen peroxides H-O-O-H at these dihedral angles, in degrees: one 3JHH each, labelled by a function of the angle. */
function peroxides(degrees: readonly number[], label: (phi: number) => number): MoleculeTable {
  return buildTable(
    degrees.map((degree, molecule) => {
      const phi = (degree * Math.PI) / 180
      return {
        name: `peroxide-${molecule}`,
        atomicNumbers: Uint8Array.of(8, 8, 1, 1),
        positions: Float32Array.from(
          [
            [0, 0, 0],
            [1.45, 0, 0],
            [-0.15, 0.95, 0],
            [1.6, 0.95 * Math.cos(phi), 0.95 * Math.sin(phi)],
          ].flat(),
        ),
        pairs: {
          atoms: Uint16Array.of(2, 3),
          types: Uint8Array.of(HYDROGENS),
          couplings: Float32Array.of(label(phi)),
        },
      }
    }),
  )
}

/** Water molecules of these angles, in degrees, with the pairs of one type as given. */
function waters(degrees: readonly number[], label: (theta: number) => number): MoleculeTable {
  return buildTable(
    degrees.map((degree, molecule) => {
      const theta = (degree * Math.PI) / 180
      const second = [0.96 * Math.cos(theta), 0.96 * Math.sin(theta), 0]
      const positions = Float32Array.from([0, 0, 0, 0.96, 0, 0, ...second])
      return {
        name: `water-${molecule}`,
        atomicNumbers: Uint8Array.of(8, 1, 1),
        positions,
        pairs: {
          atoms: Uint16Array.of(1, 2),
          types: Uint8Array.of(COUPLING_TYPES.indexOf('2JHH')),
          couplings: Float32Array.of(label(angle(positions, 1, 0, 2))),
        },
      }
    }),
  )
}

/** A planted Karplus curve. */
function curve(phi: number): number {
  return 7 - 1.2 * Math.cos(phi) + 5.5 * Math.cos(2 * phi)
}

/** A planted dependence on the bond angle. */
function parabola(theta: number): number {
  return -12 + 6 * Math.cos(theta) ** 2 - 3 * Math.cos(theta)
}

const everyTen = Array.from({ length: 36 }, (_, index) => 10 * index - 175)
const between = Array.from({ length: 12 }, (_, index) => 30 * index - 162)

describe('karplus', () => {
  test('recovers a planted Karplus curve at angles it has not seen', async () => {
    const trained = await fit(karplus, peroxides(everyTen, curve), { config })
    const held = peroxides(between, curve)
    const predicted = await predict(trained, held)
    const worst = Math.max(
      ...predicted.map((value, pair) => Math.abs(value - held.couplings![pair]!)),
    )
    expect(worst).toBeLessThan(0.02)
    // The slope along cos(2 phi) stands in two places that add up: for all pairs, and for two middle atoms of two bonds each. (That along
    // cos(phi) cannot be told from the distance of the two hydrogens.)
    const { data } = trained.weights['3jhh/coefficients']!
    expect(data[7]! + data[8 + 3 * 5 + 2]!).toBeCloseTo(5.5, 1)
  })

  test('recovers a planted dependence on the bond angle', async () => {
    const trained = await fit(karplus, waters([80, 90, 100, 110, 120, 130], parabola), { config })
    const held = waters([85, 97, 104, 125], parabola)
    const predicted = await predict(trained, held)
    const worst = Math.max(
      ...predicted.map((value, pair) => Math.abs(value - held.couplings![pair]!)),
    )
    expect(worst).toBeLessThan(0.02)
  })

  test('learns a constant from one molecule and keeps to it', async () => {
    const trained = await fit(
      karplus,
      waters([104], () => -7),
      { config },
    )
    expect([
      ...(await predict(
        trained,
        waters([90, 104, 150], () => 0),
      )),
    ]).toEqual([-7, -7, -7])
  })

  test('never leaves the range of the couplings it has seen', async () => {
    const trained = await fit(
      karplus,
      waters([100, 104, 108], (theta) => 40 * theta),
      { config },
    )
    const [narrow, wide] = await predict(
      trained,
      waters([92, 118], () => 0),
    )
    const seen = waters([100, 108], (theta) => 40 * theta).couplings!
    expect(narrow).toBe(seen[0])
    expect(wide).toBe(seen[1])
  })

  test('gives the mean of the type to a pair without a path', async () => {
    const trained = await fit(
      karplus,
      waters([100, 110], (theta) => theta),
      { config },
    )
    const whole = waters([105], () => 0)
    const torn = { ...whole, bondOffsets: Uint32Array.of(0, 0), bondAtoms: new Uint16Array(0) }
    const [value] = await predict(trained, torn)
    expect(value).toBeCloseTo((105 * Math.PI) / 180, 5)
  })

  test('gives 0 to a type it has not seen', async () => {
    const trained = await fit(
      karplus,
      waters([104], () => -7),
      { config },
    )
    expect([
      ...(await predict(
        trained,
        peroxides([60, 180], () => 9),
      )),
    ]).toEqual([0, 0])
  })
})
