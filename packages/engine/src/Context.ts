import type { Tensor } from '@tensorflow/tfjs'

/** What a network may ask for beside its parameters and features, so that a compiled graph stays random from step to step. */
export interface Context {
  /** True while training; dropout is the identity otherwise. */
  readonly training: boolean
  /** Uniform random numbers in [0, 1), fresh in every step, of the given shape; zeros where not training. */
  random(shape: readonly number[]): Tensor
  /** Sets a share `rate` of the values to zero and scales the others by `1 / (1 - rate)` (Srivastava et al. 2014); `rate` in [0, 1). */
  dropout<T extends Tensor>(values: T, rate: number): T
}
