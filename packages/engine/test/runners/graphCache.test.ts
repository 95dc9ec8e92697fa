import { Worker } from 'node:worker_threads'
import { afterEach, expect, test, vi } from 'vitest'
import { createRunner } from '../../src/createRunner.ts'
import { initialiseParameters } from '../../src/ParameterStore.ts'
import type { Runner } from '../../src/Runner.ts'
import type { WorkerReply, WorkerRequest } from '../../src/runners/workerMessages.ts'
import { regression, trainingStep } from '../toyNetworks.ts'

const open: Runner[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  for (const runner of open.splice(0)) await runner.close()
})

/** A runner with one worker, that worker, and the graphs that it holds and held at most. */
async function start() {
  const posted = vi.spyOn(Worker.prototype, 'postMessage')
  const store = initialiseParameters(regression.spec, 5)
  const runner = await createRunner(regression.network, store, { runner: 'ort', workers: 1 })
  open.push(runner)
  const graphs = (): { held: Set<string>; most: number } => {
    const held = new Set<string>()
    let most = 0
    for (const [message] of posted.mock.calls) {
      const request = message as WorkerRequest
      if (request.kind === 'load') held.add(request.key)
      if (request.kind === 'release') held.delete(request.key)
      most = Math.max(most, held.size)
    }
    return { held, most }
  }
  return { runner, graphs, worker: (): Worker => posted.mock.contexts[0] as Worker }
}

const predict = async (runner: Runner, rows: number): Promise<readonly number[]> => {
  const { y } = await runner.forward(regression.batch(rows), 'values')
  return [...y!.data]
}

test('a worker holds at most 24 graphs, however many shapes come in whatever order', async () => {
  const { runner, graphs } = await start()
  const shapes = new Set<number>()
  for (let call = 0; call < 80; call++) {
    const rows = 1 + ((call * 7919) % 53)
    shapes.add(rows)
    const forward = await predict(runner, rows)
    expect(forward).toHaveLength(rows)
    if (call % 3 === 0) await runner.gradient([regression.batch(rows)], regression.log)
  }
  expect(shapes.size).toBeGreaterThan(50)
  expect(graphs().most).toBe(24)
  expect(graphs().held.size).toBe(24)
})

test('a shape is compiled once while it is kept; the one unused for longest makes room', async () => {
  const { runner } = await start()
  const compiled = async (rows: number): Promise<number> => {
    const before = runner.compiled.graphs
    await predict(runner, rows)
    return runner.compiled.graphs - before
  }
  for (let rows = 1; rows <= 24; rows++) expect(await compiled(rows)).toBe(1)
  for (let rows = 24; rows >= 1; rows--) expect(await compiled(rows)).toBe(0)
  // Used last in the order 24 … 1, so that 24 and 23 go first, and 22 stays because it is used again.
  expect(await compiled(25)).toBe(1)
  expect(await compiled(22)).toBe(0)
  expect(await compiled(26)).toBe(1)
  expect(await compiled(27)).toBe(1)
  expect(await compiled(22)).toBe(0)
  for (const rows of [24, 23, 21]) expect(await compiled(rows)).toBe(1)
})

test('a shape that was dropped compiles again and gives the same numbers to the bit', async () => {
  const { runner, graphs } = await start()
  const shard = regression.batch(9)
  const first = await runner.gradient([shard], regression.log)
  const output = await predict(runner, 9)
  const before = graphs().held
  for (let rows = 10; rows < 40; rows++) await predict(runner, rows)
  expect(before.size).toBeGreaterThan(1)
  for (const key of before) expect(graphs().held.has(key)).toBe(false)
  const again = await runner.gradient([shard], regression.log)
  expect(again).toEqual(first)
  expect(await predict(runner, 9)).toEqual(output)
})

test('steps in many shapes leave the training as it would be with all graphs kept', async () => {
  const { runner } = await start()
  const reference = initialiseParameters(regression.spec, 5)
  const other = await createRunner(regression.network, reference, { runner: 'tfjs-cpu' })
  open.push(other)
  let step = 0
  for (const rows of [...Array(30).keys(), 0, 1, 29]) {
    const taken = trainingStep([regression.batch(rows + 1)], regression.log, ++step)
    const [one, two] = [await runner.train(taken), await other.train(taken)]
    expect(one.loss).toBeCloseTo(two.loss, 3)
  }
})

test('loading the graphs into ONNX Runtime counts as compiling', async () => {
  const { runner, worker } = await start()
  const loaded: number[] = []
  const running = [3, 4].map((rows) => predict(runner, rows))
  const tracing = runner.compiled.seconds
  worker().on('message', (reply: WorkerReply) => {
    if (reply.kind === 'loaded') loaded.push(reply.seconds)
  })
  await Promise.all(running)
  expect(loaded).toHaveLength(2)
  for (const seconds of loaded) expect(seconds).toBeGreaterThan(0)
  expect(runner.compiled.graphs).toBe(2)
  expect(runner.compiled.seconds).toBeCloseTo(tracing + loaded[0]! + loaded[1]!, 9)
})
