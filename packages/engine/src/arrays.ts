import type { Tensor } from '@tensorflow/tfjs'

/** A dense array outside any tensor library: what feeds a network and what it returns. Row-major. */
export interface HostArray {
  /** Length of each axis. */
  readonly shape: readonly number[]
  /** Values: float32, or int32 for indices. */
  readonly data: Float32Array | Int32Array
}

/** Arrays by name. */
export type HostArrays = Readonly<Record<string, HostArray>>

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
