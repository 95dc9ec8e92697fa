import * as tf from '@tensorflow/tfjs'
import { beforeEach, describe, expect, test } from 'vitest'
import { EngineError } from '../src/EngineError.ts'
import type { Network } from '../src/Network.ts'
import { compileNetwork, makeContext } from '../src/networkGraph.ts'
import { ParameterStore } from '../src/ParameterStore.ts'
import { floats } from './compareWithTfjs.ts'
import { dropout, messages, regression } from './toyNetworks.ts'

beforeEach(async () => {
  await tf.setBackend('cpu')
})

const slotsOf = ({ spec }: { spec: typeof messages.spec }) => new ParameterStore(spec).slots
const names = (ports: readonly { name: string }[]) => ports.map(({ name }) => name)

describe('graphs of a network', () => {
  test('each kind has the inputs and outputs it needs', () => {
    const compile = (kind: 'forward' | 'statistics' | 'gradient') =>
      compileNetwork(kind, messages.network, slotsOf(messages), messages.batch(2))
    const forward = compile('forward')
    expect(names(forward.outputs)).toEqual(['output:y'])
    expect(names(forward.inputs).toSorted()).toEqual(
      [
        'feature:from',
        'feature:nodes',
        'feature:to',
        'parameter:first',
        'parameter:second',
      ].toSorted(),
    )
    const statistics = compile('statistics')
    expect(statistics.outputs).toEqual([{ name: 'statistics', shape: [2], dtype: 'float32' }])
    expect(names(statistics.inputs)).toContain('feature:target')
    const gradient = compile('gradient')
    expect(gradient.outputs).toEqual([
      { name: 'statistics', shape: [2], dtype: 'float32' },
      { name: 'gradient:first', shape: [4, 6], dtype: 'float32' },
      { name: 'gradient:second', shape: [12, 1], dtype: 'float32' },
    ])
    expect(gradient.inputs).toContainEqual({ name: 'cotangent', shape: [2], dtype: 'float32' })
  })

  test('random numbers are inputs of training graphs and absent from forward', () => {
    const compile = (kind: 'forward' | 'statistics' | 'gradient') =>
      names(compileNetwork(kind, dropout.network, slotsOf(dropout), dropout.batch(4)).inputs)
    expect(compile('statistics')).toContain('random:0')
    expect(compile('gradient')).toContain('random:0')
    expect(compile('forward').filter((name) => name.startsWith('random:'))).toEqual([])
  })

  test('no tensor is left behind', () => {
    const before = tf.memory().numTensors
    compileNetwork('gradient', messages.network, slotsOf(messages), messages.batch(1))
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('mistakes in a network', () => {
  const compile =
    (network: Network, spec = regression.spec) =>
    () =>
      compileNetwork('gradient', network, new ParameterStore(spec).slots, regression.batch(2))

  test('a parameter without use is named', () => {
    const spec = { ...regression.spec, spare: { ...regression.spec['b']! } }
    expect(compile(regression.network, spec)).toThrow(EngineError)
    expect(compile(regression.network, spec)).toThrow(
      /does not depend on parameter spare\. Use what the spec declares/,
    )
  })

  test('so are all of them where none is used, also behind an output that the loss leaves out', () => {
    const network: Network = {
      forward: (parameters, { x }) => ({ y: x!, other: tf.mul(x!, tf.sum(parameters['w']!)) }),
      statistics: ({ y }) => tf.reshape(tf.sum(y!), [1]),
    }
    expect(compile(network)).toThrow(/does not depend on parameters w, b\./)
  })

  test('statistics that are no vector', () => {
    const network: Network = {
      ...regression.network,
      statistics: ({ y }) => tf.sum(y!) as unknown as tf.Tensor1D,
    }
    expect(compile(network)).toThrow(/statistics have shape \[\] but should be a vector/)
  })

  test.each([1, -0.1, NaN])('a dropout rate of %s', (rate) => {
    const network: Network = {
      ...regression.network,
      forward: (parameters, features, context) => ({
        y: context.dropout(regression.network.forward(parameters, features, context)['y']!, rate),
      }),
    }
    expect(compile(network)).toThrow(/a dropout rate is/)
  })
})

describe('context', () => {
  const uniform = floats([4], [0.1, 0.3, 0.5, 0.9])
  const random = () => tf.tensor(uniform.data)

  test('dropout drops below the rate and scales what stays', () => {
    const values = tf.tidy(() => {
      const context = makeContext(true, random)
      return context.dropout(tf.tensor1d([1, 2, 3, 4]), 0.25)
    })
    const [first, ...others] = values.dataSync()
    expect(first).toBe(0)
    for (const [index, value] of others.entries()) expect(value).toBeCloseTo((index + 2) / 0.75, 5)
    values.dispose()
  })

  test('outside training dropout is the identity and random numbers are zeros', () => {
    tf.tidy(() => {
      const context = makeContext(false, random)
      const values = tf.tensor1d([1, 2])
      expect(context.training).toBe(false)
      expect(context.dropout(values, 0.9)).toBe(values)
      expect([...context.random([3]).dataSync()]).toEqual([0, 0, 0])
    })
  })

  test('a rate of 0 asks for no random numbers', () => {
    const context = makeContext(true, () => {
      throw new Error('asked')
    })
    tf.tidy(() => {
      const values = tf.tensor1d([1])
      expect(context.dropout(values, 0)).toBe(values)
    })
  })
})
