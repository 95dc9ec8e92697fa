import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Tensors } from '../src/arrays.ts'
import { compileGraph } from '../src/compileGraph.ts'
import type { GraphInput } from '../src/compileGraph.ts'
import { EngineError } from '../src/EngineError.ts'
import { expectClose, floats, integers, runOnnx } from './compareWithTfjs.ts'

const matrix: GraphInput = { name: 'x', shape: [2, 3], dtype: 'float32' }
const indices: GraphInput = { name: 'i', shape: [4], dtype: 'int32' }
const { fill } = tf
const values = { x: floats([2, 3], [1, 2, 3, 4, 5, 6]), i: integers([4], [1, 0, 1, 1]) }

beforeEach(async () => {
  await tf.setBackend('cpu')
})

const compile = (...inputs: GraphInput[]) => compileGraph(inputs, ({ x }) => ({ y: tf.neg(x!) }))
async function run(build: (tensors: Tensors) => Tensors) {
  const graph = compileGraph([matrix, indices], build)
  return { graph, results: await runOnnx(graph.onnx, graph.inputs, values) }
}

describe('inputs and outputs', () => {
  test('unused inputs are dropped, types and shapes are told', async () => {
    const { graph } = await run(({ x }) => ({
      sum: tf.sum(x!, 1),
      largest: tf.argMax(x!, 1),
      mask: tf.greater(x!, 3),
    }))
    expect(graph.inputs).toEqual([matrix])
    expect(graph.outputs).toEqual([
      { name: 'sum', shape: [2], dtype: 'float32' },
      { name: 'largest', shape: [2], dtype: 'int32' },
      { name: 'mask', shape: [2, 3], dtype: 'int32' },
    ])
  })

  test('outputs may be inputs, constants, each other, and parts of a split', async () => {
    const { results } = await run(({ x, i }) => {
      const doubled = tf.mul(x!, 2)
      const [first, , third] = tf.split(x!, 3, 1)
      return {
        same: x!,
        again: x!,
        indices: i!,
        scalar: tf.scalar(7),
        zeros: tf.zeros([40]),
        table: tf.tensor1d([1, 2], 'int32'),
        doubled,
        twin: doubled,
        first: first!,
        third: third!,
      }
    })
    const doubled = floats([2, 3], [2, 4, 6, 8, 10, 12])
    expectClose(results, {
      same: values.x,
      again: values.x,
      indices: values.i,
      scalar: floats([], [7]),
      zeros: floats(
        [40],
        Array.from({ length: 40 }, () => 0),
      ),
      table: integers([2], [1, 2]),
      doubled,
      twin: doubled,
      first: floats([2, 1], [1, 4]),
      third: floats([2, 1], [3, 6]),
    })
  })

  test('inputs can be added while tracing', async () => {
    const noise: GraphInput = { name: 'noise', shape: [3], dtype: 'float32' }
    const graph = compileGraph([matrix], ({ x }, addInput) => ({ y: tf.add(x!, addInput(noise)) }))
    expect(graph.inputs).toEqual([matrix, noise])
    const arrays = { x: values.x, noise: floats([3], [10, 20, 30]) }
    expectClose(await runOnnx(graph.onnx, graph.inputs, arrays), {
      y: floats([2, 3], [11, 22, 33, 14, 25, 36]),
    })
  })

  test('tensors made before compiling become constants and stay usable', async () => {
    const table = tf.tensor1d([10, 20])
    const { results } = await run(({ i }) => ({ y: tf.gather(table, i as tf.Tensor1D), table }))
    expectClose(results, { y: floats([4], [20, 10, 20, 20]), table: floats([2], [10, 20]) })
    const again = await run(({ i }) => ({ y: tf.gather(table, i as tf.Tensor1D) }))
    expectClose(again.results, { y: floats([4], [20, 10, 20, 20]) })
    expect([...table.dataSync()]).toEqual([10, 20])
    table.dispose()
  })
})

describe('tfjs afterwards', () => {
  const builds: Record<string, (tensors: Tensors) => Tensors> = {
    success: ({ x }) => ({ y: tf.grad((u: Tensor) => tf.sum(tf.tanh(u)))(x!) }),
    'tensors marked with keep': ({ x }) => ({ y: tf.keep(tf.add(tf.keep(tf.neg(x!)), 1)) }),
    'an error of build': ({ x }) => {
      tf.keep(tf.neg(x!))
      throw new TypeError('mine')
    },
    'an error inside a gradient': ({ x }) => ({
      y: tf.grad((u: Tensor): Tensor => {
        tf.exp(tf.tanh(u))
        throw new TypeError('mine')
      })(x!),
    }),
    'an op without gradient': ({ x }) => ({
      y: tf.grad((u: Tensor) => tf.sum(tf.topk(tf.tanh(u), 2).values))(x!),
    }),
  }
  const errors: Record<string, RegExp | undefined> = {
    'an error of build': /^mine$/,
    'an error inside a gradient': /^mine$/,
    'an op without gradient': /TopK.*tf\.max/,
  }
  test.each(Object.entries(builds))('after %s: same backend, no tensor left', (name, build) => {
    const before = tf.memory().numTensors
    let message = ''
    try {
      compileGraph([matrix], build)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toMatch(errors[name] ?? /^$/)
    expect(tf.getBackend()).toBe('cpu')
    expect(tf.memory().numTensors).toBe(before)
    expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3)
  })
})

