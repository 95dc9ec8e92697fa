import { expect, test } from 'vitest'
import { compileNetwork, compileTraining } from '../../src/networkGraph.ts'
import { ParameterStore } from '../../src/ParameterStore.ts'
import { compileGraph } from '../../src/compileGraph.ts'
import { SESSION_OPTIONS } from '../../src/runners/sessionOptions.ts'
import * as tf from '@tensorflow/tfjs'
import { Tensor } from 'onnxruntime-common'
import { readOperand } from '../../src/runners/GraphSession.ts'
import { openRuntime } from '../../src/runners/openRuntime.ts'
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

test.each([true, false])('no update is lost, called directly (%s) or not', async (direct) => {
  // Ones into few segments: with two threads 2 to 34 of 40 such runs have lost some.
  const [rows, segments, width] = [20_000, 8, 64]
  const graph = compileGraph(
    [
      { name: 'x', shape: [rows, width], dtype: 'float32' },
      { name: 'ids', shape: [rows], dtype: 'int32' },
    ],
    ({ x, ids }) => ({ y: tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, segments) }),
  )
  expect(Buffer.from(graph.onnx).includes('ScatterND')).toBe(true)
  const session = await (await openRuntime('cpu', direct)).createSession(graph)
  const ids = Int32Array.from({ length: rows }, (_, row) => row % segments)
  const operands = {
    x: new Tensor('float32', new Float32Array(rows * width).fill(1), [rows, width]),
    ids: new Tensor('int32', ids, [rows]),
  }
  for (let run = 0; run < 40; run++) {
    const { y } = await session.run(operands)
    expect(new Set(readOperand(y!))).toEqual(new Set([rows / segments]))
  }
  await session.release()
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
