import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { compileGraph, compileInTwo } from '../src/compileGraph.ts'
import {
  declare,
  expectClose,
  expectSameWithGradients,
  floats,
  integers,
  numbers,
  runOnnx,
} from './compareWithTfjs.ts'

const NODES = 4
const EDGES = 11
const ids = (seed: number) =>
  integers(
    [EDGES],
    Array.from({ length: EDGES }, (_, k) => (seed * k * k + k) % NODES),
  )
const silu = (x: Tensor) => tf.mul(x, tf.sigmoid(x))

/** A message as of the benchmark's network: two gathered states and the edge's features through one layer. */
const message = (h: Tensor, e: Tensor, w: Tensor, b: Tensor, from: Tensor, to: Tensor): Tensor => {
  const ends = tf.concat([tf.gather(h, from), tf.gather(h, to), e], 1)
  return silu(tf.add(tf.matMul(ends, w), b))
}

describe('products over gathered rows', () => {
  const operands = [numbers([NODES, 3], 1), numbers([EDGES, 2], 2), numbers([8, 5], 3)]

  test('have the values and gradients of tfjs-cpu', async () => {
    const [from, to] = [ids(1), ids(2)]
    await expectSameWithGradients(
      (h, e, w, b) =>
        tf.unsortedSegmentSum(
          message(
            h,
            e,
            w,
            b,
            tf.tensor(from.data, [EDGES], 'int32'),
            tf.tensor(to.data, [EDGES], 'int32'),
          ),
          tf.tensor1d([...to.data], 'int32'),
          NODES,
        ),
      [...operands, numbers([5], 4)],
    )
  })

  test('summed into one segment, whose ids are all the same', async () => {
    await expectSameWithGradients(
      (x, w) => tf.unsortedSegmentSum(tf.matMul(x, w), tf.zeros<tf.Rank.R1>([EDGES], 'int32'), 1),
      [numbers([EDGES, 3], 1), numbers([3, 2], 2)],
    )
  })

  test('a gathered matrix alone', async () => {
    const from = ids(3)
    await expectSameWithGradients(
      (h, w) => silu(tf.matMul(tf.gather(h, tf.tensor1d([...from.data], 'int32')), w)),
      [numbers([NODES, 3], 1), numbers([3, 6], 2)],
    )
  })

  test('are computed once per node, not once per edge', () => {
    const [h, e, w] = operands
    const b = numbers([5], 4)
    const [from, to] = [ids(1), ids(2)]
    const graph = compileGraph(declare({ h: h!, e: e!, w: w!, b, from, to }), (t) => ({
      y: message(t['h']!, t['e']!, t['w']!, t['b']!, t['from']!, t['to']!),
    }))
    // Nothing of the edges' 2 * 3 + 2 columns is joined: the file has no Concat.
    expect(Buffer.from(graph.onnx).includes('Concat_')).toBe(false)
    expect(Buffer.from(graph.onnx).includes('Gemm_')).toBe(true)
  })

  test('rows without a segment get no gradient', async () => {
    const target = [0, -1, 2, 9, 1, 0, 2, -5, 3, 1, 4]
    await expectSameWithGradients(
      (x) => {
        const inside = tf.tensor1d(
          target.map((id) => (id > 3 ? -1 : id)),
          'int32',
        )
        return silu(tf.unsortedSegmentSum(x, inside, NODES))
      },
      [numbers([EDGES, 2], 5)],
    )
    const x = numbers([EDGES, 2], 5)
    const graph = compileGraph(declare({ x }), (t) => {
      const sum = (value: Tensor) =>
        tf.sum(tf.unsortedSegmentSum(value, tf.tensor1d(target, 'int32'), NODES))
      return { dx: tf.grad(sum)(t['x']!) }
    })
    const { dx } = await runOnnx(graph.onnx, graph.inputs, { x })
    const expected = target.flatMap((id) => (id >= 0 && id < NODES ? [1, 1] : [0, 0]))
    expect([...dx!.data]).toEqual(expected)
  })
})

