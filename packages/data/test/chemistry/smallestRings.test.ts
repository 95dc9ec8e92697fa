import { describe, expect, it } from 'vitest'
import { bondGraph } from '../../src/chemistry/BondGraph.ts'
import { smallestRings } from '../../src/chemistry/smallestRings.ts'
import { DataError } from '../../src/DataError.ts'

const ringsOf = (atoms: number, ...bonds: readonly (readonly [number, number])[]) =>
  smallestRings(bondGraph(atoms, Uint16Array.from(bonds.flat())))

const cycle = (atoms: number): [number, number][] =>
  Array.from({ length: atoms }, (_, atom) => [atom, (atom + 1) % atoms])

describe('smallestRings', () => {
  it('lists a ring from its smallest atom, without what hangs on it', () => {
    const { rings, atomRingSizes, bondRingSizes } = ringsOf(
      6,
      [0, 1],
      [1, 4],
      [4, 2],
      [2, 3],
      [3, 1],
      [3, 5],
    )
    expect(rings).toEqual([[1, 3, 2, 4]])
    expect([...atomRingSizes]).toEqual([0, 4, 4, 4, 4, 0])
    expect([...bondRingSizes]).toEqual([0, 4, 4, 4, 4, 0])
  })

  it('finds the smaller of two fused rings at the shared bond, and no ring around both', () => {
    const { rings, bondRingSizes } = ringsOf(7, ...cycle(7), [0, 3])
    expect(rings).toEqual([
      [0, 1, 2, 3],
      [0, 3, 4, 5, 6],
    ])
    expect(bondRingSizes[7]).toBe(4)
  })

  it('finds two rings at a spiro atom and none at a bond between rings', () => {
    const spiro = ringsOf(5, [0, 1], [1, 2], [2, 0], [2, 3], [3, 4], [4, 2])
    expect(spiro.rings).toHaveLength(2)
    const linked = ringsOf(6, [0, 1], [1, 2], [2, 0], [2, 3], [3, 4], [4, 5], [5, 3])
    expect(linked.rings).toHaveLength(2)
    expect([...linked.bondRingSizes]).toEqual([3, 3, 3, 0, 3, 3, 3])
  })

  it('finds all six faces of a cube and the three rings of bicyclo[1.1.1]pentane', () => {
    const cube = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((corner) =>
      [1, 2, 4].filter((axis) => !(corner & axis)).map((axis) => [corner, corner | axis] as const),
    )
    expect(ringsOf(8, ...cube).rings).toHaveLength(6)
    const propellane = ringsOf(5, [0, 2], [0, 3], [0, 4], [1, 2], [1, 3], [1, 4])
    expect(propellane.rings).toHaveLength(3)
  })

  it('measures large rings without listing them', () => {
    expect(ringsOf(24, ...cycle(24)).rings).toHaveLength(1)
    const { rings, atomRingSizes } = ringsOf(25, ...cycle(25))
    expect(rings).toEqual([])
    expect(atomRingSizes[3]).toBe(25)
    expect(ringsOf(300, ...cycle(300)).atomRingSizes[3]).toBe(255)
  })

  it('refuses a mesh with more rings than a molecule can have', () => {
    // All atoms bonded to all: no molecule, but a file may say so.
    const mesh = Array.from({ length: 50 }, (_, first) =>
      Array.from({ length: 49 - first }, (__, next) => [first, first + next + 1] as const),
    ).flat()
    expect(() => ringsOf(50, ...mesh)).toThrow(DataError)
  })
})