describe('what cannot be compiled is named, with the nearest supported way', () => {
  const cases: Record<string, [(tensors: Tensors) => Tensors, RegExp]> = {
    topk: [({ x }) => ({ y: tf.topk(x!, 1).values }), /TopK.*tf\.max/],
    'a value read while tracing': [
      ({ x }) => ({ y: tf.scalar(tf.sum(x!).dataSync()[0]!) }),
      /dataSync.*Sum.*feed them as inputs/,
    ],
    dropout: [({ x }) => ({ y: tf.dropout(x!, 0.5) }), /tf\.dropout.*context\.dropout/],
    randomUniform: [
      ({ x }) => ({ y: tf.add(x!, tf.randomUniform([2, 3])) }),
      /tf\.randomUniform.*context\.random/,
    ],
    randomNormal: [
      ({ x }) => ({ y: tf.add(x!, tf.randomNormal([2, 3])) }),
      /tf\.randomNormal.*context\.random/,
    ],
    'an empty axis': [
      ({ x }) => ({ y: tf.slice(x!, [0, 0], [0, 3]) }),
      /Slice.*\[0, 3\].*at least one/,
    ],
    'an empty input': [
      () => ({ y: compileGraph([{ ...matrix, shape: [0, 3] }], (t) => t) as never }),
      /./,
    ],
    'sums of booleans': [
      ({ x }) => ({ y: tf.add(tf.greater(x!, 1), tf.less(x!, 3)) }),
      /op Add of booleans.*tf\.cast/,
    ],
    'products of integer matrices': [
      () => ({ y: tf.matMul(tf.ones([2, 2], 'int32'), tf.ones([2, 2], 'int32')) }),
      /op BatchMatMul of int32.*float32/,
    ],
    'complex numbers': [() => ({ y: tf.complex([1], [2]) }), /Complex|complex64/],
    'segment ids of two axes': [
      ({ x }) => ({ y: tf.unsortedSegmentSum(x!, tf.zeros([2, 3], 'int32') as never, 3) }),
      /UnsortedSegmentSum.*Reshape/,
    ],
    'no outputs': [() => ({}), /no outputs/],
    'an output with the name of an input': [({ x }) => ({ x: x! }), /'x'.*another name/],
    'an output that is no tensor': [() => ({ y: 3 as never }), /'y'.*not a tensor/],
  }
  test.each(Object.entries(cases))('%s', (_, [build, message]) => {
    expect(() => compileGraph([matrix], build)).toThrow(EngineError)
    expect(() => compileGraph([matrix], build)).toThrow(message)
  })

  test('inputs', () => {
    expect(() => compile({ ...matrix, shape: [0, 3] })).toThrow(/'x'.*\[0, 3\].*Pad/)
    expect(() => compile(matrix, matrix)).toThrow(/'x'.*twice/)
    expect(() => compile({ ...matrix, name: '%1' })).toThrow(/reserved/)
    expect(() => compile({ ...matrix, dtype: 'bool' as never })).toThrow(/bool.*float32/)
  })

  test('tensors of an earlier compilation', () => {
    let disposed: Tensor | undefined
    let variable: tf.Variable | undefined
    compileGraph([matrix], ({ x }) => {
      disposed = tf.neg(x!)
      variable = tf.variable(tf.exp(x!))
      return { y: disposed }
    })
    expect(() => compileGraph([matrix], () => ({ y: tf.neg(disposed!) }))).toThrow(/disposed/)
    expect(() => compileGraph([matrix], () => ({ y: tf.neg(variable!) }))).toThrow(
      /earlier compilation/,
    )
    variable!.dispose()
  })
})

describe('simplification leaves few operators', () => {
  test.each([
    ['a dense layer', 1, ({ x }: Tensors) => tf.add(tf.matMul(x!, tf.ones([3, 4])), [1, 2, 3, 4])],
    [
      'a scaled product of transposed',
      1,
      ({ x }: Tensors) => tf.mul(tf.matMul(x!, tf.transpose(x!)), 0.5),
    ],
    [
      'nothing',
      1,
      ({ x }: Tensors) => tf.div(tf.add(tf.mul(x!, tf.ones([2, 3])), tf.zeros([2, 3])), 1),
    ],
    [
      'common subexpressions',
      2,
      ({ x }: Tensors) => tf.add(tf.exp(x!), tf.exp(tf.reshape(x!, [2, 3]))),
    ],
    ['a chain of reshapes', 1, ({ x }: Tensors) => tf.reshape(tf.reshape(x!, [6]), [3, 2])],
    ['two transpositions', 1, ({ x }: Tensors) => tf.transpose(tf.transpose(x!))],
    ['constants', 1, () => tf.add(tf.mul(tf.ones([3, 4]), 2), 1)],
    ['the sum of repeated values', 3, ({ x }: Tensors) => tf.sum(tf.broadcastTo(x!, [5, 2, 3]))],
    ['the gradient of a mean', 1, ({ x }: Tensors) => tf.grad((u: Tensor) => tf.mean(u))(x!)],
  ] as const)('%s: %i', (_, count, build) => {
    // One ConstantOfShape may stand for a constant matrix.
    const { size } = compileGraph([matrix, indices], (tensors) => ({ y: build(tensors) }))
    expect(size.nodes).toBeLessThanOrEqual(count)
  })

  test('big uniform arrays take no room in the file', () => {
    const { onnx } = compileGraph([matrix], ({ x }) => ({
      y: tf.matMul(x!, fill([3, 10000], 0.5)),
    }))
    expect(onnx.length).toBeLessThan(1000)
  })
})
