import {
  couplingPaths,
  distance,
  moleculeAt,
  neighbourLists,
  NO_ATOM,
  type CouplingPaths,
  type MoleculeTable,
  type MoleculeView,
} from '@couplet/data'

/** Elements whose distances are told apart, and how many of the nearest atoms of each count. */
const NEAREST = [
  [1, 3],
  [6, 3],
  [7, 2],
  [8, 2],
] as const
/** Exponents of the radial symmetry functions in 1/angstrom squared (Behler and Parrinello 2007), and where they end in angstrom. */
const EXPONENTS = [0.2, 1]
const CUTOFF = 5
/** Stands for the distance of an atom that is not there, in angstrom. */
const FAR = 10

const ATOM_VALUES =
  3 + NEAREST.reduce((sum, [, count]) => sum + count, 0) + NEAREST.length * EXPONENTS.length
const PATH_ATOMS = 4
const PATH_VALUES = 8
/** Values that describe a pair. */
export const PAIR_VALUES = PATH_VALUES + PATH_ATOMS * ATOM_VALUES

/** Rows of the pairs of a table. */
export interface PairDescriptors {
  /** `[rows, PAIR_VALUES]`, row by row. */
  readonly values: Float32Array
  /** Pair of each row, `[rows]`: a pair of two hydrogens has two rows, one from each end. */
  readonly pairs: Uint32Array
}

/**
 * What trees read of a pair: distance, bond lengths, angles and dihedral of its path, and of every atom of the path its element,
 * neighbours, distances to the nearest atoms of each element and radial symmetry functions.
 */
export function pairDescriptors(table: MoleculeTable): PairDescriptors {
  const paths = couplingPaths(table)
  const rows: number[][] = []
  const pairs: number[] = []
  for (let molecule = 0; molecule < table.names.length; molecule++) {
    const view = moleculeAt(table, molecule)
    const atoms = Array.from(view.atomicNumbers, (_, atom) => describeAtom(view, atom))
    for (let pair = table.pairOffsets[molecule]!; pair < table.pairOffsets[molecule + 1]!; pair++) {
      const path = pathOf(paths, pair, table.pairAtoms)
      rows.push(describePair(paths, pair, path, atoms))
      pairs.push(pair)
      if (view.atomicNumbers[path.at(-1)!] !== 1) continue
      rows.push(describePair(paths, pair, path.toReversed(), atoms))
      pairs.push(pair)
    }
  }
  return { values: Float32Array.from(rows.flat()), pairs: Uint32Array.from(pairs) }
}

/** Atoms of the path; the two ends where there is none. */
function pathOf({ pathAtoms }: CouplingPaths, pair: number, pairAtoms: Uint16Array): number[] {
  const path = [...pathAtoms.subarray(4 * pair, 4 * pair + 4)].filter((atom) => atom !== NO_ATOM)
  return path.length > 0 ? path : [...pairAtoms.subarray(2 * pair, 2 * pair + 2)]
}

function describePair(
  paths: CouplingPaths,
  pair: number,
  path: readonly number[],
  atoms: readonly (readonly number[])[],
): number[] {
  const bonds = paths.bondCounts[pair]!
  const turned = path[0] !== paths.pathAtoms[4 * pair]
  const order = <T>(values: T[], count: number): T[] => [
    ...(turned ? values.slice(0, count).toReversed() : values.slice(0, count)),
    ...values.slice(count),
  ]
  const cosine = Math.cos(paths.dihedrals[pair]!)
  const known = paths.dihedralDefined[pair]!
  const places = Array.from({ length: PATH_ATOMS }, (_, place) => atoms[path[place] ?? -1])
  return [
    paths.distances[pair]!,
    ...order([...paths.bondLengths.subarray(3 * pair, 3 * pair + 3)], bonds),
    ...order([paths.firstAngles[pair]!, paths.secondAngles[pair]!], Math.max(0, bonds - 1)),
    known * cosine,
    known * cosine * cosine,
    ...places.flatMap((values) => values ?? Array.from({ length: ATOM_VALUES }, () => 0)),
  ]
}

function describeAtom(
  { atomicNumbers, positions, bondAtoms }: MoleculeView,
  atom: number,
): number[] {
  const neighbours = neighbourLists(atomicNumbers.length, bondAtoms)[atom]!
  const distancesTo = (element: number): number[] =>
    [...atomicNumbers.keys()]
      .filter((other) => other !== atom && atomicNumbers[other] === element)
      .map((other) => distance(positions, atom, other))
      .toSorted((a, b) => a - b)
  const byElement = NEAREST.map(([element, count]) => ({ count, all: distancesTo(element) }))
  return [
    atomicNumbers[atom]!,
    neighbours.length,
    neighbours.filter((other) => atomicNumbers[other] === 1).length,
    ...byElement.flatMap(({ count, all }) =>
      Array.from({ length: count }, (_, place) => Math.min(FAR, all[place] ?? FAR)),
    ),
    ...byElement.flatMap(({ all }) =>
      EXPONENTS.map((exponent) => all.reduce((sum, r) => sum + symmetry(r, exponent), 0)),
    ),
  ]
}

/** A Gaussian of the distance that ends smoothly at the cutoff. */
function symmetry(r: number, exponent: number): number {
  if (r >= CUTOFF) return 0
  return Math.exp(-exponent * r * r) * 0.5 * (1 + Math.cos((Math.PI * r) / CUTOFF))
}
