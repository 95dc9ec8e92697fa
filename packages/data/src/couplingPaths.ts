import { angle, dihedral, distance } from './geometry.ts'
import { neighbourLists } from './graphDistances.ts'
import type { MoleculeTable } from './MoleculeTable.ts'
import { moleculeAt } from './selectMolecules.ts'

/** Stands in {@link CouplingPaths.pathAtoms} where a path has no atom. */
export const NO_ATOM = 65_535

/**
 * The chain of bonds through which each pair of a table couples, with its geometry. Every column has one row per pair, in
 * the order of the table's pairs; values that do not exist are 0, never NaN.
 */
export interface CouplingPaths {
  /** Number of bonds of the path, 1 to 3, `[pairs]`; 0 if the two atoms are not joined by one to three bonds. */
  readonly bondCounts: Uint8Array
  /** Atoms of the path, hydrogen first, counted within the molecule, `[pairs, 4]`; {@link NO_ATOM} (65535) behind the end. */
  readonly pathAtoms: Uint16Array
  /** Distance through space of the two coupled atoms in angstrom, `[pairs]`; known without a path too. */
  readonly distances: Float32Array
  /** Lengths of the bonds of the path in angstrom, `[pairs, 3]`. */
  readonly bondLengths: Float32Array
  /** Angle at the path's second atom in radians, 0 to pi, `[pairs]`; for two and three bonds. */
  readonly firstAngles: Float32Array
  /** Angle at the path's third atom in radians, 0 to pi, `[pairs]`; for three bonds. */
  readonly secondAngles: Float32Array
  /** Dihedral angle of the path in radians, -pi to pi, `[pairs]`; for three bonds, where {@link dihedralDefined} is 1. */
  readonly dihedrals: Float32Array
  /** 1 where the dihedral angle exists: three bonds, no angle within 1 degree of straight, `[pairs]`; else 0. */
  readonly dihedralDefined: Uint8Array
}

/**
 * Finds the coupling path of every pair of a table and measures it.
 *
 * Where several shortest paths exist (H-C-C-C across a four-membered ring), the one with the smallest sum of bond lengths is
 * taken, so that the choice depends on the molecule and not on the numbering of its atoms. Between paths that symmetry
 * makes equal, only the sign of the dihedral angle is left open: use functions of its cosine.
 */
export function couplingPaths(table: MoleculeTable): CouplingPaths {
  const pairs = table.pairTypes.length
  const columns = {
    bondCounts: new Uint8Array(pairs),
    pathAtoms: new Uint16Array(4 * pairs).fill(NO_ATOM),
    distances: new Float32Array(pairs),
    bondLengths: new Float32Array(3 * pairs),
    firstAngles: new Float32Array(pairs),
    secondAngles: new Float32Array(pairs),
    dihedrals: new Float32Array(pairs),
    dihedralDefined: new Uint8Array(pairs),
  }
  for (let molecule = 0; molecule < table.names.length; molecule += 1) {
    const { atomicNumbers, positions, bondAtoms, pairAtoms } = moleculeAt(table, molecule)
    const neighbours = neighbourLists(atomicNumbers.length, bondAtoms)
    const lengths = (path: readonly number[]): number[] =>
      path.slice(1).map((atom, index) => distance(positions, path[index]!, atom))
    for (let local = 0; local < pairAtoms.length / 2; local += 1) {
      const pair = table.pairOffsets[molecule]! + local
      const from = pairAtoms[2 * local]!
      const to = pairAtoms[2 * local + 1]!
      columns.distances[pair] = distance(positions, from, to)
      const path = shortest(allShortestPaths(neighbours, from, to), lengths)
      if (!path) continue
      columns.bondCounts[pair] = path.length - 1
      columns.pathAtoms.set(path, 4 * pair)
      columns.bondLengths.set(lengths(path), 3 * pair)
      const [a, b, c, d] = path as [number, number, number?, number?]
      if (c !== undefined) columns.firstAngles[pair] = angle(positions, a, b, c)
      if (c === undefined || d === undefined) continue
      columns.secondAngles[pair] = angle(positions, b, c, d)
      const turn = dihedral(positions, a, b, c, d)
      columns.dihedrals[pair] = turn ?? 0
      columns.dihedralDefined[pair] = turn === undefined ? 0 : 1
    }
  }
  return columns
}

/** Every shortest path of one to three bonds, in lexicographic order of its atoms; empty if there is none. */
function allShortestPaths(
  neighbours: readonly (readonly number[])[],
  from: number,
  to: number,
): number[][] {
  if (from === to) return []
  let paths: number[][] = [[from]]
  for (let bonds = 1; bonds <= 3; bonds += 1) {
    paths = paths.flatMap((path) => neighbours[path.at(-1)!]!.map((atom) => [...path, atom]))
    // The first length at which a walk arrives is the graph distance, so that no walk found here visits an atom twice.
    const found = paths.filter((path) => path.at(-1) === to)
    if (found.length > 0) return found
  }
  return []
}

function shortest(
  paths: readonly number[][],
  lengths: (path: readonly number[]) => number[],
): number[] | undefined {
  if (paths.length < 2) return paths[0]
  const total = (path: readonly number[]): number =>
    lengths(path).reduce((sum, length) => sum + length, 0)
  return paths.toSorted((one, other) => total(one) - total(other))[0]
}
