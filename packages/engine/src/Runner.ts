import type { HostArrays } from './arrays.ts'
import type { AdamStep } from './adamUpdate.ts'
import type { Objective } from './Objective.ts'

/** Where a network runs. */
export type RunnerName = OrtRunnerName | 'ort-web' | EagerRunnerName

/** Native ONNX Runtime: on the processor, or on a graphics card through WebGPU or CUDA. */
export type OrtRunnerName = 'ort' | 'ort-webgpu' | 'ort-cuda'

/** TensorFlow.js, op by op. */
export type EagerRunnerName = 'tfjs-node-gpu' | 'tfjs-wasm' | 'tfjs-cpu'

/** One step of training. */
export interface TrainingStep {
  /** Features and targets of each shard of the batch; at most one per worker. */
  readonly shards: readonly HostArrays[]
  /** The loss as a function of the summed statistics. */
  readonly objective: Objective
  /** Optimiser settings of this step; the runner sets the gradient's factor. */
  readonly adam: Omit<AdamStep, 'gradientScale'>
  /** The gradient is scaled down to this norm where it is longer; Infinity leaves it as it is. */
  readonly clipNorm: number
}

/** What a step of training reports. */
export interface StepReport {
  /** The loss before the update. */
  readonly loss: number
  /** Statistics summed over shards, `[k]`. */
  readonly statistics: readonly number[]
  /**
   * Norm of the gradient before clipping, NaN where the loss is not finite. Where the norm is not finite the parameters
   * were left as they were.
   */
  readonly gradientNorm: number
}

/**
 * Runs one network on one set of parameters: the same calls for every backend. Await a call of `train` or `gradient` before
 * the next one; calls of `forward` may overlap.
 */
export interface Runner {
  /** Which backend. */
  readonly name: RunnerName
  /** Why this backend, for logs. */
  readonly reason: string
  /** Number of shards that a step runs at the same time. */
  readonly workers: number
  /** How many graphs were compiled so far, and the seconds that it took, loading them into ONNX Runtime included. */
  readonly compiled: { readonly graphs: number; readonly seconds: number }
  /** Gradient of the loss, then one optimiser step on the parameter store. */
  train(step: TrainingStep): Promise<StepReport>
  /** Gradient of the loss, `[trainable]` in the order of the store, without changing the parameters. */
  gradient(
    shards: readonly HostArrays[],
    objective: Objective,
  ): Promise<{ readonly loss: number; readonly gradient: Float32Array }>
  /** Outputs of the network without dropout, from the parameters or their moving average. */
  forward(features: HostArrays, weights: 'values' | 'averages'): Promise<HostArrays>
  /** Frees workers and memory; the parameter store stays usable. */
  close(): Promise<void>
}
