import type { CouplingType } from '@couplet/data'

/** What training minimises; errors are standardised per coupling type (label minus mean, over the standard deviation). */
export interface Loss {
  /**
   * - `mean-type-mae`: mean over the eight types of the mean absolute error; pairs weigh by their type's frequency in the training set
   * - `ln-mae`: mean over the types in the batch of ln(mean absolute error), the competition's metric
   * - `l1`: mean absolute error over all pairs
   * - `mse`: mean squared error over all pairs
   */
  readonly kind: 'mean-type-mae' | 'ln-mae' | 'l1' | 'mse'
  /** Weight of the same error of the four contributions, where labels have them and the network predicts them; default 0. */
  readonly contributions?: number
  /**
   * Whether a pair's error is the sum over coupling and contributions, each in standard deviations of its own, before anything is
   * averaged (or its logarithm taken); default: coupling and contributions are two losses that are added, both in deviations
   * of the coupling.
   */
  readonly joint?: boolean
  /** Which coupling types count, for a network that is fine-tuned for some of them; default: all eight. */
  readonly types?: readonly CouplingType[]
}

/** One phase of training. */
export interface Phase {
  /** For logs, for example `train` or `fine-tune`. */
  readonly name: string
  /** Passes over the training molecules. */
  readonly epochs: number
  /** Molecules per step. */
  readonly batch: number
  /** Which optimiser: `adam` (default), or `lamb`, whose steps are in proportion to each array's own length. */
  readonly optimiser?: 'adam' | 'lamb'
  /** Peak learning rate. */
  readonly learningRate: number
  /** Share of the steps in which the learning rate rises linearly from 0; then it falls to 0 along a cosine. */
  readonly warmUp: number
  /**
   * Another course of the learning rate, instead of warm-up and cosine: corners `[share of the steps, factor on the peak]` by rising share, with
   * straight lines between them.
   */
  readonly schedule?: readonly (readonly [share: number, factor: number])[]
  /** Decoupled weight decay (AdamW); 0 is Adam. */
  readonly weightDecay: number
  /** The gradient is scaled down to this norm where it is longer; 0 leaves it as it is. */
  readonly clipNorm: number
  /** Decay of the moving average of the weights with which the network predicts; 0 keeps the last weights. */
  readonly averageDecay: number
  /**
   * Predict with the plain mean of the weights at the ends of the last so many epochs (stochastic weight averaging, Izmailov et al. 2018)
   * instead of the moving average.
   */
  readonly averageLast?: number
  /** What is minimised. */
  readonly loss: Loss
  /** `rotation`: every molecule is turned at random about its centre in every epoch. */
  readonly augmentation: 'none' | 'rotation'
}

/** Phases of training, one after the other. Data, not code, so that the site can show it. */
export type Recipe = readonly Phase[]

/** Learning rate at a share of a phase's steps: the phase's schedule, or linear warm-up, then a half cosine to 0 (Loshchilov and Hutter 2017). */
export function learningRateAt(phase: Phase, share: number): number {
  if (phase.schedule) return phase.learningRate * factorAt(phase.schedule, share)
  if (share < phase.warmUp) return phase.learningRate * (share / phase.warmUp)
  const rest = (share - phase.warmUp) / Math.max(1e-9, 1 - phase.warmUp)
  return phase.learningRate * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, rest)))
}

/** The height of a line through some corners. */
function factorAt(corners: NonNullable<Phase['schedule']>, share: number): number {
  const next = corners.findIndex(([place]) => place >= share)
  if (next <= 0) return corners.at(next)![1]
  const [[from, low], [to, high]] = [corners[next - 1]!, corners[next]!]
  return low + ((high - low) * (share - from)) / (to - from)
}

/**
 * Decay of the average of the weights in a step.
 * @param step number of the step in its phase, from 0.
 * @param perEpoch steps of an epoch.
 */
export function averageDecayAt(phase: Phase, step: number, perEpoch: number): number {
  const { averageDecay, averageLast, epochs } = phase
  // The average forgets faster in the first steps, so that it does not remember the random start.
  if (averageLast === undefined) return Math.min(averageDecay, (1 + step) / (10 + step))
  const averaged = Math.floor((step + 1) / perEpoch) - Math.max(0, epochs - averageLast)
  if (averaged <= 0) return 0
  return (step + 1) % perEpoch === 0 ? (averaged - 1) / averaged : 1
}
