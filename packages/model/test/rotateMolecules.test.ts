import { distance, moleculeAt, type MoleculeTable } from '@couplet/data'
import { describe, expect, test } from 'vitest'
import { trainingMolecules } from '../src/conformance/molecules.ts'
import { rotateMolecules } from '../src/rotateMolecules.ts'

const molecules = trainingMolecules()

/** Sum of a molecule's coordinates along each axis, over its atoms. */
function centre(table: MoleculeTable, molecule: number): number[] {
  const { positions } = moleculeAt(table, molecule)
  return [0, 1, 2].map((axis) => {
    const values = positions.filter((_, index) => index % 3 === axis)
    return values.reduce((sum, value) => sum + value, 0) / values.length
  })
}

/** Direction from a molecule's first atom to its second. */
function direction(table: MoleculeTable, molecule: number): number[] {
  const { positions } = moleculeAt(table, molecule)
  const length = distance(positions, 0, 1)
  return [0, 1, 2].map((axis) => (positions[3 + axis]! - positions[axis]!) / length)
}

describe('rotateMolecules', () => {
  test('keeps every distance, the handedness and the centre', () => {
    const turned = rotateMolecules(molecules, 3)
    for (const molecule of molecules.names.keys()) {
      const before = moleculeAt(molecules, molecule)
      const after = moleculeAt(turned, molecule)
      for (let one = 0; one < before.atomicNumbers.length; one++) {
        for (let other = 0; other < one; other++) {
          expect(distance(after.positions, one, other)).toBeCloseTo(
            distance(before.positions, one, other),
            5,
          )
        }
      }
      expect(volume(after.positions)).toBeCloseTo(volume(before.positions), 5)
      for (const [axis, value] of centre(turned, molecule).entries()) {
        expect(value).toBeCloseTo(centre(molecules, molecule)[axis]!, 5)
      }
    }
  })

  test('turns each molecule in its own way, fixed by the seed', () => {
    expect(rotateMolecules(molecules, 3).positions).toEqual(rotateMolecules(molecules, 3).positions)
    expect(rotateMolecules(molecules, 3).positions).not.toEqual(
      rotateMolecules(molecules, 4).positions,
    )
  })

  test('leaves the molecules it was given as they were', () => {
    const copy = Float32Array.from(molecules.positions)
    rotateMolecules(molecules, 3)
    expect(molecules.positions).toEqual(copy)
  })

  test('points a bond everywhere equally over neighbouring seeds', () => {
    const sums = [0, 0, 0]
    const squares = [0, 0, 0]
    const seeds = 1500
    for (let seed = 0; seed < seeds; seed++) {
      for (const [axis, value] of direction(rotateMolecules(molecules, seed), 0).entries()) {
        sums[axis]! += value / seeds
        squares[axis]! += value ** 2 / seeds
      }
    }
    // Four standard errors of a uniform direction: sqrt(1/3) and sqrt(4/45), over sqrt(1500).
    for (const mean of sums) expect(Math.abs(mean)).toBeLessThan(0.06)
    for (const square of squares) expect(Math.abs(square - 1 / 3)).toBeLessThan(0.031)
  })
})

/** Signed volume that the bonds from the first atom to the next three span; a mirror image has the other sign. */
function volume(positions: Float32Array): number {
  const [a, b, c] = [1, 2, 3].map((atom) =>
    [0, 1, 2].map((axis) => positions[3 * atom + axis]! - positions[axis]!),
  ) as [number[], number[], number[]]
  return (
    a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) -
    a[1]! * (b[0]! * c[2]! - b[2]! * c[0]!) +
    a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!)
  )
}
