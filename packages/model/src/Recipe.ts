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
}

/** One phase of training. */
export interface Phase {
  /** For logs, for example `train` or `fine-tune`. */
  readonly name: string
  /** Passes over the training molecules. */
  readonly epochs: number
  /** Molecules per step. */
  readonly batch: number
  /** Peak learning rate. */
  readonly learningRate: number
  /** Share of the steps in which the learning rate rises linearly from 0; then it falls to 0 along a cosine. */
  readonly warmUp: number
  /** Decoupled weight decay (AdamW); 0 is Adam. */
  readonly weightDecay: number
  /** The gradient is scaled down to this norm where it is longer; 0 leaves it as it is. */
  readonly clipNorm: number
  /** Decay of the moving average of the weights with which the network predicts; 0 keeps the last weights. */
  readonly averageDecay: number
  /** What is minimised. */
  readonly loss: Loss
  /** `rotation`: every molecule is turned at random about its centre in every epoch. */
  readonly augmentation: 'none' | 'rotation'
}

/** Phases of training, one after the other. Data, not code, so that the site can show it. */
export type Recipe = readonly Phase[]

/** Learning rate at a share of a phase's steps: linear warm-up, then a half cosine to 0 (Loshchilov and Hutter 2017). */
export function learningRateAt(phase: Phase, share: number): number {
  if (share < phase.warmUp) return phase.learningRate * (share / phase.warmUp)
  const rest = (share - phase.warmUp) / Math.max(1e-9, 1 - phase.warmUp)
  return phase.learningRate * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, rest)))
}
