import { describe, expect, it } from 'vitest'
import { couplingPaths, NO_ATOM } from '../src/couplingPaths.ts'
import { COUPLING_TYPES } from '../src/couplingTypes.ts'
import { distance } from '../src/geometry.ts'
import {
  acetylene,
  cyclobutane,
  ethane,
  hydrogenPeroxide,
  methane,
  moved,
  reordered,
  tableOf,
} from './testMolecules.ts'

const ALL = [methane, acetylene, cyclobutane, ethane, hydrogenPeroxide]

describe('couplingPaths', () => {
  const table = tableOf(...ALL)
  const paths = couplingPaths(table)

  it('finds a path of as many bonds as the type says, from hydrogen to partner', () => {
    table.pairTypes.forEach((type, pair) => {
      const bonds = Number(COUPLING_TYPES[type]![0])
      const path = Array.from(paths.pathAtoms.subarray(4 * pair, 4 * pair + 4))
      expect(paths.bondCounts[pair]).toBe(bonds)
      expect([path[0], path[bonds]]).toEqual([
        table.pairAtoms[2 * pair],
        table.pairAtoms[2 * pair + 1],
      ])
      expect(path.slice(bonds + 1).every((atom) => atom === NO_ATOM)).toBe(true)
      expect(path.slice(0, bonds + 1).every((atom) => atom !== NO_ATOM)).toBe(true)
    })
  })

  it('measures methane', () => {
    // 1-0 1JHC, then 1-2 2JHH
    expect(paths.distances[0]).toBeCloseTo(0.63 * Math.sqrt(3), 5)
    expect([...paths.bondLengths.subarray(0, 3)].map((x) => Number(x.toFixed(4)))).toEqual([
      1.0912, 0, 0,
    ])
    expect(paths.firstAngles[0]).toBe(0)
    expect(paths.firstAngles[1]).toBeCloseTo(Math.acos(-1 / 3), 5)
    expect(paths.secondAngles[1]).toBe(0)
    expect(paths.dihedralDefined[1]).toBe(0)
  })

  it('measures the dihedral of hydrogen peroxide and those of ethane', () => {
    const peroxide = table.pairOffsets[4]!
    expect(paths.dihedrals[peroxide]).toBeCloseTo(Math.PI / 2, 5)
    expect(paths.secondAngles[peroxide]).toBeCloseTo(paths.firstAngles[peroxide]!, 5)
    const vicinal = Array.from(table.pairTypes.subarray(table.pairOffsets[3], table.pairOffsets[4]))
      .map((type, local) => ({ type, pair: table.pairOffsets[3]! + local }))
      .filter(({ type }) => COUPLING_TYPES[type] === '3JHH')
      .map(({ pair }) => Math.round((Math.abs(paths.dihedrals[pair]!) * 180) / Math.PI))
    expect(vicinal.toSorted((one, other) => one - other)).toEqual([
      60, 60, 60, 60, 60, 60, 180, 180, 180,
    ])
  })

  it('flags the missing dihedral of acetylene and writes 0', () => {
    const single = tableOf(acetylene)
    const linear = couplingPaths(single)
    const vicinal = Array.from(single.pairTypes).findIndex(
      (type) => COUPLING_TYPES[type] === '3JHH',
    )
    expect(linear.dihedralDefined[vicinal]).toBe(0)
    expect(linear.dihedrals[vicinal]).toBe(0)
    expect(linear.firstAngles[vicinal]).toBeCloseTo(Math.PI, 6)
    expect(paths.dihedralDefined.some((defined) => defined === 1)).toBe(true)
  })

  it('never holds NaN', () => {
    for (const column of Object.values(paths)) {
      expect((column as Float32Array).every((value) => Number.isFinite(value))).toBe(true)
    }
  })

  it('takes the shorter of two paths across a ring', () => {
    const single = tableOf(cyclobutane)
    const ring = couplingPaths(single)
    // Hydrogen 1 on carbon 0, to carbon 6: by carbon 3 or by carbon 9.
    const pair = Array.from(single.pairTypes).findIndex(
      (_, index) => single.pairAtoms[2 * index] === 1 && single.pairAtoms[2 * index + 1] === 6,
    )
    const { positions } = cyclobutane
    const through = (carbon: number): number =>
      distance(positions, 0, carbon) + distance(positions, carbon, 6)
    expect(through(3)).toBeLessThan(through(9))
    expect([...ring.pathAtoms.subarray(4 * pair, 4 * pair + 4)]).toEqual([1, 0, 3, 6])
  })

  it('does not depend on the order of the atoms, nor on rotation and translation', () => {
    const order = [11, 3, 7, 0, 10, 5, 2, 8, 1, 9, 6, 4]
    const single = tableOf(cyclobutane)
    const before = couplingPaths(single)
    for (const [other, name] of [
      [reordered(cyclobutane, order), (atom: number): number => order[atom]!],
      [moved(cyclobutane), (atom: number): number => atom],
    ] as const) {
      const otherTable = tableOf(other)
      const after = couplingPaths(otherTable)
      const rows = new Map<string, number>()
      otherTable.pairTypes.forEach((_, pair) => {
        const [a, b] = [
          name(otherTable.pairAtoms[2 * pair]!),
          name(otherTable.pairAtoms[2 * pair + 1]!),
        ]
        rows.set(`${a} ${b}`, pair)
        rows.set(`${b} ${a}`, pair)
      })
      single.pairTypes.forEach((_, pair) => {
        const row = rows.get(`${single.pairAtoms[2 * pair]} ${single.pairAtoms[2 * pair + 1]}`)!
        expect(after.distances[row]).toBeCloseTo(before.distances[pair]!, 5)
        expect(after.dihedralDefined[row]).toBe(before.dihedralDefined[pair])
        expect(Math.cos(after.dihedrals[row]!)).toBeCloseTo(Math.cos(before.dihedrals[pair]!), 5)
      })
    }
  })

  it('leaves pairs without a path at 0 bonds but measures their distance', () => {
    const single = tableOf(methane)
    const apart = couplingPaths({
      ...single,
      bondOffsets: Uint32Array.of(0, 0),
      bondAtoms: new Uint16Array(0),
    })
    expect(apart.bondCounts.every((count) => count === 0)).toBe(true)
    expect(apart.pathAtoms.every((atom) => atom === NO_ATOM)).toBe(true)
    expect(apart.distances[0]).toBeCloseTo(1.0912, 4)
  })
})
