import { EngineError } from './EngineError.ts'
import type { TrainingStep } from './Runner.ts'

/**
 * Refuses settings of a step that would make the parameters no numbers, or turn the step round.
 * @throws EngineError that names the setting.
 */
export function checkUpdate({ adam, clipNorm }: Pick<TrainingStep, 'adam' | 'clipNorm'>): void {
  const { step, learningRate, beta1, beta2, epsilon, weightDecay, averageDecay } = adam
  const refuse = (name: string, value: unknown, advice: string): never => {
    throw new EngineError(`${name} of a step is ${String(value)}. ${advice}`)
  }
  if (!Number.isInteger(step) || step < 1) refuse('adam.step', step, 'Count steps from 1.')
  for (const [name, value] of Object.entries({ learningRate, epsilon, weightDecay })) {
    if (!Number.isFinite(value) || value < 0) {
      refuse(`adam.${name}`, value, 'Give a finite number that is not below 0.')
    }
  }
  for (const [name, value] of Object.entries({ beta1, beta2 })) {
    if (!(value >= 0 && value < 1))
      refuse(`adam.${name}`, value, 'Give a number from 0 to below 1.')
  }
  if (!(averageDecay >= 0 && averageDecay <= 1)) {
    refuse('adam.averageDecay', averageDecay, 'Give a number from 0 to 1.')
  }
  if (!(clipNorm > 0)) refuse('clipNorm', clipNorm, 'Give a number above 0, or Infinity.')
}

/**
 * Refuses weights that a forward pass does not know.
 * @throws EngineError that names the two.
 */
export function checkWeights(weights: unknown): void {
  if (weights === 'values' || weights === 'averages') return
  throw new EngineError(
    `forward cannot take the weights ${String(weights)}. Give 'values', or 'averages' for their moving average.`,
  )
}
