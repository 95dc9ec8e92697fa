import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { RunnerName } from './Runner.ts'

/** Whether a backend can be used here, and why or why not. */
export interface Availability {
  /** The backend. */
  readonly runner: RunnerName
  /** True where it can run. */
  readonly available: boolean
  /** In words for people. */
  readonly reason: string
}

type Finding = Omit<Availability, 'runner'>

const require = createRequire(import.meta.url)

/** The check of every backend, in the order in which `auto` tries them. Each loads what it finds. */
const finders: Readonly<Record<RunnerName, () => Promise<Finding>>> = {
  'tfjs-node-gpu': () => findTensorflow(packageFolder('@tensorflow/tfjs-node-gpu')),
  ort: findOnnxRuntime,
  'tfjs-wasm': findWasm,
  'tfjs-cpu': async () => ({
    available: true,
    reason: 'plain JavaScript runs everywhere, hundreds of times slower than native kernels',
  }),
}

/** Names of all backends, in the order in which `auto` tries them. */
export const runnerNames = Object.keys(finders) as readonly RunnerName[]

/** Checks every backend on this machine, in the order in which `auto` tries them. Loads what it finds. */
export async function findRunners(): Promise<Availability[]> {
  const found: Availability[] = []
  for (const runner of runnerNames) found.push(await findRunner(runner))
  return found
}

/** Checks one backend on this machine, and loads it where it is. */
export async function findRunner(runner: RunnerName): Promise<Availability> {
  return { runner, ...(await finders[runner]()) }
}

async function findOnnxRuntime(): Promise<Finding> {
  try {
    await import('onnxruntime-node')
    return { available: true, reason: 'native ONNX Runtime kernels on the CPU' }
  } catch (error) {
    return { available: false, reason: `onnxruntime-node does not load (${firstLine(error)})` }
  }
}

/**
 * Looks for TensorFlow with a GPU. The binding is looked for before the package is required: a failed require leaves
 * half-registered kernels behind.
 * @param folder where `@tensorflow/tfjs-node-gpu` is; undefined where it is not installed.
 */
export async function findTensorflow(folder: string | undefined): Promise<Finding> {
  if (folder === undefined) {
    return { available: false, reason: '@tensorflow/tfjs-node-gpu is not installed' }
  }
  if (!existsSync(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'))) {
    return {
      available: false,
      reason:
        'the binding of @tensorflow/tfjs-node-gpu is not installed (`npm --prefix node_modules/@tensorflow/tfjs-node-gpu run install` does it)',
    }
  }
  const previous = tf.getBackend()
  try {
    mendNodeUtil()
    require(folder)
    const backend = tf.findBackend('tensorflow') as { isUsingGpuDevice?: boolean } | null
    return backend?.isUsingGpuDevice
      ? { available: true, reason: 'TensorFlow reports a GPU' }
      : { available: false, reason: 'TensorFlow loads but reports no GPU' }
  } catch (error) {
    return {
      available: false,
      reason: `@tensorflow/tfjs-node-gpu does not load (${firstLine(error)})`,
    }
  } finally {
    // The package makes itself the backend of the whole process.
    if (previous) await tf.setBackend(previous)
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 removed. */
function mendNodeUtil(): void {
  const util = require('node:util') as Record<string, unknown>
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined
  util['isArray'] ??= Array.isArray
}

async function findWasm(): Promise<Finding> {
  const previous = tf.getBackend()
  try {
    if (!tf.findBackendFactory('wasm')) {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
      const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))
      setWasmPaths(`${folder}/`)
    }
    if (!(await tf.setBackend('wasm'))) {
      return { available: false, reason: 'the WebAssembly backend does not start' }
    }
    const { mendWasmKernels } = await import('./mendWasmKernels.ts')
    mendWasmKernels()
    return { available: true, reason: 'WebAssembly kernels of TensorFlow.js, op by op' }
  } catch (error) {
    return {
      available: false,
      reason: `the WebAssembly backend does not load (${firstLine(error)})`,
    }
  } finally {
    if (previous) await tf.setBackend(previous)
  }
}

function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!
}
