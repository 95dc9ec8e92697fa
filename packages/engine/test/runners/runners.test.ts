import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, test } from 'vitest'
import type { HostArrays } from '../../src/arrays.ts'
import { createRunner, type RunnerOptions } from '../../src/createRunner.ts'
import type { Objective } from '../../src/Objective.ts'
import { initialiseParameters, type ParameterStore } from '../../src/ParameterStore.ts'
import type { Runner, StepReport } from '../../src/Runner.ts'
import { dropout, messages, regression, trainingStep, type Toy } from '../toyNetworks.ts'

const open: Runner[] = []

afterEach(async () => {
  for (const runner of open.splice(0)) await runner.close()
})

async function start(
  { network, spec }: Toy,
  options: RunnerOptions,
): Promise<{ runner: Runner; store: ParameterStore }> {
  const store = initialiseParameters(spec, 5)
  const runner = await createRunner(network, store, options)
  open.push(runner)
  return { runner, store }
}

async function gradientOf(
  toy: Toy,
  options: RunnerOptions,
  shards: readonly HostArrays[],
  objective: Objective,
) {
  const { runner } = await start(toy, options)
  return runner.gradient(shards, objective)
}

/** Equal up to a part in 1e5 of the largest value. */
function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length)
  const unit = Math.max(...Array.from(expected, Math.abs))
  for (let k = 0; k < expected.length; k++) {
    expect(Math.abs(actual[k]! - expected[k]!)).toBeLessThanOrEqual(1e-5 * unit)
  }
}

/** The rows of some batches in one, which has the same statistics. For networks whose rows do not see each other. */
function joined(shards: readonly HostArrays[]): HostArrays {
  return Object.fromEntries(
    Object.entries(shards[0]!).map(([name, { shape }]) => {
      const data = Float32Array.from(shards.flatMap((shard) => [...shard[name]!.data]))
      const rows = shards.reduce((sum, shard) => sum + shard[name]!.shape[0]!, 0)
      return [name, { shape: [rows, ...shape.slice(1)], data }]
    }),
  )
}

const reference: RunnerOptions = { runner: 'tfjs-cpu' }
const others: [string, RunnerOptions][] = [
  ['ort with 1 worker', { runner: 'ort', workers: 1 }],
  ['ort with 2 workers', { runner: 'ort', workers: 2 }],
  ['ort-web', { runner: 'ort-web' }],
  ['tfjs-wasm', { runner: 'tfjs-wasm' }],
]
const toys = { regression, messages, dropout }

// One pair of runners for all calls, because every start costs threads.
describe.each(others)('%s agrees with tfjs-cpu', (_, options) => {
  test.each(Object.entries(toys))('on the %s toy', async (name, toy) => {
    const one = await start(toy, reference)
    const other = await start(toy, options)
    const shards = options.workers === 1 ? [toy.batch(4, 2)] : [toy.batch(4, 2), toy.batch(1, 3)]
    for (const objective of [toy.sum, toy.log]) {
      const expected = await one.runner.gradient(shards, objective)
      const actual = await other.runner.gradient(shards, objective)
      expectNear([actual.loss], [expected.loss])
      expectNear(actual.gradient, expected.gradient)
      expect(Math.max(...actual.gradient.map(Math.abs))).toBeGreaterThan(0)
    }
    const step = trainingStep(shards, toy.log, 1, { clipNorm: 0.5 })
    const expected = await one.runner.train(step)
    const actual = await other.runner.train(step)
    expectNear(actual.statistics, expected.statistics)
    expectNear([actual.gradientNorm], [expected.gradientNorm])
    // Adam divides by the root of the squared gradient, so small errors of small gradients grow.
    for (const vector of ['values', 'averages'] as const) {
      for (const [index, value] of one.store[vector].entries()) {
        expect(other.store[vector][index]).toBeCloseTo(value, 4)
      }
    }
    const outputs = await other.runner.forward(shards[0]!, 'values')
    expect(outputs['y']!.shape).toEqual([name === 'messages' ? 20 : 4, 1])
    const same = await one.runner.forward(shards[0]!, 'values')
    for (const [index, value] of same['y']!.data.entries()) {
      expect(outputs['y']!.data[index]).toBeCloseTo(value, 3)
    }
  })
})

