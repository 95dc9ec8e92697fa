import type { HostArrays } from '../arrays.ts'
import type { CompiledGraph } from '../compileGraph.ts'
import type { ParameterSlot } from '../ParameterStore.ts'
import type { TrainingStep } from '../Runner.ts'
import type { SharedState } from './SharedState.ts'

/** What a worker is started with. */
export interface WorkerStart {
  /** Number of this worker, from 0. */
  readonly rank: number
  /** ONNX Runtime's execution provider. */
  readonly provider: 'cpu' | 'webgpu' | 'cuda'
  /** Whether to call ONNX Runtime's library directly where that is possible: the same kernels without copies. */
  readonly direct: boolean
  /** Seed of its random numbers. */
  readonly seed: number
  /** Memory shared with the other workers. */
  readonly shared: SharedState
  /** Where each parameter lies. */
  readonly slots: readonly ParameterSlot[]
}

/** What the runner asks of a worker; `train` and `forward` are answered by one {@link WorkerReply} with the same id. */
export type WorkerRequest =
  | {
      readonly kind: 'load'
      readonly key: string
      readonly graph: CompiledGraph
      /** The second graph where training is compiled in two: see `compileTraining`. */
      readonly backward?: CompiledGraph
    }
  | { readonly kind: 'release'; readonly key: string }
  /** Release everything and end the thread. */
  | { readonly kind: 'end' }
  | {
      readonly kind: 'train'
      readonly id: number
      /** Key of the training graphs, or of the gradient graph; null when this worker has no shard in this step. */
      readonly gradientKey: string | null
      /** Key of the statistics graph, where the gradient graph is one and its objective needs the totals beforehand. */
      readonly statisticsKey: string | null
      readonly features: HostArrays
      readonly objective: TrainingStep['objective']
      /** Absent: leave the parameters as they are. */
      readonly update?: Pick<TrainingStep, 'adam' | 'clipNorm'>
      /** Number of the step: with the seed and rank it fixes the random numbers. */
      readonly step: number
    }
  | {
      readonly kind: 'forward'
      readonly id: number
      readonly key: string
      readonly features: HostArrays
      readonly weights: 'values' | 'averages'
    }

/** A worker's answer. */
export type WorkerReply =
  | { readonly id: number; readonly kind: 'failed'; readonly message: string }
  /** The first worker has made a session; no call waits for this. */
  | { readonly kind: 'loaded'; readonly seconds: number }
  | {
      readonly id: number
      readonly kind: 'trained'
      readonly loss: number
      readonly statistics: number[]
      readonly gradientNorm: number
    }
  | { readonly id: number; readonly kind: 'outputs'; readonly outputs: HostArrays }
