import { describe, expect, it } from 'vitest'
import { DataError } from '../src/DataError.ts'
import { perceiveBonds } from '../src/perceiveBonds.ts'
import { cyclobutane, ethane, methane, molecule, reordered } from './testMolecules.ts'

const bondsOf = (text: string): number[] => {
  const { atomicNumbers, positions } = molecule('test', text)
  return Array.from(perceiveBonds(atomicNumbers, positions, 'couplet_000001'))
}

describe('perceiveBonds', () => {
  it('finds the bonds of methane and ethane, smaller index first, sorted', () => {
    expect([...perceiveBonds(methane.atomicNumbers, methane.positions)]).toEqual([
      0, 1, 0, 2, 0, 3, 0, 4,
    ])
    expect([...perceiveBonds(ethane.atomicNumbers, ethane.positions)]).toEqual([
      0, 1, 0, 2, 0, 3, 0, 4, 1, 5, 1, 6, 1, 7,
    ])
  })

  it('bonds below the sum of radii + 0.45 angstrom and not above', () => {
    // C-C: 0.76 + 0.76 + 0.45 = 1.97; O-F: 0.66 + 0.57 + 0.45 = 1.68
    expect(bondsOf('C 0 0 0\nC 1.96 0 0')).toEqual([0, 1])
    expect(bondsOf('C 0 0 0\nC 1.98 0 0')).toEqual([])
    expect(bondsOf('O 0 0 0\nF 1.67 0 0')).toEqual([0, 1])
    expect(bondsOf('O 0 0 0\nF 1.69 0 0')).toEqual([])
    expect(bondsOf('N 0 0 0\nH 1.46 0 0')).toEqual([0, 1])
    expect(bondsOf('N 0 0 0\nH 1.48 0 0')).toEqual([])
  })

  it('drops the longest bond of an over-valent hydrogen', () => {
    expect(bondsOf('C 0 0 0\nH 1.2 0 0\nC 2.5 0 0')).toEqual([0, 1])
    expect(bondsOf('C 2.5 0 0\nH 1.2 0 0\nC 0 0 0')).toEqual([1, 2])
  })

  it('gives the same bonds in every order of the atoms', () => {
    const { atomicNumbers, positions } = cyclobutane
    const order = [11, 3, 7, 0, 10, 5, 2, 8, 1, 9, 6, 4]
    const other = reordered(cyclobutane, order)
    const bonds = perceiveBonds(other.atomicNumbers, other.positions)
    const named: string[] = []
    for (let bond = 0; bond < bonds.length; bond += 2) {
      const ends = [order[bonds[bond]!]!, order[bonds[bond + 1]!]!]
      named.push(ends.toSorted((a, b) => a - b).join('-'))
    }
    const expected = perceiveBonds(atomicNumbers, positions)
    expect(named).toHaveLength(12)
    for (let bond = 0; bond < expected.length; bond += 2) {
      expect(named).toContain(`${expected[bond]}-${expected[bond + 1]}`)
    }
  })

  it.each([
    ['H 0 0 0\nH 0.3 0 0', /couplet_000001: atoms 0 and 1 are 0\.300 angstrom apart/],
    ['C 0 0 0\nC 0 0 0', /atoms 0 and 1 are 0\.000 angstrom apart/],
    ['C 0 0 0\nX 2 0 0', /atom 1 has atomic number 0/],
    ['C 0 0 0\nC 0 nan 0', /the y coordinate of atom 1 is NaN/],
    ['C 0 0 Infinity', /the z coordinate of atom 0 is Infinity/],
    ['C 0 0', /1 atoms but 2 coordinates/],
  ])('refuses %j', (text, message) => {
    expect(() => bondsOf(text)).toThrow(DataError)
    expect(() => bondsOf(text)).toThrow(message)
  })

  it('refuses more atoms than indices, before any work', () => {
    const atomicNumbers = new Uint8Array(65_535).fill(1)
    expect(() => perceiveBonds(atomicNumbers, new Float32Array(3 * 65_535))).toThrow(/65535 atoms/)
  })
})
