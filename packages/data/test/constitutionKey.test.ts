import { describe, expect, it } from 'vitest'
import { constitutionKey } from '../src/constitutionKey.ts'
import { perceiveBonds } from '../src/perceiveBonds.ts'
import {
  acetylene,
  cyclobutane,
  ethane,
  hydrogenPeroxide,
  methane,
  molecule,
  reordered,
  type TestMolecule,
} from './testMolecules.ts'

const keyOf = ({ atomicNumbers, positions }: TestMolecule): string | undefined =>
  constitutionKey(atomicNumbers, perceiveBonds(atomicNumbers, positions))

/** Heavy-atom graph of a saturated hydrocarbon, with its hydrogens added. */
function hydrocarbon(carbons: number, ...bonds: readonly (readonly [number, number])[]): string {
  const all = bonds.flat()
  const degrees = Array.from(
    { length: carbons },
    (_, carbon) => all.filter((end) => end === carbon).length,
  )
  const atomicNumbers = Array.from(degrees, () => 6)
  for (const [carbon, degree] of degrees.entries()) {
    for (let hydrogen = degree; hydrogen < 4; hydrogen += 1) {
      all.push(carbon, atomicNumbers.length)
      atomicNumbers.push(1)
    }
  }
  return constitutionKey(Uint8Array.from(atomicNumbers), Uint16Array.from(all))!
}

const ring = (...atoms: readonly number[]): [number, number][] =>
  atoms.map((atom, index) => [atom, atoms[(index + 1) % atoms.length]!])

describe('constitutionKey', () => {
  it('is 64 hexadecimal digits and stays what it is: folds of published results hang on it', () => {
    expect(keyOf(methane)).toMatch(/^[0-9a-f]{64}$/)
    expect(keyOf(methane)).toBe('707535cac1f1c4c53e32fc6b6904ce82319f85567b11232ec257be8294068fbd')
    expect(keyOf(cyclobutane)).toBe(
      '96d35a20a7169e471e212ff0a3d6e86b42d8d0a6c8ed31adb6a430f4e8fd8822',
    )
  })

  it('does not depend on the order of the atoms', () => {
    const order = [11, 3, 7, 0, 10, 5, 2, 8, 1, 9, 6, 4]
    expect(keyOf(reordered(cyclobutane, order))).toBe(keyOf(cyclobutane))
  })

  it('does not depend on geometry or handedness', () => {
    const mirror = hydrogenPeroxide.positions.map((x, i) => (i % 3 === 1 ? -x : 1.02 * x))
    expect(keyOf({ ...hydrogenPeroxide, positions: mirror })).toBe(keyOf(hydrogenPeroxide))
  })

  it('tells constitutions apart', () => {
    const keys = [methane, acetylene, cyclobutane, ethane, hydrogenPeroxide].map(keyOf)
    const butanes = [
      hydrocarbon(4, [0, 1], [1, 2], [2, 3]),
      hydrocarbon(4, [0, 1], [0, 2], [0, 3]),
      hydrocarbon(4, ...ring(0, 1, 2, 3)),
      hydrocarbon(4, ...ring(0, 1, 2), [0, 3]),
    ]
    expect(new Set([...keys, ...butanes]).size).toBe(8)
    expect(butanes[2]).toBe(keyOf(cyclobutane))
  })

  it('needs the refinement where degrees alone agree: 2- and 3-methylpentane', () => {
    const chain = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ] as const
    expect(hydrocarbon(6, ...chain, [1, 5])).not.toBe(hydrocarbon(6, ...chain, [2, 5]))
  })

  it('shares a key between decalin and bicyclopentyl, as documented', () => {
    const decalin = hydrocarbon(10, ...ring(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), [0, 5])
    const bicyclopentyl = hydrocarbon(10, ...ring(0, 1, 2, 3, 4), ...ring(5, 6, 7, 8, 9), [0, 5])
    expect(decalin).toBe(bicyclopentyl)
  })

  it('is undefined where bonds do not connect the atoms', () => {
    expect(keyOf(molecule('two', 'O 0 0 0\nO 9 0 0'))).toBeUndefined()
    expect(constitutionKey(new Uint8Array(0), new Uint16Array(0))).toBeUndefined()
  })
})
