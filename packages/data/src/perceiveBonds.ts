import { DataError } from './DataError.ts'

/** Covalent radius in angstrom and largest number of neighbours, by atomic number: the rule of the competition's data. */
const RULES: Readonly<Record<number, { readonly radius: number; readonly neighbours: number }>> = {
  1: { radius: 0.31, neighbours: 1 },
  6: { radius: 0.76, neighbours: 4 },
  7: { radius: 0.71, neighbours: 4 },
  8: { radius: 0.66, neighbours: 2 },
  9: { radius: 0.57, neighbours: 1 },
}

/** Two atoms are bonded up to the sum of their radii plus this many angstrom. */
const TOLERANCE = 0.45

/** Atoms this close (angstrom) or closer are no molecule: a broken file, or coordinates in another unit. */
const COINCIDENT = 0.4

/** Uint16 indices, with 65535 left free for "no atom". */
const MOST_ATOMS = 65_535

/**
 * Derives the bonds of one molecule from its geometry.
 *
 * Two atoms are bonded if `0.4 < d < r_i + r_j + 0.45` angstrom with covalent radii 0.31 (H), 0.76 (C), 0.71 (N),
 * 0.66 (O), 0.57 (F). Where an atom then has too many neighbours (more than H 1, C 4, N 4, O 2, F 1), the longest bond that
 * touches such an atom is dropped, until none is left; this does not depend on the order of the atoms. The rule reproduces
 * the pair list of every complete competition molecule that was tried.
 *
 * @param atomicNumbers atomic number of each atom, `[atoms]`.
 * @param positions coordinates in angstrom, `[atoms, 3]`.
 * @param molecule name of the molecule, for error messages.
 * @returns the two atoms of each bond, smaller index first, sorted, `[bonds, 2]`.
 * @throws DataError for another element than H, C, N, O, F, for a coordinate that is not finite, for atoms 0.4 angstrom or
 *   less apart, and for 65,535 atoms or more.
 */
export function perceiveBonds(
  atomicNumbers: Uint8Array,
  positions: Float32Array,
  molecule = 'the molecule',
): Uint16Array {
  check(atomicNumbers, positions, molecule)
  const bonds: { first: number; second: number; length: number }[] = []
  for (let first = 0; first < atomicNumbers.length; first += 1) {
    const radius = RULES[atomicNumbers[first]!]!.radius
    for (let second = first + 1; second < atomicNumbers.length; second += 1) {
      const length = Math.hypot(
        positions[3 * second]! - positions[3 * first]!,
        positions[3 * second + 1]! - positions[3 * first + 1]!,
        positions[3 * second + 2]! - positions[3 * first + 2]!,
      )
      if (length <= COINCIDENT) {
        throw new DataError(
          `${molecule}: atoms ${first} and ${second} are ${length.toFixed(3)} angstrom apart. ` +
            'Check that the coordinates are in angstrom and that no atom stands there twice.',
        )
      }
      const longest = radius + RULES[atomicNumbers[second]!]!.radius + TOLERANCE
      if (length < longest) bonds.push({ first, second, length })
    }
  }
  const kept = dropOverValent(atomicNumbers, bonds)
  return Uint16Array.from(kept.flatMap(({ first, second }) => [first, second]))
}

/** Drops the longest bonds of atoms with too many neighbours; keeps the order of the others. */
function dropOverValent<B extends { first: number; second: number; length: number }>(
  atomicNumbers: Uint8Array,
  bonds: readonly B[],
): B[] {
  const neighbours = new Uint16Array(atomicNumbers.length)
  for (const { first, second } of bonds) {
    neighbours[first]! += 1
    neighbours[second]! += 1
  }
  const overValent = (atom: number): boolean =>
    neighbours[atom]! > RULES[atomicNumbers[atom]!]!.neighbours
  // Longest first over the whole molecule: one pass suffices, since dropping a bond never makes an atom over-valent.
  const dropped = new Set<B>()
  for (const bond of bonds.toSorted((one, other) => other.length - one.length)) {
    if (!overValent(bond.first) && !overValent(bond.second)) continue
    dropped.add(bond)
    neighbours[bond.first]! -= 1
    neighbours[bond.second]! -= 1
  }
  return bonds.filter((bond) => !dropped.has(bond))
}

function check(atomicNumbers: Uint8Array, positions: Float32Array, molecule: string): void {
  if (atomicNumbers.length >= MOST_ATOMS) {
    throw new DataError(
      `${molecule} has ${atomicNumbers.length} atoms, more than the ${MOST_ATOMS - 1} that fit. Split it.`,
    )
  }
  if (positions.length !== 3 * atomicNumbers.length) {
    throw new DataError(
      `${molecule} has ${atomicNumbers.length} atoms but ${positions.length} coordinates. Give three for each atom.`,
    )
  }
  for (const [atom, atomicNumber] of atomicNumbers.entries()) {
    if (!RULES[atomicNumber]) {
      throw new DataError(
        `${molecule}: atom ${atom} has atomic number ${atomicNumber}. ` +
          'Bonds are known for H, C, N, O and F only; leave the molecule out.',
      )
    }
    for (let axis = 0; axis < 3; axis += 1) {
      const value = positions[3 * atom + axis]!
      if (!Number.isFinite(value)) {
        throw new DataError(
          `${molecule}: the ${'xyz'[axis]} coordinate of atom ${atom} is ${value}. Give a number in angstrom.`,
        )
      }
    }
  }
}
