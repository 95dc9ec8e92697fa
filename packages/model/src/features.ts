/**
 * Arrays of a bucket, for `featurize`. Free of tensors, so that a browser can load a featurizer alone: entries import it as
 * `@couplet/model/features`.
 */
import type { HostArray } from '@couplet/engine'

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
