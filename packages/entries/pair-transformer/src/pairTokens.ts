import { COUPLING_TYPES, moleculeAt, nearestAtoms, type MoleculeTable } from '@couplet/data'

/** Elements in the order of the embedding's rows. */
export const ELEMENTS = [1, 6, 7, 8, 9]
/** Kinds of token: the coupling types, and mute pairs by the elements of both ends. */
export const TOKEN_TYPES = COUPLING_TYPES.length + ELEMENTS.length ** 2

/** Lengths that differ by less are equal, in angstrom. */
const EQUAL = 1e-3

/** The words of one molecule: its coupled pairs in their order, then a mute pair for each atom that couples with none. */
export interface PairTokens {
  /** The two atoms of each token, counted within the molecule, `[tokens, 2]`. */
  readonly atoms: readonly (readonly [number, number])[]
  /** Kind of each token, `[tokens]`, below {@link TOKEN_TYPES}. */
  readonly types: readonly number[]
}

/** Number of tokens of each molecule, `[molecules]`. */
export function countPairTokens(table: MoleculeTable): Uint32Array {
  return Uint32Array.from(table.names, (_, molecule) => pairTokens(table, molecule).types.length)
}

/**
 * The tokens of a molecule.
 *
 * Between two hydrogens the one nearer to the molecule's centre comes first, so that the numbering of the atoms does not matter. A mute
 * pair joins an atom to its nearest neighbour in space, of equally near ones to that which is nearer to the centre.
 */
export function pairTokens(table: MoleculeTable, molecule: number): PairTokens {
  const { atomicNumbers, positions, pairAtoms, pairTypes } = moleculeAt(table, molecule)
  const isBefore = fromCentre(positions)
  const atoms: [number, number][] = []
  const types: number[] = []
  pairTypes.forEach((type, pair) => {
    const [first, second] = [pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!]
    const swap = atomicNumbers[second] === 1 && isBefore(second, first)
    atoms.push(swap ? [second, first] : [first, second])
    types.push(type)
  })
  const coupled = new Set(pairAtoms)
  for (const [atom, element] of atomicNumbers.entries()) {
    if (coupled.has(atom)) continue
    const [nearest] = nearestAtoms(positions, atom).toSorted((one, other) =>
      isBefore(one, other) ? -1 : 1,
    )
    if (nearest === undefined) continue
    atoms.push([atom, nearest])
    types.push(
      COUPLING_TYPES.length +
        ELEMENTS.indexOf(element) * ELEMENTS.length +
        ELEMENTS.indexOf(atomicNumbers[nearest]!),
    )
  }
  return { atoms, types }
}

/** Order of two atoms by distance from the molecule's centre; of equally distant ones, up to rounding, by their coordinates. */
function fromCentre(positions: Float32Array): (one: number, other: number) => boolean {
  const centre = centreOf(positions)
  const keys = Array.from({ length: positions.length / 3 }, (_, atom) => {
    const place = positions.subarray(3 * atom, 3 * atom + 3)
    return [Math.hypot(...centre.map((value, axis) => place[axis]! - value)), ...place]
  })
  return (one, other) => {
    const [a, b] = [keys[one]!, keys[other]!]
    const first = a.findIndex((value, at) => Math.abs(value - b[at]!) > EQUAL)
    return first >= 0 && a[first]! < b[first]!
  }
}

/** Mean position of the atoms. */
export function centreOf(positions: Float32Array): [number, number, number] {
  const centre: [number, number, number] = [0, 0, 0]
  positions.forEach((value, index) => {
    centre[index % 3]! += (3 * value) / positions.length
  })
  return centre
}
