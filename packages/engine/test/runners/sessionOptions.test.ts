import { expect, test } from 'vitest'
import { compileNetwork, compileTraining } from '../../src/networkGraph.ts'
import { ParameterStore } from '../../src/ParameterStore.ts'
import { compileGraph } from '../../src/compileGraph.ts'
import { SESSION_OPTIONS } from '../../src/runners/sessionOptions.ts'
import * as tf from '@tensorflow/tfjs'
import { messages } from '../toyNetworks.ts'

test('graphs that add by ScatterND run on one thread: on more it loses updates', () => {
  const { slots } = new ParameterStore(messages.spec)
  const { forward, backward } = compileTraining(messages.network, slots, messages.batch(2))
  const gradient = compileNetwork('gradient', messages.network, slots, messages.batch(2))
  for (const { onnx } of [forward, backward, gradient]) {
    expect(Buffer.from(onnx).includes('ScatterND')).toBe(true)
  }
  expect(SESSION_OPTIONS).toMatchObject({
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  })
})

test('for more threads graphs have ScatterElements and no ScatterND', () => {
  const { onnx } = compileGraph(
    [
      { name: 'x', shape: [6, 2], dtype: 'float32' },
      { name: 'ids', shape: [6], dtype: 'int32' },
    ],
    ({ x, ids }) => ({ y: tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, 3) }),
    { scatter: 'elements' },
  )
  expect(Buffer.from(onnx).includes('ScatterElements')).toBe(true)
  expect(Buffer.from(onnx).includes('ScatterND')).toBe(false)
})
