import {
  COUPLING_TYPES,
  distance,
  graphDistances,
  moleculeAt,
  type MoleculeTable,
  type PathScale,
} from '@couplet/data'
import { perceiveChemistry, type Chemistry } from '@couplet/data/chemistry'
import type { HostArray, HostArrays } from '@couplet/engine'
import type { Bucket, Sizes } from '@couplet/model'
import { indexArray, valueArray } from '@couplet/model/features'
import {
  ATOM_FEATURES,
  describeAtoms,
  describeMolecule,
  MOLECULE_FEATURES,
} from './describeAtoms.ts'
import { BOND_FEATURES, bondAngles, countBondAngles, describeBonds } from './describeBonds.ts'
import { PARTS } from './partFactors.ts'
import { countReadings, pairReadings, pairWidth } from './pairReadings.ts'

/** What is added to the score of a key that does not exist. */
const HIDDEN = -1e9
/** Bonds beyond which atoms count as equally far apart. */
const FARTHEST = 10
/** Rows of the table of scores by graph distance: 0 to 10 bonds. */
export const GRAPH_DISTANCES = FARTHEST + 1

/** Name of the axis of the readings of a coupling type, and of the array that lists them. */
export const readingsOf = (type: number): string => `readings${COUPLING_TYPES[type]}`

/** Atoms, in all and of the longest molecule; bonds, bond angles and readings of the pairs, in all and of each type. */
export function sizes(molecules: MoleculeTable): Sizes {
  const { names, atomOffsets, bondOffsets } = molecules
  const { all, ofType } = countReadings(molecules)
  const atoms = Uint32Array.from(names, (_, m) => atomOffsets[m + 1]! - atomOffsets[m]!)
  return {
    atoms,
    longestAtoms: atoms,
    bonds: Uint32Array.from(names, (_, m) => bondOffsets[m + 1]! - bondOffsets[m]!),
    angles: countBondAngles(molecules),
    readings: all,
    ...Object.fromEntries(ofType.map((counts, type) => [readingsOf(type), counts])),
  }
}

/** What the features of pairs depend on. */
export interface PairOptions {
  /** Spread of the path measures over the training molecules. */
  readonly paths: PathScale
  /** Whether the path measures join the pairs' features. */
  readonly withMeasures: boolean
  /** Sizes of a coupling's five parts, `[8][5]`. */
  readonly factors: readonly (readonly number[])[]
}

/**
 * The molecules of a batch. Atoms are flat; for attention they also stand in blocks, one for each molecule.
 *
 * - atoms: `atomFeatures [atoms, 21]`, `atomRows [atoms]` (row of each atom in the blocks)
 * - blocks: `rowAtoms [blocks * length]` (atom of each row), `distances [blocks, 1, length, length]` in angstrom, `graphDistances [blocks *
 *   length * length]` (bonds, at most 10), `keyBias [blocks, 1, 1, length]` (0, or a large negative number for padding)
 * - bonds: `bondFeatures [bonds, 8]`, `bondFirsts` and `bondSeconds [bonds]` (atoms), `angleCosines [angles, 1]`, `angleFirsts` and
 *   `angleSeconds [angles]` (bonds), `angleShares [bonds, 1]` (1 over the angles at a bond)
 * - readings of pairs: `readingFeatures [readings, 16 or 24]`, `readingMolecules [readings, 9]`, `readingFactors [readings, 5]`,
 *   `readingFirsts` and `readingSeconds [readings]` (atoms), `readingWeights [readings, 1]`; for each coupling type `readings1JHC` and so on
 *   (its readings), and `readingPlaces [readings]`: where each reading stands when they are sorted by type
 * - pairs: `pairReadings` and `pairOtherReadings [pairs]`: the two readings of a pair, or twice the only one
 */
export function featurize(
  molecules: MoleculeTable,
  { paths, withMeasures, factors }: PairOptions,
  bucket: Bucket,
): HostArrays {
  const chemistry = perceiveChemistry(molecules, { onFailure: 'mark' })
  return {
    atomFeatures: valueArray(describeAtoms(molecules, chemistry), [
      bucket['atoms']!,
      ATOM_FEATURES,
    ]),
    ...blockArrays(molecules, bucket),
    ...bondArrays(molecules, chemistry, bucket),
    ...readingArrays(molecules, { paths, withMeasures, factors }, bucket),
  }
}

