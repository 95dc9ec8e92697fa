import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chooseRunner, createRunner } from '../src/createRunner.ts'
import { EngineError } from '../src/EngineError.ts'
import { findRunners } from '../src/findRunners.ts'
import { findTensorflow } from '../src/findTensorflow.ts'
import { initialiseParameters } from '../src/ParameterStore.ts'
import type { RunnerName } from '../src/Runner.ts'
import { EagerBackend } from '../src/runners/EagerBackend.ts'
import { SerialRunner } from '../src/runners/SerialRunner.ts'
import { regression } from './toyNetworks.ts'

const store = () => initialiseParameters(regression.spec, 1)

describe('backends of this machine', () => {
  test('are told in the order in which they are tried, with reasons in words', async () => {
    const found = await findRunners()
    expect(found.map(({ runner }) => runner)).toEqual([
      'tfjs-node-gpu',
      'ort',
      'ort-web',
      'tfjs-wasm',
      'tfjs-cpu',
      'ort-webgpu',
      'ort-cuda',
    ])
    for (const { reason } of found) {
      expect(reason).toMatch(/^\S+( \S+){3,}$/) // at least four words in one line
      expect(reason).not.toMatch(/undefined|\bat .*:\d+:\d+/)
    }
    expect(found.find(({ runner }) => runner === 'tfjs-cpu')!.available).toBe(true)
  })

  test('looking for them does not change the backend of tfjs', async () => {
    await tf.setBackend('cpu')
    await findRunners()
    expect(tf.getBackend()).toBe('cpu')
  })
})

/** A machine that offers some backends, and what was looked for on it. */
function machine(...works: RunnerName[]) {
  const tried: RunnerName[] = []
  const find = async (runner: RunnerName) => {
    tried.push(runner)
    return { runner, automatic: true, available: works.includes(runner), reason: `as ${runner}` }
  }
  return { tried, find }
}

describe('the choice', () => {
  test('auto takes the first that is available', async () => {
    const first = (await findRunners()).find(({ available }) => available)!
    const runner = await createRunner(regression.network, store())
    await runner.close()
    expect(runner.name).toBe(first.runner)
    expect(runner.reason).toBe(first.reason)
    expect(runner.workers).toBe(first.runner === 'ort' ? availableParallelism() : 1)
  })

  test.each<[RunnerName, RunnerName[], RunnerName[]]>([
    ['tfjs-node-gpu', ['tfjs-cpu', 'ort', 'tfjs-node-gpu'], ['tfjs-node-gpu']],
    ['ort', ['tfjs-cpu', 'ort', 'ort-web'], ['tfjs-node-gpu', 'ort']],
    ['ort-web', ['tfjs-wasm', 'ort-web'], ['tfjs-node-gpu', 'ort', 'ort-web']],
    [
      'tfjs-cpu',
      ['ort-cuda', 'ort-webgpu', 'tfjs-cpu'],
      ['tfjs-node-gpu', 'ort', 'ort-web', 'tfjs-wasm', 'tfjs-cpu'],
    ],
  ])('auto takes %s where %j work, and looks no further', async (taken, works, looked) => {
    const { tried, find } = machine(...works)
    expect(await chooseRunner('auto', find)).toMatchObject({ runner: taken, reason: `as ${taken}` })
    expect(tried).toEqual(looked)
  })

  test('nothing but the runner that was asked for is looked for', async () => {
    const { tried, find } = machine('ort', 'ort-webgpu')
    expect(await chooseRunner('ort-webgpu', find)).toMatchObject({ runner: 'ort-webgpu' })
    await expect(chooseRunner('ort-cuda', find)).rejects.toThrow(
      'runner ort-cuda cannot be used here: as ort-cuda. Use auto, or one of tfjs-node-gpu,',
    )
    expect(tried).toEqual(['ort-webgpu', 'ort-cuda'])
  })

  test('a runner that was asked for says so', async () => {
    const runner = await createRunner(regression.network, store(), { runner: 'tfjs-cpu' })
    expect(runner.name).toBe('tfjs-cpu')
    expect(runner.reason).toMatch(/^asked for; plain JavaScript/)
  })

  test('an unknown runner', async () => {
    const made = createRunner(regression.network, store(), { runner: 'abacus' as RunnerName })
    await expect(made).rejects.toThrow(EngineError)
    await expect(made).rejects.toThrow(
      'runner abacus cannot be used here: there is no such runner. Use auto, or one of tfjs-node-gpu, ort, ort-web, tfjs-wasm, tfjs-cpu, ort-webgpu, ort-cuda.',
    )
  })

  test.each([0, -1, 1.5, NaN])('%s workers', async (workers) => {
    const made = createRunner(regression.network, store(), { runner: 'ort', workers })
    await expect(made).rejects.toThrow(/cannot have .* workers\. Use a whole number/)
  })
})

