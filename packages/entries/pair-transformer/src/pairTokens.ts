import { COUPLING_TYPES, distance, moleculeAt, type MoleculeTable } from '@couplet/data'

/** Elements in the order of the embedding's rows. */
export const ELEMENTS = [1, 6, 7, 8, 9]
/** Kinds of token: the coupling types, and mute pairs by the elements of both ends. */
export const TOKEN_TYPES = COUPLING_TYPES.length + ELEMENTS.length ** 2

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
 * pair joins an atom to its nearest neighbour in space.
 */
export function pairTokens(table: MoleculeTable, molecule: number): PairTokens {
  const { atomicNumbers, positions, pairAtoms, pairTypes } = moleculeAt(table, molecule)
  const radii = distancesFromCentre(positions)
  const atoms: [number, number][] = []
  const types: number[] = []
  pairTypes.forEach((type, pair) => {
    const [first, second] = [pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!]
    const swap = atomicNumbers[second] === 1 && radii[second]! < radii[first]!
    atoms.push(swap ? [second, first] : [first, second])
    types.push(type)
  })
  const coupled = new Set(pairAtoms)
  for (const [atom, element] of atomicNumbers.entries()) {
    if (coupled.has(atom)) continue
    const nearest = nearestAtom(positions, atom)
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

function distancesFromCentre(positions: Float32Array): number[] {
  const centre = centreOf(positions)
  return Array.from({ length: positions.length / 3 }, (_, atom) =>
    Math.hypot(...centre.map((value, axis) => positions[3 * atom + axis]! - value)),
  )
}

/** Mean position of the atoms. */
export function centreOf(positions: Float32Array): [number, number, number] {
  const centre: [number, number, number] = [0, 0, 0]
  positions.forEach((value, index) => {
    centre[index % 3]! += (3 * value) / positions.length
  })
  return centre
}

function nearestAtom(positions: Float32Array, atom: number): number | undefined {
  let nearest: number | undefined
  let shortest = Infinity
  for (let other = 0; other < positions.length / 3; other++) {
    if (other === atom) continue
    const apart = distance(positions, atom, other)
    if (apart >= shortest) continue
    nearest = other
    shortest = apart
  }
  return nearest
}
