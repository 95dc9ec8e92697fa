import type { ParameterStore } from '../ParameterStore.ts'

/** Longest vector of statistics that a network may have. */
export const MAXIMUM_STATISTICS = 256

/** Memory that the workers of one runner share. */
export interface SharedState {
  /** Number of workers. */
  readonly workers: number
  /** The store's vectors: `[parameters]`, of the moments `[trainable]`. */
  readonly values: Float32Array
  readonly firstMoments: Float32Array
  readonly secondMoments: Float32Array
  readonly averages: Float32Array
  /** The summed gradient, `[trainable]`; each worker sums its own slice. */
  readonly total: Float32Array
  /** Each worker's gradient, `[workers][trainable]`. */
  readonly gradients: readonly Float32Array[]
  /** Each worker's statistics, `[workers, MAXIMUM_STATISTICS]`. */
  readonly statistics: Float64Array
  /** Sum of squares of each worker's slice of the gradient, `[workers]`. */
  readonly squares: Float64Array
  /** Barrier: arrived workers, generation, aborted. */
  readonly control: Int32Array
}

/** Allocates the memory for a number of workers. */
export function createSharedState(store: ParameterStore, workers: number): SharedState {
  const { values, firstMoments, secondMoments, averages } = store
  return {
    workers,
    values,
    firstMoments,
    secondMoments,
    averages,
    total: floats(store.trainable),
    gradients: Array.from({ length: workers }, () => floats(store.trainable)),
    statistics: doubles(workers * MAXIMUM_STATISTICS),
    squares: doubles(workers),
    control: new Int32Array(new SharedArrayBuffer(12)),
  }
}

function floats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length))
}

function doubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length))
}

/** Waits until every worker has arrived; throws when the runner gave up (another worker died). */
export function barrier({ control, workers }: SharedState): void {
  const generation = Atomics.load(control, 1)
  if (Atomics.add(control, 0, 1) === workers - 1) {
    Atomics.store(control, 0, 0)
    Atomics.add(control, 1, 1)
    Atomics.notify(control, 1)
  } else {
    while (Atomics.load(control, 1) === generation) {
      // The last worker may have arrived between the two looks: then all go on.
      if (Atomics.load(control, 2) !== 0 && Atomics.load(control, 1) === generation) {
        throw new Error('another worker has stopped')
      }
      Atomics.wait(control, 1, generation, 200)
    }
  }
}

/** Makes waiting workers give up. */
export function abortBarrier({ control }: SharedState): void {
  Atomics.store(control, 2, 1)
  Atomics.notify(control, 1)
}
