import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { Finding } from './Availability.ts'
import { firstLine } from './firstLine.ts'

const require = createRequire(import.meta.url)

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
        'the binding of @tensorflow/tfjs-node-gpu is not installed (`pnpm gpu:install` in a checkout, else `npm --prefix node_modules/@tensorflow/tfjs-node-gpu run install`)',
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
