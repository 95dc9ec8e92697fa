import { Tensor } from 'onnxruntime-common'
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { compileGraph } from '../../src/compileGraph.ts'
import { initialiseParameters } from '../../src/ParameterStore.ts'
import { OrtRunner } from '../../src/runners/OrtRunner.ts'
import { bindingRuntime } from '../../src/runners/bindingRuntime.ts'
import { directRuntime, findLibrary } from '../../src/runners/directRuntime.ts'
import { isHeld, readOperand } from '../../src/runners/GraphSession.ts'
import { openRuntime } from '../../src/runners/openRuntime.ts'
import { messages, trainingStep } from '../toyNetworks.ts'

const library = findLibrary()

/** Twice a vector, and which of its elements are positive. */
const doubled = () =>
  compileGraph([{ name: 'x', shape: [3], dtype: 'float32' }], ({ x }) => ({
    twice: tf.mul(x!, 2),
    positive: tf.greater(x!, 0),
  }))
const x = new Tensor('float32', Float32Array.of(1, -2, 3), [3])

test('is what the worker uses where the package brings a library', async () => {
  expect(library).toBeDefined()
  expect((await openRuntime('cpu', true)).readsSharedMemory).toBe(true)
  expect((await openRuntime('cpu', false)).readsSharedMemory).toBe(false)
})

test('gives results of both types, and writes into the arrays that it is given, also in shared memory', async () => {
  const session = await directRuntime(library!).createSession(doubled())
  const results = await session.run({ x })
  expect(isHeld(results['twice']!)).toBe(true)
  expect(readOperand(results['twice']!)).toEqual(Float32Array.of(2, -4, 6))
  expect(readOperand(results['positive']!)).toEqual(Int32Array.of(1, 0, 1))
  const shared = new Float32Array(new SharedArrayBuffer(12))
  const { positive, ...others } = await session.run(
    { x },
    { twice: new Tensor('float32', shared, [3]) },
  )
  readOperand(positive!)
  expect(others).toEqual({})
  expect([...shared]).toEqual([2, -4, 6])
  await session.release()
})

test('a held result is an operand of another session', async () => {
  const runtime = directRuntime(library!)
  const [one, other] = [
    await runtime.createSession(doubled()),
    await runtime.createSession(doubled()),
  ]
  const { twice } = await one.run({ x })
  const next = await other.run({ x: twice! })
  expect(readOperand(next['twice']!)).toEqual(Float32Array.of(4, -8, 12))
  readOperand(twice!)
})

test('says what ONNX Runtime refuses', async () => {
  const runtime = directRuntime(library!)
  await expect(
    runtime.createSession({ ...doubled(), onnx: Uint8Array.of(1, 2, 3) }),
  ).rejects.toThrow(/Protobuf|parse|model/i)
  const session = await runtime.createSession(doubled())
  const long = new Tensor('float32', new Float32Array(4), [4])
  await expect(session.run({ x: long })).rejects.toThrow(/dimensions/)
  expect(() => directRuntime('/no/such/library.so')).toThrow(/library/)
})

test('trains and predicts to the bit as the binding of the package does', async () => {
  const run = async (direct: boolean, kind: 'sum' | 'log'): Promise<number[]> => {
    const store = initialiseParameters(messages.spec, 3)
    const options = {
      name: 'ort',
      workers: 2,
      seed: 4,
      firstStep: 1,
      reason: 'test',
      direct,
    } as const
    const runner = new OrtRunner(messages.network, store, options)
    const losses: number[] = []
    for (let step = 1; step <= 3; step++) {
      const shards = [messages.batch(5, step), messages.batch(5, 10 + step)]
      const { loss } = await runner.train(trainingStep(shards, messages[kind], step))
      losses.push(loss)
    }
    const { y } = await runner.forward(messages.batch(5, 7), 'averages')
    await runner.close()
    return [...losses, ...y!.data, ...store.values]
  }
  for (const kind of ['sum', 'log'] as const) {
    expect(await run(true, kind)).toEqual(await run(false, kind))
  }
})

test('the binding runs the same graphs', async () => {
  const session = await bindingRuntime('cpu').createSession(doubled())
  const results = await session.run({ x })
  expect(readOperand(results['twice']!)).toEqual(Float32Array.of(2, -4, 6))
  await session.release()
})
