import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { EngineError } from './EngineError.ts'
import type { Network } from './Network.ts'
import type { ParameterStore } from './ParameterStore.ts'
import type { Runner, RunnerName } from './Runner.ts'
import { EagerRunner } from './runners/EagerRunner.ts'
import { OrtRunner } from './runners/OrtRunner.ts'

/** How to run a network. */
export interface RunnerOptions {
  /** Which backend; `auto` (the default) takes the first that works of tfjs-node-gpu with a GPU, ort, tfjs-wasm, tfjs-cpu. */
  readonly runner?: RunnerName | 'auto'
  /** Worker threads of the native runner; default: one per core. */
  readonly workers?: number
  /** Seed of dropout and other random numbers; default 0. */
  readonly seed?: number
  /** Number of the first training step, after a resume; default 1. */
  readonly firstStep?: number
}

/** Whether a backend can be used here, and why or why not. */
export interface Availability {
  /** The backend. */
  readonly runner: RunnerName
  /** True where it can run. */
  readonly available: boolean
  /** In words for people. */
  readonly reason: string
}

const require = createRequire(import.meta.url)

/** Checks every backend on this machine, in the order in which `auto` tries them. Loads what it finds. */
export async function findRunners(): Promise<Availability[]> {
  return [
    { runner: 'tfjs-node-gpu', ...(await findTensorflow()) },
    { runner: 'ort', ...(await findOnnxRuntime()) },
    { runner: 'tfjs-wasm', ...(await findWasm()) },
    {
      runner: 'tfjs-cpu',
      available: true,
      reason: 'plain JavaScript runs everywhere, hundreds of times slower than native kernels',
    },
  ]
}

/**
 * Makes the runner of a network.
 * @throws EngineError if the wished backend is not available here.
 */
export async function createRunner(
  network: Network,
  store: ParameterStore,
  options: RunnerOptions = {},
): Promise<Runner> {
  const wished = options.runner ?? 'auto'
  const found = await findRunners()
  const choice = found.find(
    ({ runner, available }) => available && (wished === 'auto' || runner === wished),
  )
  if (!choice) {
    const reason = found.find(({ runner }) => runner === wished)?.reason ?? 'no such runner'
    throw new EngineError(
      `runner ${wished} cannot be used here: ${reason}. Use --runner auto, or one of ${found.map(({ runner }) => runner).join(', ')}.`,
    )
  }
  const reason = wished === 'auto' ? choice.reason : `asked for; ${choice.reason}`
  const seed = options.seed ?? 0
  const firstStep = options.firstStep ?? 1
  if (choice.runner === 'ort') {
    const workers = options.workers ?? availableParallelism()
    return new OrtRunner(network, store, { workers, seed, firstStep, reason })
  }
  const backends = { 'tfjs-node-gpu': 'tensorflow', 'tfjs-wasm': 'wasm', 'tfjs-cpu': 'cpu' } as const
  const backend = backends[choice.runner]
  return new EagerRunner(network, store, { backend, name: choice.runner, reason, seed, firstStep })
}

type Finding = Omit<Availability, 'runner'>

async function findOnnxRuntime(): Promise<Finding> {
  try {
    await import('onnxruntime-node')
    return { available: true, reason: 'native ONNX Runtime kernels on the CPU' }
  } catch (error) {
    return { available: false, reason: `onnxruntime-node does not load (${firstLine(error)})` }
  }
}

/** The binding is looked for before the package is required: a failed require leaves half-registered kernels behind. */
async function findTensorflow(): Promise<Finding> {
  let folder: string
  try {
    folder = dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'))
  } catch {
    return { available: false, reason: '@tensorflow/tfjs-node-gpu is not installed' }
  }
  if (!existsSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'))) {
    return {
      available: false,
      reason: 'the binding of @tensorflow/tfjs-node-gpu is not installed (`pnpm gpu:install` does it)',
    }
  }
  try {
    mendNodeUtil()
    require('@tensorflow/tfjs-node-gpu')
    const backend = tf.findBackend('tensorflow') as { isUsingGpuDevice?: boolean } | null
    return backend?.isUsingGpuDevice
      ? { available: true, reason: 'TensorFlow reports a GPU' }
      : { available: false, reason: 'TensorFlow loads but reports no GPU' }
  } catch (error) {
    return { available: false, reason: `tfjs-node-gpu does not load (${firstLine(error)})` }
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
function mendNodeUtil(): void {
  const util = require('node:util') as Record<string, unknown>
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined
  util['isArray'] ??= Array.isArray
}

async function findWasm(): Promise<Finding> {
  try {
    if (!tf.findBackendFactory('wasm')) {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
      const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))
      setWasmPaths(`${folder}/`)
    }
    const previous = tf.getBackend()
    const ready = await tf.setBackend('wasm')
    if (previous) await tf.setBackend(previous)
    if (!ready) return { available: false, reason: 'the WebAssembly backend does not start' }
    const { mendWasmKernels } = await import('./mendWasmKernels.ts')
    mendWasmKernels()
    return { available: true, reason: 'WebAssembly kernels of TensorFlow.js, op by op' }
  } catch (error) {
    return { available: false, reason: `the WebAssembly backend does not load (${firstLine(error)})` }
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!
}