describe('narrow products of one tall matrix', () => {
  const ROWS = 256
  const operands = [
    numbers([ROWS, 6], 1),
    ...[2, 3, 4].map((seed) => numbers([6, 2 + (seed % 2)], seed)),
    ...[2, 3, 4].map((seed) => numbers([2 + (seed % 2)], 10 + seed)),
  ]
  /** As the biases of three layers that are made of the same edge features, each layer reading what the one before made of them. */
  const layers = (...[x, w1, w2, w3, b1, b2, b3]: Tensor[]): Tensor => {
    const features = silu(x!)
    const biases = [
      [w1!, b1!],
      [w2!, b2!],
      [w3!, b3!],
    ].map(([w, b]) => tf.add(tf.matMul(features, w!), b!))
    const first = tf.sum(tf.mul(biases[0]!, biases[0]!), 1, true)
    const second = tf.sum(tf.mul(tf.tanh(first), biases[1]!), 1, true)
    return tf.mul(tf.sigmoid(second), biases[2]!)
  }

  test('have the values and gradients of tfjs-cpu', async () => {
    await expectSameWithGradients(layers, operands)
    await expectSameWithGradients(
      (x, w, v) => tf.concat([tf.matMul(x, w), tf.matMul(x, v)], 1),
      operands.slice(0, 3),
    )
  })

  test('are one product, and so are their gradients by the weights and by the matrix', () => {
    const names = ['x', 'w1', 'w2', 'w3', 'b1', 'b2', 'b3']
    const arrays = Object.fromEntries(names.map((name, k) => [name, operands[k]!]))
    const count = (text: string, of: Uint8Array) =>
      Buffer.from(of).toString('latin1').split(text).length - 1
    const forward = compileGraph(declare(arrays), (t) => ({
      y: layers(...names.map((name) => t[name]!)),
    }))
    expect(count('Gemm_', forward.onnx)).toBe(1)
    const training = compileGraph(declare(arrays), (t) => {
      const gradients = tf.grads((...values) => tf.sum(layers(...values)))(
        names.map((name) => t[name]!),
      )
      return Object.fromEntries(names.map((name, k) => [`d${name}`, gradients[k]!]))
    })
    expect(count('Gemm_', training.onnx)).toBe(3)
  })

  test('may be operands of products that are joined before them', async () => {
    const [x, w, v] = operands
    const arrays = { x: x!, w: w!, v: v!, u: numbers([ROWS, 2], 20) }
    const build = (t: tf.NamedTensorMap) => {
      const first = tf.matMul(t['x']!, t['w']!)
      const early = tf.matMul(t['x']!, t['u']!, true)
      const second = tf.matMul(t['x']!, tf.tanh(t['v']!))
      return { early, second, late: tf.matMul(t['x']!, first, true) }
    }
    const graph = compileGraph(declare(arrays), build)
    const results = await runOnnx(graph.onnx, graph.inputs, arrays)
    const tensors = Object.entries(arrays).map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape]),
    ])
    for (const [name, tensor] of Object.entries(
      build(Object.fromEntries(tensors) as tf.NamedTensorMap),
    )) {
      const expected = tensor.dataSync()
      results[name]!.data.forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 3))
    }
  })

  test('stay apart where one needs the result of another', async () => {
    await expectSameWithGradients(
      (x, w) => {
        const first = tf.matMul(x, w)
        const next = tf.slice(tf.tanh(first), [0, 0], [6, 2])
        return tf.add(first, tf.matMul(x, next))
      },
      operands.slice(0, 2),
    )
  })
})

test('a graph in two computes what one graph computes, and its first part needs no late input', async () => {
  const arrays = { x: numbers([6, 3], 1), w: numbers([3, 4], 2), c: floats([1], [0.7]) }
  const build = (t: tf.NamedTensorMap) => {
    const loss = (w: Tensor) => tf.sum(silu(tf.matMul(t['x']!, w)))
    const { value, grad } = tf.valueAndGrad((w: Tensor) =>
      tf.mul(loss(w), tf.reshape(t['c']!, [])),
    )(t['w']!)
    value.dispose()
    return { sum: loss(t['w']!), dw: grad }
  }
  const whole = compileGraph(declare(arrays), build)
  const expected = await runOnnx(whole.onnx, whole.inputs, arrays)
  const cut = { late: 'c', early: ['sum'], prefix: 'saved:' }
  const [first, second] = compileInTwo(declare(arrays), build, cut)
  expect(first.inputs.map(({ name }) => name)).not.toContain('c')
  const { sum, ...saved } = await runOnnx(first.onnx, first.inputs, arrays)
  expect(Object.keys(saved).length).toBeGreaterThan(0)
  const late = await runOnnx(second.onnx, second.inputs, { ...arrays, ...saved })
  expectClose({ sum: sum!, ...late }, expected)
})
