import { afterEach, describe, expect, test } from 'vitest'
import { createRunner, type RunnerOptions } from '../../src/createRunner.ts'
import { compileNetwork } from '../../src/networkGraph.ts'
import type { ParameterSpec } from '../../src/ParameterSpec.ts'
import { initialiseParameters, ParameterStore } from '../../src/ParameterStore.ts'
import type { Runner } from '../../src/Runner.ts'
import { messages, trainingStep } from '../toyNetworks.ts'

/** The first layer stays at its start, and nothing reads the array behind it. */
const spec: ParameterSpec = {
  first: { ...messages.spec['first']!, trainable: false },
  idle: { shape: [3], initialiser: { kind: 'normal', deviation: 1 }, trainable: false },
  second: messages.spec['second']!,
}
const { size } = new ParameterStore({ second: spec['second']! })

const runners: [string, RunnerOptions][] = [
  ['ort with 1 worker', { runner: 'ort', workers: 1 }],
  ['ort with 2 workers', { runner: 'ort', workers: 2 }],
  ['ort-web', { runner: 'ort-web' }],
  ['tfjs-cpu', { runner: 'tfjs-cpu' }],
]

const open: Runner[] = []
afterEach(async () => {
  for (const runner of open.splice(0)) await runner.close()
})

async function start(chosen: ParameterSpec, options: RunnerOptions) {
  const store = initialiseParameters(chosen, 5)
  const runner = await createRunner(messages.network, store, options)
  open.push(runner)
  return { runner, store }
}

describe.each(runners)('on %s', (_, options) => {
  test('what is not trained keeps its value, and its average; the rest learns', async () => {
    const { runner, store } = await start(spec, options)
    const before = store.toArrays()
    for (let step = 1; step <= 5; step++) {
      const shards = [messages.batch(2, step), messages.batch(1, 9)].slice(0, runner.workers)
      await runner.train(trainingStep(shards, messages.log, step, { weightDecay: 0.5 }))
    }
    for (const vector of [store.values, store.averages]) {
      const after = store.toArrays(vector)
      expect(after['first']).toEqual(before['first'])
      expect(after['idle']).toEqual(before['idle'])
      expect(after['second']).not.toEqual(before['second'])
    }
  })

  test('the gradient has the trained arrays alone, and equals that of a network trained whole', async () => {
    const batch = [messages.batch(2)]
    const part = await start(spec, options)
    const whole = await start(messages.spec, { runner: 'tfjs-cpu' })
    whole.store.assign(part.store.toArrays())
    const { gradient } = await part.runner.gradient(batch, messages.sum)
    const { gradient: all } = await whole.runner.gradient(batch, messages.sum)
    const { offset } = whole.store.slots.find(({ name }) => name === 'second')!
    expect(gradient).toHaveLength(size)
    for (const [index, value] of gradient.entries()) {
      expect(value).toBeCloseTo(all[offset + index]!, 5)
    }
  })
})

test('arrays that are not trained lie behind the others, start the same, and have no moments', () => {
  const store = initialiseParameters(spec, 5)
  expect(store.slots.map(({ name, offset }) => [name, offset])).toEqual([
    ['first', size],
    ['idle', size + 24],
    ['second', 0],
  ])
  expect([store.size, store.trainable]).toEqual([size + 27, size])
  const all: ParameterSpec = { ...spec, first: messages.spec['first']! }
  expect(store.toArrays()).toEqual(initialiseParameters(all, 5).toArrays())
  const moments = store.toArrays(store.firstMoments)
  expect(Object.keys(moments)).toEqual(['second'])
  store.assign(
    { second: { ...moments['second']!, data: new Float32Array(size).fill(2) } },
    store.secondMoments,
  )
  expect([...store.secondMoments].every((value) => value === 2)).toBe(true)
})

test('a gradient that is not needed is not computed', () => {
  const nodes = (chosen: ParameterSpec) => {
    const { slots } = new ParameterStore(chosen)
    return compileNetwork('gradient', messages.network, slots, messages.batch(2))
  }
  const [part, whole] = [nodes(spec), nodes(messages.spec)]
  expect(part.outputs.map(({ name }) => name)).toEqual(['statistics', 'gradient:second'])
  expect(part.size.nodes).toBeLessThan(whole.size.nodes - 5)
})
