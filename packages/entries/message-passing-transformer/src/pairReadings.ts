import {
  angle,
  COUPLING_TYPES,
  couplingPaths,
  moleculeAt,
  nearestAtoms,
  PATH_MEASURES,
  reversedPathMeasures,
  standardisedPathMeasures,
  type MoleculeTable,
  type PathScale,
} from '@couplet/data'
import { mean, oneHot } from './describeAtoms.ts'

/** Covalent radii in angstrom (Cordero et al. 2008) of the elements that couple. */
const RADII: Readonly<Record<number, number>> = { 1: 0.31, 6: 0.76, 7: 0.71 }
/** Electronegativities (Pauling) of the elements that couple. */
const ELECTRONEGATIVITIES: Readonly<Record<number, number>> = { 1: 2.2, 6: 2.55, 7: 3.04 }

/** Number of values of a reading; see {@link pairReadings}. */
export function pairWidth(withMeasures: boolean): number {
  return COUPLING_TYPES.length + 8 + (withMeasures ? 2 + PATH_MEASURES : 0)
}

/**
 * The coupled pairs as the network reads them. A pair of hydrogen and another element is read once, hydrogen first. Between two
 * hydrogens there is no first: such a pair is read from both ends, and each reading counts half.
 */
export interface PairReadings {
  /** Pair of each reading, `[readings]`. */
  readonly pairs: readonly number[]
  /** First and second atom of each reading, counted over the table, `[readings]` each. */
  readonly firsts: readonly number[]
  readonly seconds: readonly number[]
  /** 1, or 0.5 between two hydrogens, `[readings]`. */
  readonly weights: readonly number[]
  /** What is known of each reading, {@link pairWidth} values. */
  readonly features: readonly (readonly number[])[]
}

/**
 * Reads every coupled pair: type (8), distance, distance less the covalent radii, distance times the mean electronegativity,
 * distance in standard deviations of its type, |dihedral angle| (three bonds), cosine of the bond angle (two bonds), cosine of the angle
 * between the pair and the atom nearest to its first end, and to its second.
 * @param withMeasures whether the cosine of the dihedral angle, its square and the measures of the coupling path join them, the
 *   latter in standard deviations of their type.
 */
export function pairReadings(
  table: MoleculeTable,
  scale: PathScale,
  withMeasures: boolean,
): PairReadings {
  const paths = couplingPaths(table)
  const readings = {
    pairs: [] as number[],
    firsts: [] as number[],
    seconds: [] as number[],
    weights: [] as number[],
    features: [] as number[][],
  }
  for (const molecule of table.names.keys()) {
    const { atomicNumbers, positions, pairAtoms, pairTypes } = moleculeAt(table, molecule)
    pairTypes.forEach((type, local) => {
      const pair = table.pairOffsets[molecule]! + local
      const ends = [pairAtoms[2 * local]!, pairAtoms[2 * local + 1]!]
      const bonds = paths.bondCounts[pair]!
      const length = paths.distances[pair]!
      const measures = standardisedPathMeasures(paths, pair, type, scale)
      const cosine = paths.dihedralDefined[pair]! * Math.cos(paths.dihedrals[pair]!)
      const sum = (values: Readonly<Record<number, number>>): number =>
        ends.reduce((total, atom) => total + values[atomicNumbers[atom]!]!, 0)
      const cosineAt = (end: number, far: number) => nearestCosine(positions, end, far)
      const read = (first: number, second: number, weight: number, own: readonly number[]) => {
        readings.pairs.push(pair)
        readings.firsts.push(table.atomOffsets[molecule]! + first)
        readings.seconds.push(table.atomOffsets[molecule]! + second)
        readings.weights.push(weight)
        readings.features.push([
          ...oneHot(type, COUPLING_TYPES.length),
          length,
          length - sum(RADII),
          length * 0.5 * sum(ELECTRONEGATIVITIES),
          measures[0]!,
          Math.abs(paths.dihedrals[pair]!),
          bonds === 2 ? Math.cos(paths.firstAngles[pair]!) : 0,
          cosineAt(first, second),
          cosineAt(second, first),
          ...(withMeasures ? [cosine, cosine * cosine, ...own] : []),
        ])
      }
      const [one, other] = ends as [number, number]
      if (!betweenHydrogens(type)) {
        read(one, other, 1, measures)
        return
      }
      read(one, other, 0.5, measures)
      read(other, one, 0.5, reversedPathMeasures(measures, bonds))
    })
  }
  return readings
}

/** Number of readings of each molecule: in all, and of each coupling type, `[molecules]` each. */
export function countReadings({ names, pairOffsets, pairTypes }: MoleculeTable): {
  readonly all: Uint32Array
  readonly ofType: readonly Uint32Array[]
} {
  const ofType = COUPLING_TYPES.map(() => new Uint32Array(names.length))
  for (const molecule of names.keys()) {
    for (const type of pairTypes.subarray(pairOffsets[molecule], pairOffsets[molecule + 1])) {
      ofType[type]![molecule]! += betweenHydrogens(type) ? 2 : 1
    }
  }
  const all = Uint32Array.from(names, (_, molecule) =>
    ofType.reduce((sum, counts) => sum + counts[molecule]!, 0),
  )
  return { all, ofType }
}

/** Whether a coupling type is one between two hydrogens. */
function betweenHydrogens(type: number): boolean {
  return COUPLING_TYPES[type]!.endsWith('HH')
}

/**
 * Cosine of the angle at `end` between the pair's other end and the atom nearest to `end`, the other end left out; the mean
 * over atoms that are equally near, 0 where there is none.
 */
function nearestCosine(positions: Float32Array, end: number, other: number): number {
  const nearest = nearestAtoms(positions, end, [other])
  return mean(nearest.map((atom) => Math.cos(angle(positions, other, end, atom))))
}
