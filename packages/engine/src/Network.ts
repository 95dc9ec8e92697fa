import type { Tensor1D } from '@tensorflow/tfjs'
import type { Tensors } from './arrays.ts'
import type { Context } from './Context.ts'

/** A network and what its training minimises, as pure functions in plain tf ops. Neither may read a value while it builds. */
export interface Network {
  /** Named outputs of a batch. */
  forward(parameters: Tensors, features: Tensors, context: Context): Tensors
  /** Additive statistics of a batch, `[k]`: what an `Objective` turns into a loss. Features include the targets. */
  statistics(outputs: Tensors, features: Tensors): Tensor1D
}
