import {
  COUPLING_TYPES,
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

/** Rows of the pairs of one coupling type. */
export interface PairDescriptors {
  /** `[rows, PAIR_VALUES]`, row by row. */
  readonly values: Float32Array
  /** Pair of each row, `[rows]`: a pair of two hydrogens has two rows, one from each end. */
  readonly pairs: Uint32Array
}

/**
 * What trees read of a pair: distance, bond lengths, angles and dihedral of its path, and of every atom of the path its element,
 * neighbours, distances to the nearest atoms of each element and radial symmetry functions.
 * @returns the rows of every coupling type, `[8]`, in the order of the table's pairs.
 */
export function pairDescriptors(table: MoleculeTable): PairDescriptors[] {
  const paths = couplingPaths(table)
  // Counted first: as lists of numbers, the rows of millions of pairs would not fit into memory.
  const counts = COUPLING_TYPES.map(() => 0)
  forEachPath(table, paths, (pair, _path, fromBothEnds) => {
    counts[table.pairTypes[pair]!]! += fromBothEnds ? 2 : 1
  })
  const types = counts.map((rows) => ({
    values: new Float32Array(rows * PAIR_VALUES),
    pairs: new Uint32Array(rows),
  }))
  const filled = COUPLING_TYPES.map(() => 0)
  let described = -1
  let atoms: number[][] = []
  forEachPath(table, paths, (pair, path, fromBothEnds, molecule) => {
    if (molecule !== described) {
      described = molecule
      const view = moleculeAt(table, molecule)
      atoms = Array.from(view.atomicNumbers, (_, atom) => describeAtom(view, atom))
    }
    const type = table.pairTypes[pair]!
    for (const direction of fromBothEnds ? [path, path.toReversed()] : [path]) {
      const row = filled[type]!++
      types[type]!.values.set(describePair(paths, pair, direction, atoms), row * PAIR_VALUES)
      types[type]!.pairs[row] = pair
    }
  })
  return types
}

/** Calls for every pair of a table with its path, whether that ends in a hydrogen and so has two first atoms, and its molecule. */
function forEachPath(
  table: MoleculeTable,
  paths: CouplingPaths,
  call: (pair: number, path: number[], fromBothEnds: boolean, molecule: number) => void,
): void {
  for (const molecule of table.names.keys()) {
    const first = table.atomOffsets[molecule]!
    for (let pair = table.pairOffsets[molecule]!; pair < table.pairOffsets[molecule + 1]!; pair++) {
      const path = pathOf(paths, pair, table.pairAtoms)
      call(pair, path, table.atomicNumbers[first + path.at(-1)!] === 1, molecule)
    }
  }
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
