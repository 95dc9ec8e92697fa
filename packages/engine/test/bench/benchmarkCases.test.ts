import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { benchmarkCases } from '../../bench/benchmarkCases.ts'
import { cutBatch } from '../../bench/networks/cutBatch.ts'
import { graphTransformer, graphTransformerSpec } from '../../bench/networks/graphTransformer.ts'
import { messagePassing, messagePassingSpec } from '../../bench/networks/messagePassing.ts'
import { createRandom, denseBatch, drawSizes, sparseBatch } from '../../bench/networks/molecules.ts'
import type { HostArrays, Tensors } from '../../src/arrays.ts'
import { makeContext } from '../../src/networkGraph.ts'
import type { Network } from '../../src/Network.ts'
import { initialiseParameters } from '../../src/ParameterStore.ts'
import type { ParameterSpec } from '../../src/ParameterSpec.ts'

const toTensors = (arrays: HostArrays): Tensors =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )

function statistics(network: Network, spec: ParameterSpec, batch: HostArrays): number[] {
  const values = tf.tidy(() => {
    const parameters = toTensors(initialiseParameters(spec, 2).toArrays())
    const features = toTensors(batch)
    const outputs = network.forward(
      parameters,
      features,
      makeContext(true, (shape) => tf.zeros([...shape])),
    )
    return network.statistics(outputs, features)
  })
  const result = [...values.dataSync()]
  values.dispose()
  return result
}

const dense = { width: 8, heads: 2, layers: 2, pairWidth: 4 }
const sparse = { width: 8, steps: 2 }

describe('a batch cut into shards', () => {
  test.each([
    [
      'dense',
      graphTransformer(dense),
      graphTransformerSpec(dense),
      denseBatch([3, 5, 4, 2], 5, 6, createRandom(1)),
    ],
    [
      'sparse',
      messagePassing(sparse),
      messagePassingSpec(sparse),
      sparseBatch(4, 3, createRandom(1)),
    ],
  ])('%s: the statistics of the shards add up to those of the whole', async (...args) => {
    const [, network, spec, batch] = args
    await tf.setBackend('cpu')
    const whole = statistics(network, spec, batch)
    const parts = [0, 1].map((part) => statistics(network, spec, cutBatch(batch, part, 2)))
    for (const [k, value] of whole.entries()) {
      expect(parts[0]![k]! + parts[1]![k]!).toBeCloseTo(value, 5)
    }
    expect(Math.max(...whole)).toBeGreaterThan(0.1)
  })
})

test('the networks have the sizes of the issue', () => {
  const size = (name: string) => {
    const { spec } = benchmarkCases().find((each) => each.name === name)!
    return initialiseParameters(spec, 1).size
  }
  expect(size('graph-transformer-128')).toBe(836_577)
  expect(size('message-passing-128')).toBe(169_345)
})

test('bucketed batches have five sizes and 32 molecules each', () => {
  const wanted = benchmarkCases().find(({ name }) => name === 'graph-transformer-128-bucketed')!
  const shapes = wanted.batches().map(({ whole }) => whole['mask']!.shape)
  expect(new Set(shapes.map((shape) => shape.at(-1))).size).toBe(5)
  expect(shapes.every((shape) => shape[0] === 32)).toBe(true)
})

test('sizes are those of the competition: mean 18, at most 29', () => {
  const sizes = drawSizes(5000, createRandom(3))
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  expect(Math.abs(mean - 18)).toBeLessThan(0.2)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(29)
})