describe.each([
  ['ort', { runner: 'ort', workers: 3 }],
  ['ort-web', { runner: 'ort-web' }],
  ['tfjs-cpu', reference],
] as [string, RunnerOptions][])('shards on %s', (_, options) => {
  test.each([
    ['unequal', [1, 6, 2]],
    ['fewer than workers', [5, 4]],
    ['one', [9]],
  ])('%s: the log objective has the gradient of the whole batch', async (_name, rows) => {
    const shards = rows.map((count, index) => regression.batch(count, 10 + index))
    const whole = await gradientOf(regression, reference, [joined(shards)], regression.log)
    const parts = await gradientOf(regression, options, shards, regression.log)
    expectNear([parts.loss], [whole.loss])
    expectNear(parts.gradient, whole.gradient)
  })

  test('a step without shards is refused', async () => {
    const { runner } = await start(regression, options)
    await expect(runner.gradient([], regression.sum)).rejects.toThrow(/has no shards/)
  })
})

test('more shards than workers are refused, and the runner goes on', async () => {
  const { runner } = await start(regression, { runner: 'ort', workers: 1 })
  const shard = regression.batch(2)
  await expect(runner.gradient([shard, shard], regression.sum)).rejects.toThrow(
    /has 2 shards but the runner 1 workers/,
  )
  await expect(runner.gradient([shard], regression.sum)).resolves.toHaveProperty('loss')
})

/** Parameters and losses after 20 steps. */
async function trained(toy: Toy, options: RunnerOptions, steps = 20) {
  const { runner, store } = await start(toy, options)
  const reports: StepReport[] = []
  for (let step = 1; step <= steps; step++) {
    const shards = [toy.batch(4, step), toy.batch(3, step + 50)].slice(0, runner.workers)
    reports.push(await runner.train(trainingStep(shards, toy.log, step)))
  }
  return { store, reports, runner }
}

describe.each([
  ['ort with 1 worker', { runner: 'ort', workers: 1 }],
  ['ort with 2 workers', { runner: 'ort', workers: 2 }],
  ['ort-web', { runner: 'ort-web' }],
  ['tfjs-cpu', reference],
] as [string, RunnerOptions][])('random numbers on %s', (_, options) => {
  test('the same seed gives bit for bit the same training', async () => {
    const one = await trained(dropout, { ...options, seed: 3 })
    const other = await trained(dropout, { ...options, seed: 3 })
    expect(other.store.values).toEqual(one.store.values)
    expect(other.store.averages).toEqual(one.store.averages)
    expect(other.reports).toEqual(one.reports)
  })

  test('another seed gives another training, unless nothing is random', async () => {
    const one = await trained(dropout, { ...options, seed: 3 }, 5)
    const other = await trained(dropout, { ...options, seed: 4 }, 5)
    expect(other.store.values).not.toEqual(one.store.values)
    const plain = await trained(regression, { ...options, seed: 3 }, 5)
    const same = await trained(regression, { ...options, seed: 4 }, 5)
    expect(same.store.values).toEqual(plain.store.values)
  })

  test('dropout is fresh in every step and has the expected mean', async () => {
    // The statistic is the sum of 1000 dropped-out ones, then of 1000 more with another mask.
    const ones: Toy = {
      ...regression,
      network: {
        forward: (parameters, { x }, context) => ({
          y: context.dropout(x!.mul(parameters['w']!), 0.25),
          z: context.dropout(x!.mul(parameters['w']!), 0.25),
        }),
        statistics: ({ y, z }) =>
          y!
            .sum()
            .reshape([1])
            .concat(z!.sum().reshape([1]))
            .as1D(),
      },
      spec: { w: { shape: [1], initialiser: { kind: 'constant', value: 1 } } },
    }
    const objective: Objective = { kind: 'sum', weights: [1, 1] }
    const features = {
      x: { shape: [1000], data: new Float32Array(1000).fill(1) },
    }
    const { runner } = await start(ones, { ...options, seed: 1 })
    const sums: number[] = []
    for (let step = 1; step <= 5; step++) {
      const still = trainingStep([features], objective, step, { learningRate: 0 })
      sums.push(...(await runner.train(still)).statistics)
    }
    expect(new Set(sums.map((value) => value.toFixed(1))).size).toBeGreaterThan(7)
    // Five standard deviations of the mean of ten sums: 5 * sqrt(1000 * 0.25 / 0.75 / 10).
    const mean = sums.reduce((total, value) => total + value, 0) / sums.length
    expect(Math.abs(mean - 1000)).toBeLessThan(29)
    const { y } = await runner.forward(features, 'values')
    expect([...y!.data].every((value) => value === 1)).toBe(true)
  })

  test('a resumed training continues the random numbers', async () => {
    const whole = await trained(dropout, { ...options, seed: 3 }, 4)
    const half = await trained(dropout, { ...options, seed: 3 }, 2)
    const resumed = await createRunner(dropout.network, half.store, {
      ...options,
      seed: 3,
      firstStep: 3,
    })
    open.push(resumed)
    for (const step of [3, 4]) {
      const shards = [dropout.batch(4, step), dropout.batch(3, step + 50)].slice(0, resumed.workers)
      await resumed.train(trainingStep(shards, dropout.log, step))
    }
    expect(half.store.values).toEqual(whole.store.values)
  })
})

