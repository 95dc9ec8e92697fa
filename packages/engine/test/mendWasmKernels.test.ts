import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mendGradients } from '../src/mendGradients.ts'
import { mendWasmKernels } from '../src/mendWasmKernels.ts'
import { expectClose, integers, numbers, withGradients } from './compareWithTfjs.ts'
import { opCases } from './opCases.ts'

beforeAll(async () => {
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  setWasmPaths(`${folder}/`)
  await tf.setBackend('wasm')
  mendWasmKernels()
  mendWasmKernels()
  mendGradients()
})

afterAll(async () => {
  await tf.setBackend('cpu')
})

async function expectSameOnBothBackends(f: () => Tensor): Promise<void> {
  const run = async (backend: string) => {
    await tf.setBackend(backend)
    const before = tf.memory().numTensors
    const output = f()
    const result = { output: { shape: output.shape, data: output.dataSync() as Float32Array } }
    output.dispose()
    expect(tf.memory().numTensors).toBe(before)
    return result
  }
  expectClose(await run('wasm'), await run('cpu'))
}

function tensor({ shape, data }: ReturnType<typeof numbers>): Tensor {
  return tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32')
}

test.each([
  [true, false],
  [false, true],
  [true, true],
])('matMul, transposed %s and %s', (transposeA, transposeB) =>
  expectSameOnBothBackends(() =>
    tf.tidy(() => {
      const a = tensor(numbers(transposeA ? [5, 4] : [4, 5]))
      const b = tensor(numbers(transposeB ? [6, 5] : [5, 6], 2))
      return tf.matMul(a, b, transposeA, transposeB)
    }),
  ),
)

test('batched matMul still works', () =>
  expectSameOnBothBackends(() =>
    tf.tidy(() =>
      tf.matMul(tensor(numbers([3, 4, 5])), tensor(numbers([3, 6, 5], 2)), false, true),
    ),
  ))

test('unsortedSegmentSum drops ids out of range', () =>
  expectSameOnBothBackends(() =>
    tf.tidy(() =>
      tf.unsortedSegmentSum(
        tensor(numbers([6, 3])),
        tensor(integers([6], [1, 1, -1, 0, 4, 1])) as Tensor1D,
        3,
      ),
    ),
  ))

test('the gradient of gather', () =>
  expectSameOnBothBackends(() =>
    tf.tidy(() =>
      tf.grad((x: Tensor) =>
        tf.sum(tf.square(tf.gather(x, tensor(integers([4], [0, 2, 2, 1])) as Tensor1D))),
      )(tensor(numbers([3, 2]))),
    ),
  ))

describe('every op has value and gradients as on tfjs-cpu', () => {
  test.each(Object.entries(opCases))('%s', async (_, { f, operands }) => {
    const { arrays, build } = withGradients(f, operands)
    const run = async (backend: string) => {
      await tf.setBackend(backend)
      return tf.tidy(() => {
        const tensors = Object.entries(arrays).map(
          ([name, array]) => [name, tensor(array)] as const,
        )
        const results = Object.entries(build(Object.fromEntries(tensors)))
        return Object.fromEntries(
          results.map(([name, result]) => [
            name,
            { shape: result.shape, data: result.dataSync() as Float32Array },
          ]),
        )
      })
    }
    expectClose(await run('wasm'), await run('cpu'))
  })
})
