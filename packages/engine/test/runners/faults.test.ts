import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, test } from 'vitest'
import type { HostArrays, Tensors } from '../../src/arrays.ts'
import { createRunner, type RunnerOptions } from '../../src/createRunner.ts'
import { EngineError } from '../../src/EngineError.ts'
import { initialiseParameters } from '../../src/ParameterStore.ts'
import type { Runner } from '../../src/Runner.ts'
import { integers } from '../compareWithTfjs.ts'
import { messages, regression, trainingStep, type Toy } from '../toyNetworks.ts'

const open: Runner[] = []

afterEach(async () => {
  for (const runner of open.splice(0)) await runner.close()
})

async function start({ network, spec }: Toy, options: RunnerOptions): Promise<Runner> {
  const runner = await createRunner(network, initialiseParameters(spec, 5), options)
  open.push(runner)
  return runner
}

/** The error of a promise that must fail. */
async function errorOf(promise: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(EngineError)
  return error as EngineError
}

const native: RunnerOptions = { runner: 'ort', workers: 2 }
const runners: [string, RunnerOptions][] = [
  ['ort', native],
  ['tfjs-cpu', { runner: 'tfjs-cpu' }],
]

/** A batch whose edges come from nodes that do not exist: right in shape, wrong while running. */
function outOfRange(): HostArrays {
  const batch = messages.batch(1)
  return {
    ...batch,
    from: integers(
      [10],
      Array.from({ length: 10 }, () => 1000),
    ),
  }
}

describe('a graph that fails while running', () => {
  test.each([
    ['in both workers', [outOfRange(), outOfRange()]],
    ['while the other waits', [messages.batch(1), outOfRange()]],
    ['in the only shard', [outOfRange()]],
  ])('%s: every call fails and close ends', async (_, shards) => {
    const runner = await start(messages, native)
    const step = trainingStep(shards, messages.log)
    const error = await errorOf(runner.train(step))
    expect(error.message).toMatch(/^\[@couplet\/engine\] a worker failed: .*Check the features/s)
    await errorOf(runner.train(trainingStep([messages.batch(1)], messages.sum)))
    await errorOf(runner.forward(messages.batch(1), 'values'))
    await runner.close()
  })

  test('calls that were waiting fail, too', async () => {
    const runner = await start(messages, native)
    const calls = [outOfRange(), messages.batch(1), outOfRange()].map((batch) =>
      runner.forward(batch, 'values'),
    )
    const results = await Promise.allSettled(calls)
    expect(results[0]!.status).toBe('rejected')
    await errorOf(runner.forward(messages.batch(1), 'values'))
  })
})

describe.each(runners)('mistakes that %s survives', (_, options) => {
  test('features that are shorter than their shape', async () => {
    const runner = await start(regression, options)
    const batch = regression.batch(3)
    const short = { ...batch, x: { shape: [3, 3], data: new Float32Array(8) } }
    expect((await errorOf(runner.forward(short, 'values'))).message).toContain(
      'feature x has shape [3, 3], that is 9 values, but holds 8',
    )
    await errorOf(runner.gradient([batch, short].slice(-runner.workers), regression.sum))
    await expect(runner.forward(batch, 'values')).resolves.toHaveProperty('y')
    await expect(runner.gradient([batch], regression.sum)).resolves.toHaveProperty('loss')
  })

  test('features and weights of another kind', async () => {
    const runner = await start(regression, options)
    const batch = regression.batch(3)
    for (const [data, kind] of [
      [new Float64Array(9), 'Float64Array'],
      [Array.from({ length: 9 }, () => 0), 'Array'],
    ] as const) {
      const wrong = { ...batch, x: { shape: [3, 3], data: data as unknown as Float32Array } }
      expect((await errorOf(runner.forward(wrong, 'values'))).message).toContain(
        `the data of feature x are of the class ${kind}. Give a Float32Array`,
      )
    }
    const error = await errorOf(runner.forward(batch, 'mean' as 'values'))
    expect(error.message).toContain("forward cannot take the weights mean. Give 'values'")
    await expect(runner.forward(batch, 'values')).resolves.toHaveProperty('y')
  })

  test('an objective with another number of weights', async () => {
    const runner = await start(regression, options)
    const shards = [regression.batch(2)]
    for (let repeat = 0; repeat < 2; repeat++) {
      const error = await errorOf(runner.gradient(shards, { kind: 'sum', weights: [1, 1] }))
      expect(error.message).toContain('has 2 weights but the network computes 1 statistics')
      await expect(runner.gradient(shards, regression.sum)).resolves.toHaveProperty('loss')
    }
  })

  test('a parameter that the loss does not use', async () => {
    const spec = { ...regression.spec, spare: regression.spec['b']! }
    const runner = await start({ ...regression, spec }, options)
    const error = await errorOf(runner.gradient([regression.batch(2)], regression.sum))
    expect(error.message).toContain('does not depend on parameter spare')
    await expect(runner.forward(regression.batch(2), 'values')).resolves.toHaveProperty('y')
  })

  test('one shard of a step that cannot be compiled', async () => {
    const runner = await start(regression, options)
    const good = regression.batch(2)
    const bad = { ...good, x: { shape: [3, 2], data: new Float32Array(6) } }
    const shards = [good, bad].slice(-runner.workers)
    await expect(runner.gradient(shards, regression.sum)).rejects.toThrow(/matMul|shape/i)
    await expect(runner.gradient([good], regression.sum)).resolves.toHaveProperty('loss')
  })

  test('no tensor is left behind', async () => {
    const runner = await start(messages, options)
    const step = trainingStep([messages.batch(1)], messages.log)
    await runner.train(step)
    const before = tf.memory().numTensors
    await runner.train(step)
    await runner.forward(messages.batch(1), 'averages')
    await runner.gradient([messages.batch(1)], messages.sum)
    expect(tf.memory().numTensors).toBe(before)
  })
})