describe.each([
  ['ort', { runner: 'ort', workers: 2 }],
  ['ort-web', { runner: 'ort-web' }],
  ['tfjs-cpu', reference],
] as [string, RunnerOptions][])('training on %s', (_, options) => {
  test('learns the regression', async () => {
    const { runner, store } = await start(regression, options)
    const shards = [regression.batch(16, 1)]
    const first = await runner.train(trainingStep(shards, regression.sum, 1, { learningRate: 0.1 }))
    for (let step = 2; step <= 300; step++) {
      await runner.train(trainingStep(shards, regression.sum, step, { learningRate: 0.1 }))
    }
    const { loss } = await runner.gradient(shards, regression.sum)
    expect(loss).toBeLessThan(1e-3 * first.loss)
    for (const [index, value] of [2, -1, 0.25, 1].entries()) {
      expect(store.values[index]).toBeCloseTo(value, 1)
    }
  })

  test('forward uses the parameters or their average', async () => {
    const { runner, store } = await start(regression, options)
    const batch = regression.batch(3)
    store.values.set([1, 0, 0, 10])
    store.averages.set([0, 1, 0, 20])
    const [values, averages] = await Promise.all([
      runner.forward(batch, 'values'),
      runner.forward(batch, 'averages'),
    ])
    for (let row = 0; row < 3; row++) {
      expect(values['y']!.data[row]).toBeCloseTo(batch['x']!.data[3 * row]! + 10, 4)
      expect(averages['y']!.data[row]).toBeCloseTo(batch['x']!.data[3 * row + 1]! + 20, 4)
    }
  })

  test('the gradient leaves all vectors as they are', async () => {
    const { runner, store } = await start(regression, options)
    store.firstMoments.fill(0.5)
    const before = ['values', 'firstMoments', 'secondMoments', 'averages'] as const
    const copies = before.map((name) => store[name].slice())
    await runner.gradient([regression.batch(4)], regression.log)
    for (const [index, name] of before.entries()) expect(store[name]).toEqual(copies[index])
  })

  test('a long gradient is clipped to the norm, a short one is not', async () => {
    const firstMoments = async (clipNorm: number) => {
      const { runner, store } = await start(regression, options)
      const report = await runner.train(
        trainingStep([regression.batch(8)], regression.sum, 1, { clipNorm, beta1: 0 }),
      )
      return { norm: report.gradientNorm, applied: Math.hypot(...store.firstMoments) }
    }
    const free = await firstMoments(Infinity)
    expect(free.applied).toBeCloseTo(free.norm, 5)
    const clipped = await firstMoments(free.norm / 4)
    expect(clipped.norm).toBeCloseTo(free.norm, 5)
    expect(clipped.applied).toBeCloseTo(free.norm / 4, 5)
    expect((await firstMoments(2 * free.norm)).applied).toBeCloseTo(free.norm, 5)
  })

  test.each(['gradient', 'loss'])('a %s that is no number changes nothing', async (part) => {
    const { runner, store } = await start(regression, options)
    const bad = regression.batch(4)
    const target = bad['target']!.data.slice()
    target[1] = NaN
    // An infinite floor gives an infinite loss whose gradient is zero.
    const step =
      part === 'gradient'
        ? trainingStep([{ ...bad, target: { ...bad['target']!, data: target } }], regression.sum)
        : trainingStep([bad], { kind: 'log', weights: [1], floors: [Infinity] })
    const before = [store.values.slice(), store.averages.slice()]
    const report = await runner.train(step)
    expect(Number.isFinite(report.loss)).toBe(false)
    expect(Number.isFinite(report.gradientNorm)).toBe(false)
    expect([store.values, store.averages]).toEqual(before)
    const next = await runner.train(trainingStep([bad], regression.sum, 2))
    expect(Number.isFinite(next.loss)).toBe(true)
    expect(store.values).not.toEqual(before[0])
  })

  test('features of new shapes and types compile anew', async () => {
    const { runner } = await start(regression, options)
    const [small, large] = [regression.batch(2), regression.batch(7)]
    expect((await runner.forward(large, 'values'))['y']!.shape).toEqual([7, 1])
    expect((await runner.forward(small, 'values'))['y']!.shape).toEqual([2, 1])
    expect((await runner.forward(large, 'averages'))['y']!.shape).toEqual([7, 1])
    expect(runner.compiled.graphs).toBe(options.runner === 'tfjs-cpu' ? 0 : 2)
  })
})

