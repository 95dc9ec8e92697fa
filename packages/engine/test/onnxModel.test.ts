import { expect, test } from 'vitest'
import { writeOnnx } from '../src/onnxModel.ts'
import type { OnnxGraph } from '../src/onnxModel.ts'
import { expectClose, floats, runOnnx } from './compareWithTfjs.ts'

const rows = { name: 'rows', dtype: 'float32', shape: [2, 3] } as const
const values = { rows: floats([2, 3], [-3, -2, -1, 1, 2, 3]) }

function graph(nodes: OnnxGraph['nodes'], constants: OnnxGraph['constants'] = []): Uint8Array {
  return writeOnnx({ nodes, constants, inputs: [rows], outputs: [{ ...rows, name: 'y' }] })
}

const wire = { inputs: ['rows'], outputs: ['y'] }

test('attributes of every kind, negative integers among them', async () => {
  const leaky = graph([{ op: 'LeakyRelu', ...wire, attributes: { alpha: { float: 0.5 } } }])
  expectClose(await runOnnx(leaky, [rows], values), {
    y: floats([2, 3], [-1.5, -1, -0.5, 1, 2, 3]),
  })
  const softmax = graph([{ op: 'Softmax', ...wire, attributes: { axis: -2 } }])
  const { y } = await runOnnx(softmax, [rows], values)
  expect(y!.data[0]! + y!.data[3]!).toBeCloseTo(1, 6)
  const shift = new Uint8Array(Float32Array.of(7).buffer)
  const filled = graph(
    [
      { op: 'Shape', inputs: ['rows'], outputs: ['shape'], attributes: {} },
      {
        op: 'ConstantOfShape',
        inputs: ['shape'],
        outputs: ['y'],
        attributes: {},
        value: { name: '', dtype: 'float32', shape: [1], bytes: shift },
      },
    ],
    [],
  )
  expectClose(await runOnnx(filled, [rows], values), { y: floats([2, 3], [7, 7, 7, 7, 7, 7]) })
})

test('long constants and names beyond one byte of length', async () => {
  const name = 'ü'.repeat(200)
  const bytes = new Uint8Array(Float32Array.of(10, 20, 30).buffer)
  const sum = graph(
    [{ op: 'Add', inputs: ['rows', name], outputs: ['y'], attributes: {} }],
    [{ name, dtype: 'float32', shape: [3], bytes }],
  )
  expectClose(await runOnnx(sum, [rows], values), {
    y: floats([2, 3], [7, 18, 29, 11, 22, 33]),
  })
})