test('more statistics than fit into the shared memory', async () => {
  const wide: Toy = {
    ...regression,
    network: {
      ...regression.network,
      statistics: ({ y }) => tf.tile(tf.reshape<tf.Rank.R1>(tf.sum(y!), [1]), [257]),
    },
  }
  const runner = await start(wide, native)
  const weights = Array.from({ length: 257 }, () => 1)
  const error = await errorOf(runner.gradient([regression.batch(2)], { kind: 'sum', weights }))
  expect(error.message).toContain('257 statistics, but at most 256')
})

describe.each(runners)('closing %s', (_, options) => {
  test('twice is the same as once; the store stays', async () => {
    const store = initialiseParameters(regression.spec, 5)
    const before = store.values.slice()
    const runner = await createRunner(regression.network, store, options)
    await Promise.all([runner.close(), runner.close()])
    await runner.close()
    expect(store.values).toEqual(before)
  })

  test('calls afterwards fail', async () => {
    const runner = await start(regression, options)
    await runner.forward(regression.batch(2), 'values')
    await runner.close()
    const calls = [
      runner.train(trainingStep([regression.batch(2)], regression.sum)),
      runner.gradient([regression.batch(2)], regression.log),
      runner.forward(regression.batch(2), 'values'),
    ]
    for (const call of calls) expect((await errorOf(call)).message).toContain('was closed')
  })
})

test('a step that runs while the runner is closed is finished, in all workers', async () => {
  const shards = [messages.batch(1), messages.batch(2)]
  const undisturbed = initialiseParameters(messages.spec, 5)
  const reference = await createRunner(messages.network, undisturbed, native)
  open.push(reference)
  const report = await reference.train(trainingStep(shards, messages.log))
  for (let repeat = 0; repeat < 5; repeat++) {
    const store = initialiseParameters(messages.spec, 5)
    const runner = await createRunner(messages.network, store, native)
    const running = runner.train(trainingStep(shards, messages.log))
    const closed = runner.close()
    await errorOf(runner.train(trainingStep(shards, messages.log, 2)))
    expect(await running).toEqual(report)
    await closed
    expect(store.values).toEqual(undisturbed.values)
    expect(store.averages).toEqual(undisturbed.averages)
  }
})

test('a step that fails while the runner is closed fails, and close ends', async () => {
  const runner = await start(messages, native)
  const running = runner.train(trainingStep([messages.batch(1), outOfRange()], messages.log))
  const outcome = errorOf(running)
  await runner.close()
  expect((await outcome).message).toMatch(/a worker failed|was closed/)
})

describe('memory that runs out', () => {
  const shape = [2 ** 31 - 1, 2 ** 16] // more bytes than 64-bit processors address

  test('while a network is compiled: a message, and the runner goes on', async () => {
    const network = {
      ...regression.network,
      forward: ({ w }: Tensors) => ({ y: tf.sum(tf.mul(tf.ones(shape), tf.sum(w!))) }),
    }
    const runner = await start({ ...regression, network }, native)
    const error = await errorOf(runner.gradient([regression.batch(2)], regression.sum))
    expect(error.message).toMatch(
      /memory ran out while a network was compiled \(.*\)\. Use fewer workers, a smaller batch or a smaller network\./,
    )
    network.forward = ({ w }) => ({ y: tf.sum(w!) })
    await expect(runner.forward(regression.batch(3), 'values')).resolves.toHaveProperty('y')
  })

  test('in ONNX Runtime: a message, and close ends', async () => {
    const huge: Toy = {
      ...regression,
      network: {
        ...regression.network,
        forward: (_parameters, { x }) => {
          const pairs = tf.add(tf.reshape(x!, [-1, 1]), tf.reshape(x!, [1, -1]))
          const quadruples = tf.add(tf.expandDims(tf.expandDims(pairs, 2), 3), pairs)
          return { y: tf.sum(tf.cos(quadruples)) }
        },
      },
    }
    const runner = await start(huge, native)
    const error = await errorOf(runner.forward(regression.batch(1200), 'values'))
    expect(error.message).toMatch(
      /memory ran out in a worker \(Failed to allocate memory.*\)\. Use fewer workers/,
    )
  })

  test('for the parameters', () => {
    const spec: Toy['spec'] = {
      w: { shape: [2 ** 26, 2 ** 26], initialiser: { kind: 'constant', value: 0 } },
    }
    expect(() => initialiseParameters(spec, 1)).toThrow(
      /memory ran out for a network of 4503599627370496 parameters/,
    )
  })
})

