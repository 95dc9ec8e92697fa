import * as tf from '@tensorflow/tfjs'
import { beforeEach, describe, expect, test } from 'vitest'
import type { HostArrays, Tensors } from '../../src/arrays.ts'
import { exportGraph, type ExportSource } from '../../src/export/exportGraph.ts'
import type { AxisLengths } from '../../src/export/lengthExpression.ts'
import { openOnnx } from '../../src/export/openOnnx.ts'
import { EngineError } from '../../src/index.ts'
import { declare, expectClose, integers, numbers } from '../compareWithTfjs.ts'

beforeEach(async () => {
  await tf.setBackend('cpu')
})

const weights = { first: numbers([4, 6]), second: numbers([12, 1], 2) }

/** Features of a graph whose edges go round. */
function features({ nodes, edges }: AxisLengths): HostArrays {
  const ring = (step: number): number[] =>
    Array.from({ length: edges! }, (_, edge) => (edge * step) % nodes!)
  return {
    rows: numbers([nodes!, 4], 3),
    from: integers([edges!], ring(1)),
    to: integers([edges!], ring(2)),
  }
}

type Build = ExportSource['build']

/** Messages along edges: rows, and what they receive. */
const messages: Build = ({ rows, from, to }, { first, second }) => {
  const hidden = tf.tanh(tf.matMul(rows!, first!))
  const received = tf.unsortedSegmentSum(
    tf.gather(hidden, from!),
    to as tf.Tensor1D,
    rows!.shape[0],
  )
  return { y: tf.reshape(tf.matMul(tf.concat([hidden, received], 1), second!), [-1]) }
}

function sourceOf(build: Build, changes: Partial<ExportSource> = {}): ExportSource {
  return {
    axes: { nodes: 20, edges: 40 },
    weights,
    inputs: (lengths) => declare(features(lengths)),
    build,
    ...changes,
  }
}

/** Runs the exported graph on features of these lengths and compares it with tfjs-cpu. */
async function expectSame(source: ExportSource, lengths: readonly AxisLengths[]): Promise<void> {
  const session = await openOnnx(exportGraph(source).toOnnx({}))
  const context = { training: false, random: () => tf.zeros([]), dropout: <T>(x: T): T => x }
  for (const length of lengths) {
    const arrays = features(length)
    const expected: Record<string, HostArrays[string]> = {}
    tf.tidy(() => {
      const tensorsOf = (named: HostArrays): Tensors =>
        Object.fromEntries(
          Object.entries(named).map(([name, { shape, data }]) => [
            name,
            tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
          ]),
        )
      const results = source.build(tensorsOf(arrays), tensorsOf(weights), context)
      for (const [name, { shape }] of Object.entries(results))
        expected[name] = { shape, data: results[name]!.dataSync() as Float32Array }
    })
    expectClose(await session.run(arrays), expected)
  }
  await session.close()
}

const SIZES = [
  { nodes: 1, edges: 1 },
  { nodes: 5, edges: 9 },
  { nodes: 300, edges: 17 },
]

describe('graphs for batches of any size', () => {
  const cases: Record<string, Build> = {
    messages,
    'a mean over the axis': ({ rows }) => ({ y: tf.mean(tf.tanh(rows!), 0) }),
    'the length as a factor and as a divisor': ({ rows }) => {
      const count = rows!.shape[0]
      return {
        y: tf.mul(tf.div(tf.sum(rows!), count), tf.add(tf.mul(rows!, 0.3 * count), 1 / count)),
      }
    },
    'products of two lengths': ({ rows, from }) => {
      const scores = tf.matMul(tf.gather(rows!, from!), rows!, false, true)
      return { y: tf.reshape(tf.softmax(scores), [from!.shape[0] * rows!.shape[0], 1]) }
    },
    'a batched product with a transposed side, scaled': ({ rows }) => {
      const heads = tf.transpose(tf.reshape(rows!, [rows!.shape[0], 2, 2]), [1, 0, 2])
      return { y: tf.mul(tf.matMul(heads, heads, false, true), 0.5) }
    },
    'zeros, padding, slices and parts of an axis': ({ rows }) => {
      const count = rows!.shape[0]
      const padded = tf.pad(rows!, [
        [1, 2],
        [0, 0],
      ] as [number, number][])
      const [left, right] = tf.split(tf.slice(padded, [1, 0], [count, 4]), 2, 1)
      return { y: tf.sub(tf.concat([left!, tf.zeros([count, 2])], 1), tf.tile(right!, [1, 2])) }
    },
    'an input that tells nothing but a length': ({ from }, { second }) => ({
      y: tf.add(tf.mul(tf.sum(second!), from!.shape[0]), tf.ones([from!.shape[0]])),
    }),
    'classes as rows': ({ from }) => ({ y: tf.oneHot(tf.cast(from!, 'int32'), 3) }),
  }
  test.each(Object.entries(cases))('%s', async (_, build) => {
    const source = sourceOf(build)
    expect(exportGraph(source).fixed).toEqual({})
    await expectSame(source, SIZES)
  })

  test('name the free axes of inputs and outputs, and leave out what is not used', () => {
    const { inputs, outputs, free } = exportGraph(sourceOf(messages))
    expect(inputs).toEqual([
      { name: 'rows', dtype: 'float32', shape: ['nodes', 4] },
      { name: 'from', dtype: 'int32', shape: ['edges'] },
      { name: 'to', dtype: 'int32', shape: ['edges'] },
    ])
    expect(outputs).toEqual([{ name: 'y', dtype: 'float32', shape: ['nodes'] }])
    expect(free).toEqual(['nodes', 'edges'])
    const doubled = exportGraph(sourceOf(({ rows }) => ({ y: tf.concat([rows!, rows!], 0) })))
    expect(doubled.outputs[0]!.shape).toEqual(['2*nodes', 4])
    expect(doubled.free).toEqual(['nodes'])
  })
})

