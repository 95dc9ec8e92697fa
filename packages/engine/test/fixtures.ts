import type { HostArray } from '../src/arrays.ts'
import { sizeOf } from '../src/arrays.ts'

/** Repeatable numbers between -1 and 1. */
export function numbers(shape: readonly number[], seed = 1): HostArray {
  let state = seed * 7919 + 17
  const data = Float32Array.from({ length: sizeOf(shape) }, () => {
    state = (state * 48271) % 2147483647
    return (state / 2147483647) * 2 - 1
  })
  return { shape, data }
}

/** Numbers between 0.2 and 1.2. */
export function positive(shape: readonly number[], seed = 1): HostArray {
  return { shape, data: numbers(shape, seed).data.map((value) => (value + 1) / 2 + 0.2) }
}

/** Given floats. */
export function floats(shape: readonly number[], values: readonly number[]): HostArray {
  return { shape, data: Float32Array.from(values) }
}

/** Given integers. */
export function integers(shape: readonly number[], values: readonly number[]): HostArray {
  return { shape, data: Int32Array.from(values) }
}
