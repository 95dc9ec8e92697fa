import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { compileGraph } from '../src/compileGraph.ts'
import { declare, expectSameAsTfjs, floats, runOnnx } from './compareWithTfjs.ts'
import { exactCases } from './exactCases.ts'

describe('values equal those of tfjs-cpu', () => {
  test.each(Object.entries(exactCases))('%s', async (_, { build, arrays }) => {
    await expectSameAsTfjs(arrays, build, { tolerance: 1e-6 })
  })
})

describe('numbers near zero keep their digits', () => {
  const small = [-0.4999, -0.01, -1e-4, -1e-9, 1e-20, 1e-8, 3e-6, 1e-3, 0.2, 0.51, 5]
  async function expectRelative(f: (x: Tensor) => Tensor, exact: (x: number) => number) {
    const arrays = { x: floats([small.length], small) }
    const graph = compileGraph(declare(arrays), ({ x }) => ({ y: f(x!) }))
    const { y } = await runOnnx(graph.onnx, graph.inputs, arrays)
    for (const [i, x] of arrays.x.data.entries()) {
      const error = Math.abs(y!.data[i]! / exact(x) - 1)
      expect(error, `at ${x}: ${y!.data[i]} instead of ${exact(x)}`).toBeLessThan(1e-6)
    }
  }
  test('log1p', () => expectRelative(tf.log1p, Math.log1p))
  test('expm1', () => expectRelative(tf.expm1, Math.expm1))
  test('log1p and expm1 at the ends', async () => {
    await expectSameAsTfjs(
      { x: floats([4], [-1, Infinity, 1e30, -2]), y: floats([4], [-Infinity, Infinity, -100, 88]) },
      ({ x, y }) => ({ log1p: tf.log1p(x!), expm1: tf.expm1(y!) }),
    )
  })
})