describe('axes that cannot be free keep a length, and only they', () => {
  const at = (nodes: number, edges: number): AxisLengths => ({ nodes, edges })

  test('a constant as long as the axis', async () => {
    const source = sourceOf((inputs, own, context) => {
      const { y } = messages(inputs, own, context)
      return { y: tf.mul(y!, tf.linspace(0, 1, y!.shape[0])) }
    })
    const { free, fixed, inputs } = exportGraph(source)
    expect(free).toEqual(['edges'])
    expect(fixed).toEqual({
      nodes: { length: 20, reason: 'the network holds a constant as long as it' },
    })
    expect(inputs[0]!.shape).toEqual([20, 4])
    await expectSame(source, [at(20, 3), at(20, 90)])
  })

  test('a loop over the axis', async () => {
    const source = sourceOf(({ rows, from }) => ({
      y: tf.stack(tf.unstack(rows!).map((row, index) => tf.mul(row, index))),
      z: tf.add(from!, 1),
    }))
    expect(exportGraph(source).fixed).toEqual({
      nodes: { length: 20, reason: 'the network has other operators at another length' },
    })
    await expectSame(source, [at(20, 3)])
  })

  test('a number that no rule gives', async () => {
    const source = sourceOf(({ rows }) => ({ y: tf.mul(rows!, Math.log(rows!.shape[0])) }))
    expect(exportGraph(source).fixed['nodes']!.reason).toMatch(/depend on it in a way of their own/)
    await expectSame(source, [at(20, 3)])
  })

  test('a function that fails at other lengths', () => {
    const source = sourceOf(({ rows, from }) => {
      if (rows!.shape[0] !== 20) throw new Error('twenty nodes, please')
      return { y: tf.sum(rows!), z: tf.add(from!, 1) }
    })
    const { free, fixed } = exportGraph(source)
    expect(free).toEqual([])
    expect(fixed['nodes']!.reason).toContain('twenty nodes, please')
  })

  test('an axis that is asked to be fixed, also amid the lengths that are tried', () => {
    for (const nodes of [61, 64, 67, 70]) {
      const source = sourceOf(messages, { axes: { nodes, edges: 40 }, fixed: ['nodes'] })
      expect(exportGraph(source).free).toEqual(['edges'])
    }
    const { free, fixed, outputs } = exportGraph(sourceOf(messages, { fixed: ['nodes'] }))
    expect(free).toEqual(['edges'])
    expect(fixed).toEqual({ nodes: { length: 20, reason: 'as asked' } })
    expect(outputs[0]!.shape).toEqual([20])
  })

  test('what cannot be compiled at all is an error', () => {
    const source = sourceOf(({ rows }) => ({ y: tf.mul(rows!, rows!.dataSync()[0]!) }))
    expect(() => exportGraph(source)).toThrow(EngineError)
  })
})

test('the file says what it is', () => {
  const onnx = exportGraph(sourceOf(messages)).toOnnx(
    { documentation: 'Messages.', metadata: { units: 'hertz' } },
    { rows: 'one row for each node' },
  )
  const text = Buffer.from(onnx).toString('latin1')
  for (const part of ['Messages.', 'units', 'hertz', 'one row for each node', 'nodes'])
    expect(text).toContain(part)
  expect(text).not.toContain('com.microsoft')
})

test('a file that is none, and inputs that do not fit, are refused in words', async () => {
  await expect(openOnnx(Uint8Array.of(1, 2, 3))).rejects.toThrow(EngineError)
  const session = await openOnnx(exportGraph(sourceOf(messages)).toOnnx({}))
  const { from: _, ...without } = features({ nodes: 3, edges: 4 })
  await expect(session.run(without)).rejects.toThrow(/from/)
  await session.close()
})
