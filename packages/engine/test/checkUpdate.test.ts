import { expect, test } from 'vitest'
import { createRunner } from '../src/createRunner.ts'
import { initialiseParameters } from '../src/ParameterStore.ts'
import { regression, trainingStep } from './toyNetworks.ts'

const WRONG = [
  [{ step: 0 }, 'adam.step of a step is 0. Count steps from 1.'],
  [{ step: Number.NaN }, 'adam.step'],
  [{ learningRate: Number.NaN }, 'adam.learningRate of a step is NaN'],
  [{ learningRate: -0.1 }, 'adam.learningRate'],
  [{ beta1: 1 }, 'adam.beta1'],
  [{ beta2: undefined as unknown as number }, 'adam.beta2 of a step is undefined'],
  [{ weightDecay: Infinity }, 'adam.weightDecay'],
  [{ averageDecay: 1.5 }, 'adam.averageDecay'],
  [{ clipNorm: -1 }, 'clipNorm of a step is -1'],
  [{ clipNorm: 0 }, 'clipNorm'],
] as const

test.each(['ort', 'tfjs-cpu'] as const)(
  '%s refuses settings that would spoil the parameters, and goes on after them',
  async (name) => {
    const store = initialiseParameters(regression.spec, 1)
    const before = store.values.slice()
    const runner = await createRunner(regression.network, store, { runner: name, workers: 1 })
    const shards = [regression.batch(3)]
    for (const [changes, message] of WRONG) {
      const step = trainingStep(shards, regression.sum, 1, changes)
      await expect(runner.train(step)).rejects.toThrow(message)
    }
    expect(store.values).toEqual(before)
    const { loss } = await runner.train(trainingStep(shards, regression.sum, 1))
    expect(loss).toBeGreaterThan(0)
    expect(store.values).not.toEqual(before)
    await runner.close()
  },
)
