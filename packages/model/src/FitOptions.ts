import type { Runner, RunnerOptions } from '@couplet/engine'
import type { Config } from './Model.ts'
import type { Recipe } from './Recipe.ts'
import type { Trained } from './Trained.ts'

/** How to train. */
export interface FitOptions extends Pick<RunnerOptions, 'runner' | 'workers'> {
  /** Every hyperparameter; see `presetConfig`. */
  readonly config: Config
  /** Phases of training of a network; default: the model's `small` recipe. */
  readonly recipe?: Recipe
  /** Seed of initialisation, order and random numbers; default 0. */
  readonly seed?: number
  /** An unfinished training to go on with; its configuration, recipe and seed are used. */
  readonly resume?: Trained
  /**
   * A trained network of the same entry and configuration whose weights to start from, instead of random ones, with its state: fine-tuning. Not for
   * fitted models, and not read where a training is resumed.
   */
  readonly start?: Trained
  /** Called after every step. */
  readonly onProgress?: (progress: FitProgress) => void
  /** Stops the training after the current step; what it returns can be resumed. */
  readonly signal?: AbortSignal
}

/** State of a training after a step. */
export interface FitProgress {
  /** Steps done and in all, over all phases. */
  readonly step: number
  readonly steps: number
  /** Name of the phase, and epochs done in it. */
  readonly phase: string
  readonly epoch: number
  readonly epochs: number
  /** Loss of the step, in standardised units. */
  readonly loss: number
  /** Norm of the gradient before clipping. */
  readonly gradientNorm: number
  /** Learning rate of the step. */
  readonly learningRate: number
  /** Molecules trained on since the start of this call, and seconds since then. */
  readonly molecules: number
  readonly seconds: number
  /** Share of rows that is padding, and the shapes in use. */
  readonly padding: number
  readonly buckets: number
  /** The training as it stands, for a checkpoint; valid during the callback only. */
  readonly snapshot: () => Trained
  /** The runner: its name, why, its workers and what it compiled. */
  readonly runner: Pick<Runner, 'name' | 'reason' | 'workers' | 'compiled'>
}
