import { expect, test } from 'vitest'
import { drawMolecule } from '../src/lib/drawMolecule.ts'

/** Three carbons in a ring, each with a hydrogen above and one below: seen from above, three hydrogens hide the other three. */
const corners = [0, 120, 240].map((degrees) => (degrees * Math.PI) / 180)
const around = (radius: number, height: number): (readonly [number, number, number])[] =>
  corners.map((angle) => [radius * Math.cos(angle), radius * Math.sin(angle), height])
const CYCLOPROPANE = {
  name: 'ring',
  formula: 'C3H6',
  symbols: 'CCCHHHHHH'.split(''),
  positions: [...around(0.87, 0), ...around(1.46, 0.91), ...around(1.46, -0.91)],
  bonds: [
    [0, 1],
    [1, 2],
    [2, 0],
    ...[0, 1, 2].flatMap((atom) => [[atom, atom + 3] as const, [atom, atom + 6] as const]),
  ] as (readonly [number, number])[],
}

/** How far a label reaches from the middle of its atom, in pixels; places are rounded to whole ones. */
const LABEL = 6

/** Labels that a circle drawn later reaches into. */
function coveredLabels(svg: string): string[] {
  const atoms = Array.from(
    svg.matchAll(/data-atom="(\d+)".*?cx="(\d+)" cy="(\d+)" r="(\d+)"/g),
    ([, atom, ...numbers]) => ({ atom: atom!, place: numbers.map(Number) }),
  )
  expect(atoms).toHaveLength(CYCLOPROPANE.symbols.length)
  return atoms.flatMap(({ atom, place: [x, y] }, index) =>
    atoms
      .slice(index + 1)
      .some(
        ({ place: [overX, overY, radius] }) =>
          Math.hypot(x! - overX!, y! - overY!) < radius! + LABEL,
      )
      ? [atom]
      : [],
  )
}

test('no label of cyclopropane is covered', () => {
  expect(coveredLabels(drawMolecule(CYCLOPROPANE))).toEqual([])
})

test('a drawing is the same every time', () => {
  expect(drawMolecule(CYCLOPROPANE)).toBe(drawMolecule(CYCLOPROPANE))
})

test('a flat molecule is not tilted', () => {
  const square = [
    [0, 0, 0],
    [2, 0, 0],
    [2, 1.5, 0],
    [0, 1.5, 0],
  ] as const
  const svg = drawMolecule({
    name: 'square',
    formula: 'C4',
    symbols: 'CCCC'.split(''),
    positions: square,
    bonds: [[0, 1]],
  })
  // 2 and 1.5 angstrom of 46 pixels, and 26 on every side.
  expect(svg).toContain('width="144" height="121"')
})
