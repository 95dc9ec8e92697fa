import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { compileGraph } from '../src/compileGraph.ts'
import { lowerings } from '../src/lowering/lowerTrace.ts'
import { declare, expectSameWithGradients, numbers, withGradients } from './compareWithTfjs.ts'
import { exactCases } from './exactCases.ts'
import { opCases } from './opCases.ts'

describe('value and gradients equal those of tfjs-cpu', () => {
  test.each(Object.entries(opCases))('%s', async (_, { f, operands }) => {
    await expectSameWithGradients(f, operands)
  })
})

describe('every kernel that can be compiled', () => {
  afterEach(() => vi.restoreAllMocks())

  test('is in one of the cases that are compared with tfjs-cpu', () => {
    const kernels = Object.keys(lowerings)
    const spies = kernels.map((kernel) => vi.spyOn(lowerings, kernel))
    for (const { f, operands } of Object.values(opCases)) {
      const { arrays, build } = withGradients(f, operands)
      compileGraph(declare(arrays), build)
    }
    for (const { build, arrays } of Object.values(exactCases)) compileGraph(declare(arrays), build)
    expect(kernels.filter((_, index) => spies[index]!.mock.calls.length === 0)).toEqual([])
  })
})

describe('portable graphs', () => {
  const [left, right] = [numbers([4, 3, 5]), numbers([4, 6, 5], 2)]
  const scaledScores = (a: Tensor, b: Tensor): Tensor => tf.mul(tf.matMul(a, b, false, true), 0.25)
  const compile = (portable: boolean): string => {
    const { onnx } = compileGraph(
      declare({ a: left, b: right }),
      ({ a, b }) => ({ y: scaledScores(a!, b!) }),
      { portable },
    )
    return Buffer.from(onnx).toString('latin1')
  }

  test('have operators of the ONNX standard alone', () => {
    expect(compile(false)).toContain('com.microsoft')
    expect(compile(true)).not.toMatch(/com\.microsoft|Fused/)
  })

  test('compute the same, with gradients', async () => {
    await expectSameWithGradients(scaledScores, [left, right], { portable: true })
    const bothTransposed = (a: Tensor, b: Tensor): Tensor => tf.matMul(a, b, true, true)
    await expectSameWithGradients(bothTransposed, [numbers([2, 5, 3]), numbers([2, 6, 5])], {
      portable: true,
    })
  })
})
