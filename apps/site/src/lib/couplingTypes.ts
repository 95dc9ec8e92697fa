import type { CouplingType } from '@couplet/data'

const ELEMENTS: Readonly<Record<string, string>> = { C: 'carbon', N: 'nitrogen', H: 'hydrogen' }

/** What a coupling type is, in words. */
export interface TypeDescription {
  /** For example `two bonds, hydrogen and carbon`. */
  readonly between: string
  /** What decides its size. */
  readonly about: string
}

const BY_BONDS: Readonly<Record<string, string>> = {
  1: 'A coupling through one bond follows the hybridisation of the heavier atom: the more s character in the bond, the larger it is. Geometry beyond the bond itself matters little.',
  2: 'A coupling through two bonds depends on the angle at the atom between, on lone pairs there and on electronegative neighbours; it may have either sign.',
  3: 'A coupling through three bonds follows the dihedral angle about the middle bond, as Karplus described: large where the ends are opposite or eclipsed, small near 90 degrees.',
}

/** Describes a coupling type. */
export function describeType(type: CouplingType): TypeDescription {
  const [bonds, , first, second] = type
  const count = { 1: 'one bond', 2: 'two bonds', 3: 'three bonds' }[bonds!]!
  return {
    between: `${count}, ${ELEMENTS[first!]} and ${ELEMENTS[second!]}`,
    about: BY_BONDS[bonds!]!,
  }
}
