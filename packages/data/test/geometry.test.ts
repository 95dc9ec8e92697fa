import { describe, expect, it } from 'vitest'
import { angle, dihedral, distance } from '../src/geometry.ts'
import { hydrogenPeroxide, methane, moved } from './testMolecules.ts'

describe('distance', () => {
  it('is in angstrom', () => {
    expect(distance(Float64Array.of(1, 2, 3, 4, 6, 3), 0, 1)).toBe(5)
  })
})

describe('angle', () => {
  it('is tetrahedral in methane', () => {
    expect(angle(methane.positions, 1, 0, 2)).toBeCloseTo(Math.acos(-1 / 3), 6)
  })

  it('is exact at 0 and pi and 0 for coinciding atoms', () => {
    const positions = Float64Array.of(0, 0, 0, 1, 1, 1, 3, 3, 3)
    expect(angle(positions, 0, 1, 2)).toBe(Math.PI)
    expect(angle(positions, 1, 0, 2)).toBe(0)
    expect(angle(positions, 0, 0, 1)).toBe(0)
  })

  it('keeps its precision near pi, where an arc cosine loses it', () => {
    const positions = Float64Array.of(1, 0, 0, 0, 0, 0, -1, 1e-9, 0)
    expect(Math.PI - angle(positions, 0, 1, 2)).toBeCloseTo(1e-9, 14)
  })
})

describe('dihedral', () => {
  const positions = hydrogenPeroxide.positions

  it('is +90 degrees for a clockwise quarter turn, from either end', () => {
    expect(dihedral(positions, 0, 1, 2, 3)).toBeCloseTo(Math.PI / 2, 6)
    expect(dihedral(positions, 3, 2, 1, 0)).toBeCloseTo(Math.PI / 2, 6)
  })

  it('changes its sign in the mirror', () => {
    const mirror = positions.map((value, index) => (index % 3 === 1 ? -value : value))
    expect(dihedral(mirror, 0, 1, 2, 3)).toBeCloseTo(-Math.PI / 2, 6)
  })

  it.each([0, 30, 60, 120, 179, -45, -150])('measures %d degrees', (degrees) => {
    const turn = (degrees * Math.PI) / 180
    const built = Float64Array.of(1, 0, -1, 0, 0, 0, 0, 0, 1, Math.cos(turn), Math.sin(turn), 2)
    expect(dihedral(built, 0, 1, 2, 3)).toBeCloseTo(turn, 12)
  })

  it('does not exist for straight chains and coinciding atoms', () => {
    const straight = Float64Array.of(0, 0, -1, 0, 0, 0, 0, 0, 1, 1, 0, 2)
    expect(dihedral(straight, 0, 1, 2, 3)).toBeUndefined()
    expect(dihedral(straight, 3, 2, 1, 0)).toBeUndefined()
    expect(dihedral(new Float64Array(12), 0, 1, 2, 3)).toBeUndefined()
    // 0.5 and 2 degrees from straight
    for (const [degrees, exists] of [
      [0.5, false],
      [2, true],
    ] as const) {
      const bent = straight.slice()
      bent[0] = Math.tan((degrees * Math.PI) / 180)
      expect(dihedral(bent, 0, 1, 2, 3) !== undefined).toBe(exists)
    }
  })
})

describe('rotation and translation', () => {
  it('change nothing', () => {
    const before = hydrogenPeroxide.positions
    const after = moved(hydrogenPeroxide).positions
    expect(after[0]).not.toBeCloseTo(before[0]!, 1)
    expect(distance(after, 0, 3)).toBeCloseTo(distance(before, 0, 3), 5)
    expect(angle(after, 0, 1, 2)).toBeCloseTo(angle(before, 0, 1, 2), 5)
    expect(dihedral(after, 0, 1, 2, 3)).toBeCloseTo(dihedral(before, 0, 1, 2, 3)!, 5)
  })
})
