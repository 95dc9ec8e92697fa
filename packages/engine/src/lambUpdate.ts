import type { AdamStep, AdamVectors } from './adamUpdate.ts'
import type { ParameterSlot } from './ParameterStore.ts'

/** Largest norm of an array that lengthens its step. */
const LARGEST_NORM = 10

/**
 * One step of LAMB (You et al., ICLR 2020, arXiv 1904.00962) in place on whole arrays, followed by the exponential moving average
 * of the parameters. Every array moves by its own length times the learning rate: Adam's step for it is divided by its norm and
 * multiplied by that of the array, at most 10; where either norm is 0, Adam's step stays as it is.
 *
 * As the 4th-ranked team of the 2019 competition used it, it differs from the paper's algorithm 2 in two points: moments are not corrected
 * for their bias (the paper finds that warm-up does the same), and weight decay is decoupled, outside of the norm.
 * @param slots the arrays to update.
 */
export function lambUpdate(
  { values, gradients, firstMoments, secondMoments, averages }: AdamVectors,
  slots: readonly Pick<ParameterSlot, 'offset' | 'size'>[],
  { learningRate, beta1, beta2, epsilon, weightDecay, gradientScale, averageDecay }: AdamStep,
): void {
  const keep = 1 - learningRate * weightDecay
  for (const { offset, size } of slots) {
    let squares = 0
    let stepSquares = 0
    for (let index = offset; index < offset + size; index++) {
      const gradient = gradients[index]! * gradientScale
      firstMoments[index] = beta1 * firstMoments[index]! + (1 - beta1) * gradient
      secondMoments[index] = beta2 * secondMoments[index]! + (1 - beta2) * gradient * gradient
      squares += values[index]! ** 2
      stepSquares += (firstMoments[index]! / (epsilon + Math.sqrt(secondMoments[index]!))) ** 2
    }
    const norm = Math.min(LARGEST_NORM, Math.sqrt(squares))
    const trust = norm > 0 && stepSquares > 0 ? norm / Math.sqrt(stepSquares) : 1
    for (let index = offset; index < offset + size; index++) {
      const step = firstMoments[index]! / (epsilon + Math.sqrt(secondMoments[index]!))
      values[index] = keep * values[index]! - learningRate * trust * step
      averages[index] = averageDecay * averages[index]! + (1 - averageDecay) * values[index]!
    }
  }
}
