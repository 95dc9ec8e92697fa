import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, test } from 'vitest'
import type { HostArrays } from '../../src/arrays.ts'
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

test('a call that runs while the runner is closed ends, with or without a result', async () => {
  const runner = await start(messages, native)
  const running = runner.train(trainingStep([messages.batch(1), messages.batch(2)], messages.log))
  const outcome = running.then(
    ({ loss }) => Number.isFinite(loss),
    (error: unknown) => error instanceof EngineError,
  )
  await runner.close()
  expect(await outcome).toBe(true)
})

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

  test('a worker that ends in the middle of a step', async () => {
    // The second worker ends its thread where it should give its second answer.
    const saboteur = `
      import worker_threads from 'node:worker_threads'
      import { syncBuiltinESMExports } from 'node:module'
      const patch = "import { parentPort, workerData } from 'node:worker_threads'\\n" +
        "let answers = 0\\n" +
        "const send = parentPort.postMessage.bind(parentPort)\\n" +
        "parentPort.postMessage = (reply) => {\\n" +
        "  if (workerData.rank === 1 && ++answers === 2) process.exit(7)\\n" +
        "  send(reply)\\n" +
        "}"
      const { Worker } = worker_threads
      worker_threads.Worker = class extends Worker {
        constructor(file, options) {
          const execArgv = ['--import', 'data:text/javascript,' + encodeURIComponent(patch)]
          super(file, { ...options, execArgv })
        }
      }
      syncBuiltinESMExports()
    `
    const folder = await mkdtemp(join(tmpdir(), 'couplet-engine-'))
    await writeFile(join(folder, 'saboteur.mjs'), saboteur)
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
    expect(printed).toMatch(
      /^EngineError \[@couplet\/engine\] a worker broke off: worker 1 ended with code 7\. Make a new runner.*\ntrue$/,
    )
  })
})
