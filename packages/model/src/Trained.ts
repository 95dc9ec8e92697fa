import type { HostArrays } from '@couplet/engine'
import type { AnyModel, Config, State } from './Model.ts'
import type { Recipe } from './Recipe.ts'

/** Where a training stands; enough to go on exactly. */
export interface TrainingProgress {
  /** Steps done over all phases. */
  readonly step: number
  /** Steps of the whole recipe. */
  readonly steps: number
  /** Number of workers: part of what makes a run repeatable to the bit. */
  readonly workers: number
  /** Parameters and optimiser moments; only while the training is not complete. */
  readonly resume?: {
    readonly values: HostArrays
    readonly firstMoments: HostArrays
    readonly secondMoments: HostArrays
  }
}

/** A model that has learnt: what `predict` needs and a checkpoint holds. */
export interface Trained {
  /** The architecture. */
  readonly model: AnyModel
  /** Its hyperparameters. */
  readonly config: Config
  /** What it learnt of the training molecules before training. */
  readonly state: State
  /** Weights of a network (the moving average), or the arrays of a fitted model. */
  readonly weights: HostArrays
  /** Networks of the first stage of a model that has two, `[INNER_FOLDS]`: each has never seen the molecules of one inner fold. */
  readonly firstStage?: readonly Trained[]
  /** Seed of initialisation, order and random numbers. */
  readonly seed: number
  /** How a network was trained; empty for fitted models. */
  readonly recipe: Recipe
  /** What trained it last, and why that, for example `ort: native ONNX Runtime kernels on the CPU`. */
  readonly runner: string
  /** Where a network's training stands; complete for fitted models. */
  readonly progress: TrainingProgress
}

/** Number of learnt values of a model, over both stages where it has two. */
export function parameterCount({
  weights,
  firstStage = [],
}: Pick<Trained, 'weights' | 'firstStage'>): number {
  const own = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0)
  return firstStage.reduce((sum, network) => sum + parameterCount(network), own)
}
