/** Hyperparameters of one step of Adam, or of LAMB, on a flat vector. */
export interface AdamStep {
  /** Which of the two; default `adam`. LAMB takes steps in proportion to each array's own length. */
  readonly optimiser?: 'adam' | 'lamb'
  /** Number of this step, from 1: corrects the bias of Adam's moments. */
  readonly step: number
  /** Learning rate of this step. */
  readonly learningRate: number
  /** Decay of the first moment. */
  readonly beta1: number
  /** Decay of the second moment. */
  readonly beta2: number
  /** Added to the root of the second moment. */
  readonly epsilon: number
  /** Decoupled weight decay: the parameters shrink by `learningRate * weightDecay`; 0 is plain Adam. */
  readonly weightDecay: number
  /** Factor on the gradient, from clipping by the global norm. */
  readonly gradientScale: number
  /** Decay of the moving average of the parameters; 0 copies them. */
  readonly averageDecay: number
}

/**
 * One step of Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019) in place on the range
 * `from .. to` of flat vectors, followed by the exponential moving average of the parameters.
 */
export function adamUpdate(
  { values, gradients, firstMoments, secondMoments, averages }: AdamVectors,
  from: number,
  to: number,
  step: AdamStep,
): void {
  const { beta1, beta2, epsilon, gradientScale, averageDecay } = step
  const rate = step.learningRate / (1 - beta1 ** step.step)
  const correction = 1 / (1 - beta2 ** step.step)
  const keep = 1 - step.learningRate * step.weightDecay
  for (let index = from; index < to; index++) {
    const gradient = gradients[index]! * gradientScale
    const first = beta1 * firstMoments[index]! + (1 - beta1) * gradient
    const second = beta2 * secondMoments[index]! + (1 - beta2) * gradient * gradient
    const value =
      keep * values[index]! - (rate * first) / (epsilon + Math.sqrt(second * correction))
    firstMoments[index] = first
    secondMoments[index] = second
    values[index] = value
    averages[index] = averageDecay * averages[index]! + (1 - averageDecay) * value
  }
}

/** The flat vectors that Adam reads and writes, all of one length. */
export interface AdamVectors {
  /** Parameters, updated in place. */
  readonly values: Float32Array
  /** Gradient of the loss. */
  readonly gradients: Float32Array
  /** First moments, updated in place. */
  readonly firstMoments: Float32Array
  /** Second moments, updated in place. */
  readonly secondMoments: Float32Array
  /** Moving average of the parameters, updated in place. */
  readonly averages: Float32Array
}
