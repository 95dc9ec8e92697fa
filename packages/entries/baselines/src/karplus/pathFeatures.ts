import {
  COUPLING_TYPES,
  couplingPaths,
  NO_ATOM,
  type CouplingPaths,
  type MoleculeTable,
} from '@couplet/data'

/** Number of bonds between the nuclei of each type, `[8]`. */
const BONDS = COUPLING_TYPES.map((type) => Number(type[0]))
/** Whether both nuclei are hydrogens, `[8]`: then the path has no first end. */
const SYMMETRIC = COUPLING_TYPES.map((type) => type.endsWith('HH'))
/** Coordination numbers are told apart up to four; a bare atom counts as one. */
const CLASSES = 4
/** Lengths enter as their distance from a usual bond, in angstrom, so that powers of them differ from one another. */
const USUAL_LENGTH = 1.1

/** What the fit reads of one pair. */
export interface PairFeatures {
  /** Row of the pair in its table. */
  readonly pair: number
  /** Index of its type. */
  readonly type: number
  /** As many as every pair of the type has. */
  readonly features: readonly number[]
}

/** One path, from one end to the other. */
interface Path {
  /** Bond lengths in angstrom. */
  readonly lengths: readonly number[]
  /** Cosines of the angles at the inner atoms. */
  readonly cosines: readonly number[]
  /** Class of the coordination number of each atom, 0 to 3. */
  readonly classes: readonly number[]
  /** Cosine of the dihedral angle and of its double; 0 where the path is straight. */
  readonly dihedral: readonly [number, number]
  /** Distance through space in angstrom. */
  readonly distance: number
}

/**
 * What the least-squares fit of a pair's type reads: only geometry along the coupling path.
 *
 * - 1J: bond length (also squared), coordination number of the heavy atom, and the length again for each coordination number
 * - 2J: bond lengths, distance through space, angle (cosine, also squared), coordination numbers of both heavy atoms, and the cosine
 *   again for each coordination number of the middle atom
 * - 3J: bond lengths, angles, distance, coordination number of the last atom, and for each pair of coordination numbers of the two middle
 *   atoms a Karplus curve `a + b cos(phi) + c cos(2 phi)`
 *
 * Pairs whose atoms are not joined by as many bonds as their type says are left out.
 */
export function* pathFeatures(table: MoleculeTable): Generator<PairFeatures> {
  const paths = couplingPaths(table)
  const coordination = coordinationNumbers(table)
  for (const molecule of table.names.keys()) {
    const first = table.atomOffsets[molecule]!
    const classOf = (atom: number): number =>
      Math.min(CLASSES, Math.max(1, coordination[first + atom]!)) - 1
    for (let pair = table.pairOffsets[molecule]!; pair < table.pairOffsets[molecule + 1]!; pair++) {
      const type = table.pairTypes[pair]!
      if (paths.bondCounts[pair] !== BONDS[type]) continue
      yield { pair, type, features: featuresOf(pathOf(paths, pair, classOf), SYMMETRIC[type]!) }
    }
  }
}

function featuresOf(path: Path, symmetric: boolean): readonly number[] {
  const measure = [oneBond, twoBonds, threeBonds][path.lengths.length - 1]!
  const forwards = measure(path)
  if (!symmetric) return forwards
  // Both directions count the same, so that the numbering of two hydrogens does not matter.
  const backwards = measure(reversed(path))
  return forwards.map((value, index) => (value + backwards[index]!) / 2)
}

function oneBond({ lengths, classes }: Path): number[] {
  const length = lengths[0]! - USUAL_LENGTH
  return [length, length ** 2, ...oneOf(CLASSES, classes[1]!, 1, length)]
}

function twoBonds({ lengths, cosines, classes, distance }: Path): number[] {
  const cosine = cosines[0]!
  return [
    ...lengths.map((length) => length - USUAL_LENGTH),
    distance,
    cosine,
    cosine ** 2,
    ...oneOf(CLASSES, classes[1]!, 1, cosine),
    ...oneOf(CLASSES, classes[2]!, 1),
  ]
}

function threeBonds({ lengths, cosines, classes, distance, dihedral }: Path): number[] {
  const middle = CLASSES * classes[1]! + classes[2]!
  return [
    ...lengths.map((length) => length - USUAL_LENGTH),
    distance,
    ...cosines,
    ...dihedral,
    ...oneOf(CLASSES ** 2, middle, 1, ...dihedral),
    ...oneOf(CLASSES, classes[3]!, 1),
  ]
}

/** The values in the place of one class, zeros in the places of the others. */
function oneOf(classes: number, chosen: number, ...values: readonly number[]): number[] {
  return Array.from({ length: classes }, (_, index) =>
    values.map((value) => (index === chosen ? value : 0)),
  ).flat()
}

function pathOf(paths: CouplingPaths, pair: number, classOf: (atom: number) => number): Path {
  const bonds = paths.bondCounts[pair]!
  const atoms = paths.pathAtoms.subarray(4 * pair, 4 * pair + 4)
  const angles = [paths.firstAngles[pair]!, paths.secondAngles[pair]!].slice(0, bonds - 1)
  const turn = paths.dihedrals[pair]!
  return {
    lengths: [...paths.bondLengths.subarray(3 * pair, 3 * pair + bonds)],
    cosines: angles.map(Math.cos),
    classes: [...atoms].filter((atom) => atom !== NO_ATOM).map(classOf),
    dihedral: paths.dihedralDefined[pair] ? [Math.cos(turn), Math.cos(2 * turn)] : [0, 0],
    distance: paths.distances[pair]!,
  }
}

function reversed(path: Path): Path {
  return {
    ...path,
    lengths: path.lengths.toReversed(),
    cosines: path.cosines.toReversed(),
    classes: path.classes.toReversed(),
  }
}

/** Number of bonds of each atom, `[atoms]`. */
function coordinationNumbers(table: MoleculeTable): Uint8Array {
  const { names, atomOffsets, bondOffsets, bondAtoms, atomicNumbers } = table
  const counts = new Uint8Array(atomicNumbers.length)
  for (const molecule of names.keys()) {
    for (let end = 2 * bondOffsets[molecule]!; end < 2 * bondOffsets[molecule + 1]!; end++) {
      counts[atomOffsets[molecule]! + bondAtoms[end]!]! += 1
    }
  }
  return counts
}