test.each([
  ['ort', { runner: 'ort', workers: 1 }],
  ['ort-web', { runner: 'ort-web' }],
  ['tfjs-cpu', reference],
] as [string, RunnerOptions][])(
  '%s tells floats from integers of one shape',
  async (_, options) => {
    const halves: Toy = {
      ...regression,
      network: {
        ...regression.network,
        forward: ({ w }, { x }) => ({ y: tf.mul(tf.cast(tf.div(x!, 2), 'float32'), w!) }),
      },
      spec: { w: { shape: [1], initialiser: { kind: 'constant', value: 1 } } },
    }
    const { runner } = await start(halves, options)
    const results = [Float32Array.of(1, 4), Int32Array.of(1, 4), Float32Array.of(3, 5)].map(
      (data) => runner.forward({ x: { shape: [2], data } }, 'values'),
    )
    const values = (await Promise.all(results)).map(({ y }) => [...y!.data])
    expect(values).toEqual([
      [0.5, 2],
      [0.5, 2],
      [1.5, 2.5],
    ])
  },
)

test('many shapes: graphs that were dropped come back', async () => {
  const { runner, store } = await start(regression, { runner: 'ort', workers: 2 })
  const expected = (rows: number) => {
    const x = regression.batch(rows)['x']!.data
    const [a, b, c, d] = store.values
    return a! * x[0]! + b! * x[1]! + c! * x[2]! + d!
  }
  const sizes = [...Array.from({ length: 30 }, (_, index) => index + 1), 1, 2, 30]
  for (const rows of sizes) {
    const { y } = await runner.forward(regression.batch(rows), 'values')
    expect(y!.data[0]).toBeCloseTo(expected(rows), 5)
  }
  expect(runner.compiled.graphs).toBe(32)
})
