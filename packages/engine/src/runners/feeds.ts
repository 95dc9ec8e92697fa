import type { Tensor, TensorConstructor } from 'onnxruntime-common'
import { sizeOf, type HostArrays } from '../arrays.ts'
import type { CompiledGraph } from '../compileGraph.ts'
import { PREFIX } from '../graphNames.ts'
import type { ParameterSlot } from '../ParameterStore.ts'
import { randomValues } from '../randomValues.ts'

/** Inputs or outputs of a session by name. */
export type OrtTensors = Record<string, Tensor>

/**
 * One tensor per parameter over a flat vector, which is not copied.
 * @param OrtTensor the class of the ONNX Runtime in use: each package brings its own.
 * @param prefix what stands before the parameter's name.
 */
export function tensorsOver(
  OrtTensor: TensorConstructor,
  vector: Float32Array,
  slots: readonly ParameterSlot[],
  prefix: string,
): OrtTensors {
  return Object.fromEntries(
    slots.map(({ name, shape, offset, size }) => [
      prefix + name,
      new OrtTensor('float32', vector.subarray(offset, offset + size), shape),
    ]),
  )
}

/** Features as inputs of a network's graph. */
export function featureTensors(OrtTensor: TensorConstructor, features: HostArrays): OrtTensors {
  return Object.fromEntries(
    Object.entries(features).map(([name, { shape, data }]) => [
      PREFIX.feature + name,
      data instanceof Int32Array
        ? new OrtTensor('int32', data, shape)
        : new OrtTensor('float32', data, shape),
    ]),
  )
}

/** Fresh random numbers for a graph's random inputs: a function of seed, step, rank and the input's place alone. */
export function randomTensors(
  OrtTensor: TensorConstructor,
  { inputs }: Pick<CompiledGraph, 'inputs'>,
  { seed, step, rank }: { readonly seed: number; readonly step: number; readonly rank: number },
): OrtTensors {
  return Object.fromEntries(
    inputs
      .filter(({ name }) => name.startsWith(PREFIX.random))
      .map(({ name, shape }) => {
        const place = Number(name.slice(PREFIX.random.length))
        const data = randomValues(sizeOf(shape), seed, step, rank, place)
        return [name, new OrtTensor('float32', data, shape)]
      }),
  )
}

/** Outputs of a network's graph, without the prefix of their names. */
export function outputArrays(results: Readonly<OrtTensors>): HostArrays {
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims, data }]) => [
      name.slice(PREFIX.output.length),
      { shape: [...dims], data: data as Float32Array | Int32Array },
    ]),
  )
}