describe('tfjs-node-gpu', () => {
  let folder: string
  const loaded = globalThis as { coupletTestLoads?: number; coupletTestUtil?: unknown }

  /** A package in the shape of tfjs-node-gpu, with or without the native binding. */
  async function install(main: string, binding?: string): Promise<void> {
    await writeFile(join(folder, 'package.json'), '{"name": "fake", "main": "index.cjs"}')
    await writeFile(
      join(folder, 'index.cjs'),
      `globalThis.coupletTestLoads = (globalThis.coupletTestLoads ?? 0) + 1\n${main}`,
    )
    if (binding === undefined) return
    await mkdir(join(folder, 'lib', 'napi-v8'), { recursive: true })
    await writeFile(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'), binding)
  }

  beforeEach(async () => {
    delete loaded.coupletTestLoads
    folder = await mkdtemp(join(tmpdir(), 'couplet-engine-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  test('not installed at all', async () => {
    expect(await findTensorflow(undefined)).toEqual({
      available: false,
      reason: '@tensorflow/tfjs-node-gpu is not installed',
    })
  })

  test('without its binding it is not even loaded', async () => {
    await install('')
    const { available, reason } = await findTensorflow(folder)
    expect(available).toBe(false)
    expect(reason).toMatch(/the binding of .* is not installed/)
    expect(loaded.coupletTestLoads).toBeUndefined()
  })

  test('a broken binding is told in one line', async () => {
    await install("require('./lib/napi-v8/tfjs_binding.node')", 'no library')
    const { available, reason } = await findTensorflow(folder)
    expect(available).toBe(false)
    expect(reason).toMatch(/^@tensorflow\/tfjs-node-gpu does not load \(.*tfjs_binding\.node.*\)$/)
    expect(loaded.coupletTestLoads).toBe(1)
  })

  test('without a GPU it is not taken; with one it is; the backend of tfjs stays', async () => {
    await tf.setBackend('cpu')
    // A stand-in for the native backend, which only says whether it has a device.
    class Backend extends tf.KernelBackend {
      isUsingGpuDevice = false
      override dispose(): void {}
    }
    const backend = new Backend()
    tf.registerBackend('tensorflow', () => backend)
    try {
      await install('', 'loads')
      const without = await findTensorflow(folder)
      expect(without).toEqual({ available: false, reason: 'TensorFlow loads but reports no GPU' })
      backend.isUsingGpuDevice = true
      expect(await findTensorflow(folder)).toEqual({
        available: true,
        reason: 'TensorFlow reports a GPU',
      })
      expect(tf.getBackend()).toBe('cpu')
    } finally {
      tf.removeBackend('tensorflow')
    }
  })

  test('with a GPU, a runner trains on its backend and on no other', async () => {
    // Kernels in JavaScript under the name of the native backend.
    await tf.setBackend('cpu')
    const backend = Object.create(tf.backend()) as tf.KernelBackend & { isUsingGpuDevice: boolean }
    backend.isUsingGpuDevice = true
    tf.registerBackend('tensorflow', () => backend)
    tf.copyRegisteredKernels('cpu', 'tensorflow')
    const used = new Set<string>()
    const watched: typeof regression.network = {
      forward: (...given) => {
        used.add(tf.getBackend())
        return regression.network.forward(...given)
      },
      statistics: (...given) => regression.network.statistics(...given),
    }
    try {
      await install('', 'loads')
      expect(await findTensorflow(folder)).toMatchObject({ available: true })
      const eager = new EagerBackend(watched, store(), 'tensorflow', 0)
      const runner = new SerialRunner(eager, store(), {
        name: 'tfjs-node-gpu',
        reason: 'TensorFlow reports a GPU',
        firstStep: 1,
      })
      const { gradient } = await runner.gradient([regression.batch(4)], regression.log)
      const reference = await createRunner(regression.network, store(), { runner: 'tfjs-cpu' })
      expect(gradient).toEqual(
        (await reference.gradient([regression.batch(4)], regression.log)).gradient,
      )
      expect([...used]).toEqual(['tensorflow'])
      expect(tf.getBackend()).toBe('cpu')
    } finally {
      tf.removeBackend('tensorflow')
    }
  })

  test('functions that Node 23 removed are there when it loads', async () => {
    await install(
      "globalThis.coupletTestUtil = require('node:util').isNullOrUndefined(undefined)",
      'loads',
    )
    await findTensorflow(folder)
    expect(loaded.coupletTestUtil).toBe(true)
  })
})