function blockArrays(molecules: MoleculeTable, bucket: Bucket): HostArrays {
  const length = bucket['longestAtoms']!
  const blocks = bucket.molecules
  const distances = new Float32Array(blocks * length * length)
  const apart = new Int32Array(blocks * length * length).fill(FARTHEST)
  const keyBias = new Float32Array(blocks * length).fill(HIDDEN)
  const rowAtoms = new Int32Array(blocks * length).fill(bucket['atoms']! - 1)
  const atomRows: number[] = []
  for (const molecule of molecules.names.keys()) {
    const { atomicNumbers, positions, bondAtoms } = moleculeAt(molecules, molecule)
    const count = atomicNumbers.length
    const bonds = graphDistances(count, bondAtoms, FARTHEST)
    for (let one = 0; one < count; one++) {
      const row = molecule * length + one
      rowAtoms[row] = atomRows.length
      atomRows.push(row)
      keyBias[row] = 0
      for (let other = 0; other < count; other++) {
        distances[row * length + other] = distance(positions, one, other)
        apart[row * length + other] = Math.min(FARTHEST, bonds[one * count + other]!)
      }
    }
  }
  return {
    atomRows: indexArray(atomRows, bucket['atoms']!, blocks * length - 1),
    rowAtoms: { shape: [blocks * length], data: rowAtoms },
    distances: { shape: [blocks, 1, length, length], data: distances },
    graphDistances: { shape: [blocks * length * length], data: apart },
    keyBias: { shape: [blocks, 1, 1, length], data: keyBias },
  }
}

function bondArrays(molecules: MoleculeTable, chemistry: Chemistry, bucket: Bucket): HostArrays {
  const { names, atomOffsets, bondOffsets, bondAtoms } = molecules
  const bonds = bucket['bonds']!
  const angles = bucket['angles']!
  const { cosines, firstBonds, secondBonds } = bondAngles(molecules)
  const ends = names.flatMap((_, molecule) =>
    Array.from(
      bondAtoms.subarray(2 * bondOffsets[molecule]!, 2 * bondOffsets[molecule + 1]!),
      (atom) => atomOffsets[molecule]! + atom,
    ),
  )
  const endsAt = (place: number) => ends.filter((_, index) => index % 2 === place)
  const counts = new Float32Array(bondAtoms.length / 2)
  for (const bond of [...firstBonds, ...secondBonds]) counts[bond]! += 1
  return {
    bondFeatures: valueArray(describeBonds(molecules, chemistry), [bonds, BOND_FEATURES]),
    bondFirsts: indexArray(endsAt(0), bonds, bucket['atoms']! - 1),
    bondSeconds: indexArray(endsAt(1), bonds, bucket['atoms']! - 1),
    angleCosines: valueArray(cosines, [angles, 1]),
    angleFirsts: indexArray(firstBonds, angles, bonds - 1),
    angleSeconds: indexArray(secondBonds, angles, bonds - 1),
    angleShares: valueArray(
      counts.map((count) => (count > 0 ? 1 / count : 0)),
      [bonds, 1],
    ),
  }
}

function readingArrays(
  molecules: MoleculeTable,
  { paths, withMeasures, factors }: PairOptions,
  bucket: Bucket,
): HostArrays {
  const capacity = bucket['readings']!
  const { pairs, firsts, seconds, weights, features } = pairReadings(molecules, paths, withMeasures)
  const types = pairs.map((pair) => molecules.pairTypes[pair]!)
  const wholes = molecules.names.flatMap((_, molecule) => {
    const whole = describeMolecule(molecules, molecule)
    const { length } = moleculeAt(molecules, molecule).atomicNumbers
    return Array.from({ length }, () => whole)
  })
  const atoms = (list: readonly number[]): HostArray =>
    indexArray(list, capacity, bucket['atoms']! - 1)
  const byType = COUPLING_TYPES.map((_, type) =>
    [...types.keys()].filter((reading) => types[reading] === type),
  )
  const places = new Int32Array(types.length)
  const ofPair = Array.from(molecules.pairTypes, (): number[] => [])
  pairs.forEach((pair, reading) => ofPair[pair]!.push(reading))
  const readingOf = (place: 0 | -1): HostArray =>
    indexArray(
      ofPair.map((list) => list.at(place)!),
      bucket.pairs,
      capacity - 1,
    )
  let start = 0
  byType.forEach((list, type) => {
    for (const [place, reading] of list.entries()) places[reading] = start + place
    start += bucket[readingsOf(type)]!
  })
  return {
    readingFeatures: valueArray(features.flat(), [capacity, pairWidth(withMeasures)]),
    readingMolecules: valueArray(
      firsts.flatMap((atom) => wholes[atom]!),
      [capacity, MOLECULE_FEATURES],
    ),
    readingFactors: valueArray(
      types.flatMap((type) => factors[type]!),
      [capacity, PARTS],
    ),
    readingFirsts: atoms(firsts),
    readingSeconds: atoms(seconds),
    readingWeights: valueArray(weights, [capacity, 1]),
    pairReadings: readingOf(0),
    pairOtherReadings: readingOf(-1),
    readingPlaces: indexArray(places, capacity, start - 1),
    ...Object.fromEntries(
      byType.map((list, type) => [
        readingsOf(type),
        indexArray(list, bucket[readingsOf(type)]!, capacity - 1),
      ]),
    ),
  }
}