/** Code before the program that makes the second worker do something where it should give its second answer. */
function saboteur(act: string, limits: string): string {
  return `
    import worker_threads from 'node:worker_threads'
    import { syncBuiltinESMExports } from 'node:module'
    const patch = "import { parentPort, workerData } from 'node:worker_threads'\\n" +
      "let answers = 0\\n" +
      "const send = parentPort.postMessage.bind(parentPort)\\n" +
      "parentPort.postMessage = (reply) => {\\n" +
      "  if (workerData.rank === 1 && ++answers === 2) { ${act} }\\n" +
      "  send(reply)\\n" +
      "}"
    const { Worker } = worker_threads
    worker_threads.Worker = class extends Worker {
      constructor(file, options) {
        const execArgv = ['--import', 'data:text/javascript,' + encodeURIComponent(patch)]
        super(file, { ...options, execArgv, resourceLimits: ${limits} })
      }
    }
    syncBuiltinESMExports()
  `
}

describe('in a process of its own', () => {
  const source = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href)
  const prelude = `
    import { createRunner } from ${source('src/createRunner.ts')}
    import { initialiseParameters } from ${source('src/ParameterStore.ts')}
    import { regression as toy, trainingStep } from ${source('test/toyNetworks.ts')}
    const store = initialiseParameters(toy.spec, 1)
    const start = () => createRunner(toy.network, store, { runner: 'ort', workers: 2 })
    const step = (number) => trainingStep([toy.batch(3), toy.batch(2)], toy.log, number)
  `

  /** Runs a program in a new node process, which must end by itself, and returns what it printed. */
  async function run(program: string, before = ''): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'couplet-engine-'))
    try {
      const file = join(folder, 'program.mjs')
      await writeFile(file, `${before}\n${prelude}\n${program}`)
      const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 30_000 })
      return stdout.trim()
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  test('the process ends after close', async () => {
    const printed = await run(`
      const runner = await start()
      const { loss } = await runner.train(step(1))
      await runner.close()
      console.log(Number.isFinite(loss))
    `)
    expect(printed).toBe('true')
  })

  test('an idle runner that nobody closes does not keep the process', async () => {
    const printed = await run(`
      const runner = await start()
      await runner.train(step(1))
      console.log('done')
    `)
    expect(printed).toBe('done')
  })

  test('nor does a broken one', async () => {
    const printed = await run(`
      const runner = await start()
      toy.network.forward = () => { throw new Error('broken network') }
      await runner.train(step(1)).catch((error) => console.log(error.message))
    `)
    expect(printed).toBe('broken network')
  })

  test.each([
    [
      'that ends',
      'process.exit(7)',
      'undefined',
      /^EngineError \[@couplet\/engine\] a worker broke off: worker 1 ended with code 7\. Make a new runner.*\ntrue$/,
    ],
    [
      'whose heap is full',
      'const kept = []; for (;;) kept.push(new Array(1e5).fill({}))',
      '{ maxOldGenerationSizeMb: 64 }',
      /^EngineError \[@couplet\/engine\] memory ran out in a worker \(JS heap out of memory\)\. Use fewer workers.*\ntrue$/,
    ],
  ])('a worker %s in the middle of a step', async (_, act, limits, expected) => {
    const folder = await mkdtemp(join(tmpdir(), 'couplet-engine-'))
    await writeFile(join(folder, 'saboteur.mjs'), saboteur(act, limits))
    const printed = await run(
      `
      const runner = await start()
      await runner.train(step(1))
      const failed = await runner.train(step(2)).catch((error) => error)
      console.log(failed.name, failed.message)
      const again = await runner.train(step(3)).catch((error) => error)
      console.log(again === failed)
      await runner.close()
      `,
      `import ${JSON.stringify(join(folder, 'saboteur.mjs'))}`,
    )
    await rm(folder, { recursive: true })
    expect(printed).toMatch(expected)
  })
})
