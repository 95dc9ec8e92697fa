import { COUPLING_TYPES, moleculeAt, type MoleculeTable } from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import type { Bucket, Sizes } from '@couplet/model'
import { indexArray } from '@couplet/model/features'
import { centredSamples } from './centredSamples.ts'

/** Elements in the order of the embedding's rows; padding uses the row behind them. */
const ELEMENT_NUMBERS = [1, 6, 7, 8, 9]
/** Rows of the element embedding. */
export const ELEMENTS = ELEMENT_NUMBERS.length + 1
/** Rows of the type embedding: the coupling types, and none. */
export const TYPES = COUPLING_TYPES.length + 1
/** What is added to the score of a key that does not exist. */
const HIDDEN = -1e9

/** Number of samples of each molecule, and its atoms: the tokens of a sample. */
export function sizes(molecules: MoleculeTable): Sizes {
  const { names, atomOffsets } = molecules
  return {
    samples: Uint32Array.from(names, (_, m) => centredSamples(molecules, m).length),
    longestAtoms: Uint32Array.from(names, (_, m) => atomOffsets[m + 1]! - atomOffsets[m]!),
  }
}

/** Spread of the coordinates, for {@link featurize}: root mean square over all samples' coordinates in angstrom. */
export function coordinateScale(molecules: MoleculeTable): number {
  let sum = 0
  let count = 0
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const { positions } = moleculeAt(molecules, molecule)
    for (const { centre } of centredSamples(molecules, molecule)) {
      positions.forEach((value, index) => {
        sum += (value - positions[3 * centre + (index % 3)]!) ** 2
      })
      count += positions.length
    }
  }
  return sum > 0 ? Math.sqrt(sum / count) : 1
}

/**
 * The molecules of a batch as each of their coupling hydrogens sees them, one block of atoms for each: `elements`, `types [samples * atoms]`
 * (type of the coupling with the centre), `typeFlags [samples * atoms, 9]`, `coordinates [samples * atoms, 3]` from the centre in
 * units of `scale`, `keyBias [samples, 1, 1, atoms]`, `atomCounts [samples, 1]`, and the tokens of each pair, one from each end,
 * `pairTokens` and `pairOtherTokens [pairs]` (the same token where only one end is a hydrogen).
 */
export function featurize(molecules: MoleculeTable, scale: number, bucket: Bucket): HostArrays {
  const samples = bucket['samples']!
  const length = bucket['longestAtoms']!
  const rows = samples * length
  const elements = new Int32Array(rows).fill(ELEMENTS - 1)
  const types = new Int32Array(rows).fill(TYPES - 1)
  const typeFlags = new Float32Array(rows * TYPES)
  const coordinates = new Float32Array(3 * rows)
  const keyBias = new Float32Array(rows).fill(HIDDEN)
  const atomCounts = new Float32Array(samples).fill(1)
  const tokens: number[] = []
  const otherTokens: number[] = []
  let sample = 0
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const { atomicNumbers, positions, pairTypes } = moleculeAt(molecules, molecule)
    const first = molecules.pairOffsets[molecule]!
    for (const { centre, pairOf } of centredSamples(molecules, molecule)) {
      atomCounts[sample] = atomicNumbers.length
      for (const [atom, number] of atomicNumbers.entries()) {
        const row = sample * length + atom
        const pair = pairOf[atom]
        const type = pair === undefined ? TYPES - 1 : pairTypes[pair]!
        elements[row] = ELEMENT_NUMBERS.indexOf(number)
        types[row] = type
        typeFlags[row * TYPES + type] = 1
        keyBias[row] = 0
        for (let axis = 0; axis < 3; axis++) {
          coordinates[3 * row + axis] =
            (positions[3 * atom + axis]! - positions[3 * centre + axis]!) / scale
        }
        if (pair === undefined) continue
        tokens[first + pair] ??= row
        otherTokens[first + pair] = row
      }
      sample += 1
    }
  }
  return {
    elements: { shape: [rows], data: elements },
    types: { shape: [rows], data: types },
    typeFlags: { shape: [rows, TYPES], data: typeFlags },
    coordinates: { shape: [rows, 3], data: coordinates },
    keyBias: { shape: [samples, 1, 1, length], data: keyBias },
    atomCounts: { shape: [samples, 1], data: atomCounts },
    pairTokens: indexArray(tokens, bucket.pairs, rows - 1),
    pairOtherTokens: indexArray(otherTokens, bucket.pairs, rows - 1),
  }
}
