import { distance, type Positions } from './geometry.ts'

/** Atoms count as equally near where their distances differ by less, in angstrom: symmetry must not hang on rounding. */
const EQUALLY_NEAR = 1e-3

/**
 * The atoms nearest to an atom: all that are equally near, to a thousandth of an angstrom. Whoever takes a mean over them does not depend on
 * the order of the atoms.
 * @param leftOut atoms that do not count; the atom itself never does.
 * @returns indices, ascending; none where there is no other atom.
 */
export function nearestAtoms(
  positions: Positions,
  atom: number,
  leftOut: readonly number[] = [],
): number[] {
  const others = Array.from({ length: positions.length / 3 }, (_, other) => other).filter(
    (other) => other !== atom && !leftOut.includes(other),
  )
  const lengths = others.map((other) => distance(positions, atom, other))
  const least = lengths.reduce((one, other) => Math.min(one, other), Infinity)
  return others.filter((_, at) => lengths[at]! < least + EQUALLY_NEAR)
}
