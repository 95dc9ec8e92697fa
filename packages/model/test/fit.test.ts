import { selectMolecules } from '@couplet/data'
import { describe, expect, test } from 'vitest'
import { methaneOnly, trainingMolecules } from '../src/conformance/molecules.ts'
import { fit } from '../src/fit.ts'
import type { FitOptions, FitProgress } from '../src/FitOptions.ts'
import { presetConfig } from '../src/Model.ts'
import { ModelError } from '../src/ModelError.ts'
import { learningRateAt } from '../src/Recipe.ts'
import { toyNetwork } from './toyNetwork.ts'

const molecules = trainingMolecules()
const [phase] = toyNetwork.recipe.tiny
const options: FitOptions = {
  config: presetConfig(toyNetwork, 'tiny'),
  recipe: [
    { ...phase!, name: 'one', epochs: 3, batch: 3 },
    { ...phase!, name: 'two', epochs: 2, batch: 4, loss: { kind: 'ln-mae' } },
  ],
  seed: 2,
  workers: 1,
}

describe('fit', () => {
  test('takes every step of every phase and reports it', async () => {
    const reports: FitProgress[] = []
    const trained = await fit(toyNetwork, molecules, {
      ...options,
      onProgress: (report) => reports.push(report),
    })
    expect(trained.progress).toEqual({ step: 8, steps: 8, workers: 1 })
    expect(reports.map(({ step, phase: name, epoch }) => [step, name, epoch])).toEqual([
      [1, 'one', 0],
      [2, 'one', 1],
      [3, 'one', 1],
      [4, 'one', 2],
      [5, 'one', 2],
      [6, 'one', 3],
      [7, 'two', 1],
      [8, 'two', 2],
    ])
    expect(reports.map(({ molecules: seen }) => seen)).toEqual([3, 4, 7, 8, 11, 12, 16, 20])
    for (const { loss, gradientNorm, padding } of reports) {
      expect(Number.isFinite(loss)).toBe(true)
      expect(gradientNorm).toBeGreaterThan(0)
      expect(padding).toBeGreaterThanOrEqual(0)
    }
    expect(reports[2]!.learningRate).toBeCloseTo(learningRateAt(phase!, 3 / 6), 12)
  })

  test('resumes exactly from every step, also between phases', async () => {
    const whole = await fit(toyNetwork, molecules, options)
    for (const stopAt of [1, 6, 7]) {
      const stop = new AbortController()
      const onProgress = ({ step }: FitProgress): void => {
        if (step === stopAt) stop.abort()
      }
      const part = await fit(toyNetwork, molecules, { ...options, signal: stop.signal, onProgress })
      expect(part.progress.step).toBe(stopAt)
      const resumed = await fit(toyNetwork, molecules, { config: part.config, resume: part })
      expect(resumed).toEqual(whole)
    }
  })

  test('snapshots can be resumed from', async () => {
    let snapshot: Awaited<ReturnType<typeof fit>> | undefined
    const onProgress = (report: FitProgress): void => {
      if (report.step === 4) snapshot = report.snapshot()
    }
    const whole = await fit(toyNetwork, molecules, { ...options, onProgress })
    expect(await fit(toyNetwork, molecules, { config: options.config, resume: snapshot! })).toEqual(
      whole,
    )
  })

  test('starts from the weights and the state of another training, and not from others', async () => {
    const first = await fit(toyNetwork, molecules, options)
    // Two molecules alone would have other means and deviations.
    const few = selectMolecules(molecules, [0, 1])
    const stop = AbortSignal.abort()
    const start = { ...options, start: first, signal: stop }
    const fresh = await fit(toyNetwork, few, start)
    expect(fresh.weights).toEqual(first.weights)
    expect(fresh.progress.resume!.values).toEqual(first.weights)
    expect(fresh.state).toEqual(first.state)
    const whole = await fit(toyNetwork, few, { ...options, start: first })
    expect(whole.weights).not.toEqual(first.weights)
    const config = { ...options.config, dropout: 0.3 }
    const other = fit(toyNetwork, few, { ...start, config })
    await expect(other).rejects.toThrow(
      /cannot start from weights of toy with another configuration/,
    )
  })

  test('starts from weights whose configuration has its keys in another order', async () => {
    const { config } = options
    const turned = Object.fromEntries(Object.entries(config).toReversed())
    expect(Object.keys(turned)).not.toEqual(Object.keys(config))
    const stop = { ...options, signal: AbortSignal.abort() }
    const first = await fit(toyNetwork, molecules, stop)
    const again = await fit(toyNetwork, molecules, { ...stop, config: turned, start: first })
    expect(again.weights).toEqual(first.weights)
  })

  test('learns from a type that the molecules of its start had not', async () => {
    const first = await fit(toyNetwork, methaneOnly(), options)
    expect(first.state.scale.count.filter((count) => count === 0)).toHaveLength(6)
    const losses: number[] = []
    await fit(toyNetwork, molecules, {
      ...options,
      start: first,
      onProgress: ({ loss }) => losses.push(loss),
    })
    expect(losses).toHaveLength(8)
    expect(losses.every(Number.isFinite)).toBe(true)
  })

  test('has nothing to resume of a complete training', async () => {
    const whole = await fit(toyNetwork, molecules, options)
    const again = fit(toyNetwork, molecules, { config: whole.config, resume: whole })
    await expect(again).rejects.toThrow(/the training is complete after 8 steps/)
  })

  test('predicts with the moving average', async () => {
    const last = { ...phase!, averageDecay: 0 }
    const mean = { ...phase!, averageDecay: 0.9 }
    const [latest, averaged] = [
      await fit(toyNetwork, molecules, { ...options, recipe: [last] }),
      await fit(toyNetwork, molecules, { ...options, recipe: [mean] }),
    ]
    expect(averaged.weights).not.toEqual(latest.weights)
  })

  test('refuses molecules without labels, with gaps in them, and none', async () => {
    const { couplings, ...unlabelled } = molecules
    const gaps = {
      ...unlabelled,
      couplings: couplings!.map((value, pair) => (pair === 40 ? NaN : value)),
    }
    await expect(fit(toyNetwork, unlabelled, options)).rejects.toThrow(
      /toy cannot learn from 4 molecules without couplings/,
    )
    await expect(fit(toyNetwork, gaps, options)).rejects.toThrow(ModelError)
    await expect(fit(toyNetwork, gaps, options)).rejects.toThrow(/a pair of ethane has no coupling/)
  })

  test('stops where the loss is no longer finite', async () => {
    const wild = [{ ...phase!, learningRate: 1e38, clipNorm: Infinity, warmUp: 0 }]
    await expect(fit(toyNetwork, molecules, { ...options, recipe: wild })).rejects.toThrow(
      /the loss became .* in step \d+\. Lower the learning rate/,
    )
  })
})
