import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { Availability, Finding } from './Availability.ts'
import { disableTelemetry } from './disableTelemetry.ts'
import { findGpuProvider } from './findGpuProvider.ts'
import { findTensorflow } from './findTensorflow.ts'
import { firstLine } from './firstLine.ts'
import { probeGraph } from './probeGraph.ts'
import type { RunnerName } from './Runner.ts'

const require = createRequire(import.meta.url)

/** The check of every backend that `auto` may take, in the order in which it tries them. Each loads what it finds. */
const automatic = {
  'tfjs-node-gpu': () => findTensorflow(packageFolder('@tensorflow/tfjs-node-gpu')),
  ort: findOnnxRuntime,
  'ort-web': findOnnxRuntimeWeb,
  'tfjs-wasm': findWasm,
  'tfjs-cpu': async () => ({
    available: true,
    reason: 'plain JavaScript runs everywhere, hundreds of times slower than native kernels',
  }),
} as const

/** Backends that nobody has timed on a real graphics card yet: only by name. */
const byName = {
  'ort-webgpu': () => findGpuProvider('webgpu'),
  'ort-cuda': () => findGpuProvider('cuda'),
} as const

const finders: Readonly<Record<RunnerName, () => Promise<Finding>>> = { ...automatic, ...byName }

/** Backends that `auto` may take, in the order in which it tries them. */
export const automaticRunners = Object.keys(automatic) as readonly (keyof typeof automatic)[]

/** Names of all backends: first those that `auto` may take, in its order. */
export const runnerNames = Object.keys(finders) as readonly RunnerName[]

/** Checks every backend on this machine, first those that `auto` may take, in its order. Loads what it finds. */
export async function findRunners(): Promise<Availability[]> {
  const found: Availability[] = []
  for (const runner of runnerNames) found.push(await findRunner(runner))
  return found
}

/** Checks one backend on this machine, and loads it where it is. */
export async function findRunner(runner: RunnerName): Promise<Availability> {
  return { runner, automatic: runner in automatic, ...(await finders[runner]()) }
}

async function findOnnxRuntime(): Promise<Finding> {
  disableTelemetry()
  try {
    await import('onnxruntime-node')
    return { available: true, reason: 'native ONNX Runtime kernels on the CPU' }
  } catch (error) {
    return { available: false, reason: `onnxruntime-node does not load (${firstLine(error)})` }
  }
}

async function findOnnxRuntimeWeb(): Promise<Finding> {
  try {
    const { WebSession } = await import('./WebSession.ts')
    const session = await WebSession.create(probeGraph())
    await session.close()
    return { available: true, reason: 'WebAssembly kernels of ONNX Runtime, one thread' }
  } catch (error) {
    return { available: false, reason: `onnxruntime-web does not load (${firstLine(error)})` }
  }
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
