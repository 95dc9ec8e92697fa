import type { Tensor } from '@tensorflow/tfjs'
import { EngineError } from './EngineError.ts'

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

/**
 * Checks that every array is one of float32 or int32 and has as many values as its shape says, before a backend reads beyond its end.
 * @throws EngineError naming the array.
 */
export function checkArrays(arrays: HostArrays): void {
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    if (!(data instanceof Float32Array || data instanceof Int32Array)) {
      const kind = (data as object | undefined)?.constructor.name ?? 'missing'
      throw new EngineError(
        `the data of feature ${name} are ${kind === 'missing' ? kind : `of the class ${kind}`}. Give a Float32Array, or an Int32Array for indices.`,
      )
    }
    if (data.length === sizeOf(shape)) continue
    throw new EngineError(
      `feature ${name} has shape [${shape.join(', ')}], that is ${sizeOf(shape)} values, but holds ${data.length}. Make its data as long as its shape says.`,
    )
  }
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}
