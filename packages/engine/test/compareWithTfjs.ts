import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import ort from 'onnxruntime-node'
import { expect } from 'vitest'
import { compileGraph } from '../src/compileGraph.ts'
import { mendGradients } from '../src/mendGradients.ts'
import type { CompileOptions, GraphInput } from '../src/compileGraph.ts'
import type { HostArray, HostArrays, Tensors } from '../src/arrays.ts'

export { floats, integers, numbers, positive } from './fixtures.ts'

function typeOf({ data }: HostArray): 'float32' | 'int32' {
  return data instanceof Int32Array ? 'int32' : 'float32'
}

/** Declares the graph inputs that some arrays feed. */
export function declare(arrays: HostArrays): GraphInput[] {
  return Object.entries(arrays).map(([name, array]) => ({
    name,
    shape: array.shape,
    dtype: typeOf(array),
  }))
}

/** Runs an ONNX file. */
export async function runOnnx(
  onnx: Uint8Array,
  inputs: readonly GraphInput[],
  arrays: HostArrays,
): Promise<Record<string, HostArray>> {
  const session = await ort.InferenceSession.create(onnx, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  })
  const feeds = Object.fromEntries(
    inputs.map(({ name, dtype, shape }) => [
      name,
      new ort.Tensor(dtype, arrays[name]!.data as Float32Array, shape),
    ]),
  )
  const results = await session.run(feeds)
  await session.release()
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [
      name,
      { data: data as Float32Array, shape: dims },
    ]),
  )
}

/** Runs a function eagerly on tfjs-cpu. */
async function runEagerly(
  arrays: HostArrays,
  build: (tensors: Tensors) => Tensors,
): Promise<Record<string, HostArray>> {
  await tf.setBackend('cpu')
  mendGradients()
  const results: Record<string, HostArray> = {}
  tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [
        name,
        tf.tensor(array.data, [...array.shape], typeOf(array)),
      ]),
    )
    for (const [name, tensor] of Object.entries(build(tensors)))
      results[name] = { shape: tensor.shape, data: tensor.dataSync() as Float32Array }
  })
  return results
}

/** Fails unless every value agrees within `tolerance * (1 + |expected|)`; infinities and NaN must be the same. */
export function expectClose(actual: HostArrays, expected: HostArrays, tolerance = 2e-5): void {
  expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted())
  for (const [name, { data, shape }] of Object.entries(expected)) {
    expect(actual[name]!.shape, `shape of ${name}`).toEqual(shape)
    for (let i = 0; i < data.length; i++) {
      const [is, should] = [actual[name]!.data[i]!, data[i]!]
      if (Object.is(is, should) || is === should) continue
      const error = Math.abs(is - should) / (1 + Math.abs(should))
      expect(error, `${name}[${i}] is ${is} instead of ${should}`).toBeLessThan(tolerance)
    }
  }
}

/** Compiles a function, runs it, and compares all outputs with tfjs-cpu. */
export async function expectSameAsTfjs(
  arrays: HostArrays,
  build: (tensors: Tensors) => Tensors,
  options?: CompileOptions & { readonly tolerance?: number },
): Promise<void> {
  const expected = await runEagerly(arrays, build)
  const graph = compileGraph(declare(arrays), build, options)
  expectClose(await runOnnx(graph.onnx, graph.inputs, arrays), expected, options?.tolerance)
}

/** Compares value and gradients of `f` with tfjs-cpu. */
export async function expectSameWithGradients(
  f: (...operands: Tensor[]) => Tensor,
  operands: readonly HostArray[],
  options?: CompileOptions,
): Promise<void> {
  const { arrays, build } = withGradients(f, operands)
  await expectSameAsTfjs(arrays, build, options)
}

/**
 * What is compared of `f`: its value and the gradients of the loss `sum(o * cos(0.7 * o))` with respect to all float32 operands. The gradient of this
 * loss tells the elements of the output apart.
 */
export function withGradients(
  f: (...operands: Tensor[]) => Tensor,
  operands: readonly HostArray[],
): { readonly arrays: HostArrays; readonly build: (tensors: Tensors) => Tensors } {
  const arrays = Object.fromEntries(operands.map((array, i) => [`x${i}`, array]))
  const floating = Object.keys(arrays).filter((name) => typeOf(arrays[name]!) === 'float32')
  const build = (tensors: Tensors): Tensors => {
    const output = f(...Object.values(tensors))
    const loss = (...variables: Tensor[]) => {
      const all = { ...tensors, ...Object.fromEntries(floating.map((n, i) => [n, variables[i]!])) }
      const value = tf.cast(f(...Object.values(all)), 'float32')
      return tf.sum(tf.mul(value, tf.cos(tf.mul(value, 0.7))))
    }
    const { value, grads } = tf.valueAndGrads(loss)(floating.map((n) => tensors[n]!))
    const gradients = Object.fromEntries(floating.map((n, i) => [`gradient of ${n}`, grads[i]!]))
    return { output, loss: value, ...gradients }
  }
  return { arrays, build }
}
