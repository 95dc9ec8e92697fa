/**
 * Arrays of a bucket, for `featurize`. Free of tensors, so that a browser can load a featurizer alone: entries import it as
 * `@couplet/model/features`.
 */
import { COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import type { HostArray } from '@couplet/engine'
import type { Bucket, Sizes } from './Model.ts'

/** Values as an array of a bucket's shape: rows beyond the values are 0. */
export function valueArray(values: ArrayLike<number>, shape: readonly number[]): HostArray {
  const data = new Float32Array(shape.reduce((product, length) => product * length, 1))
  data.set(values)
  return { shape, data }
}

/** Indices as an array `[length]`: rows beyond the indices point at the dead row. */
export function indexArray(indices: ArrayLike<number>, length: number, deadRow: number): HostArray {
  const data = new Int32Array(length).fill(deadRow)
  data.set(indices)
  return { shape: [length], data }
}

/** Class numbers as rows with a single 1, `[rows, classes]`: rows beyond the class numbers are 0. */
export function oneHotArray(
  classNumbers: ArrayLike<number>,
  rows: number,
  classes: number,
): HostArray {
  const data = new Float32Array(rows * classes)
  for (let row = 0; row < classNumbers.length; row++) data[row * classes + classNumbers[row]!] = 1
  return { shape: [rows, classes], data }
}

/** Name of the axis of the pairs of a coupling type, for example `pairs1JHC`. */
export function typeAxis(type: number): string {
  return `pairs${COUPLING_TYPES[type]}`
}

/** Number of pairs of each coupling type, as an axis of its own, for networks that every type has for itself. */
export function typeSizes({ names, pairOffsets, pairTypes }: MoleculeTable): Sizes {
  const ofType = COUPLING_TYPES.map((_name, type): [string, Uint32Array] => [
    typeAxis(type),
    Uint32Array.from(
      names,
      (_, m) =>
        pairTypes.subarray(pairOffsets[m], pairOffsets[m + 1]).filter((other) => other === type)
          .length,
    ),
  ])
  return Object.fromEntries(ofType)
}

/** The pairs of a batch sorted by coupling type: one block of rows for each type, as long as its axis in the bucket. */
export interface PairsByType {
  /** The pairs of each type in their order, `[8]` lists of indices. */
  readonly pairs: readonly (readonly number[])[]
  /** Row of each pair among the blocks, one type after the other, `[pairs]`; padding points at the last row. */
  readonly places: HostArray
}

/** Sorts the pairs of a batch by coupling type; see {@link typeSizes}. */
export function pairsByType({ pairTypes }: MoleculeTable, bucket: Bucket): PairsByType {
  const pairs: number[][] = COUPLING_TYPES.map(() => [])
  const lengths = pairs.map((_, type) => bucket[typeAxis(type)]!)
  const offsets = lengths.map((_, type) =>
    lengths.slice(0, type).reduce((sum, length) => sum + length, 0),
  )
  const places = Array.from(pairTypes, (type, pair) => {
    pairs[type]!.push(pair)
    return offsets[type]! + pairs[type]!.length - 1
  })
  const total = lengths.reduce((sum, length) => sum + length, 0)
  return { pairs, places: indexArray(places, bucket.pairs, total - 1) }
}
