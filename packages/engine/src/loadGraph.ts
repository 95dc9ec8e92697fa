import { checkArrays, type HostArrays } from './arrays.ts'
import { EngineError } from './EngineError.ts'
import { firstLine } from './firstLine.ts'
import { WebSession, WebTensor, type WebOptions } from './WebSession.ts'

/** An input of a graph from a file. */
export interface LoadedInput {
  readonly name: string
  readonly dtype: 'float32' | 'int32'
  /** Length of each axis; a name where the graph leaves it open. */
  readonly shape: readonly (number | string)[]
}

/** A graph from a file, ready to run. */
export interface LoadedGraph {
  /** What it reads. */
  readonly inputs: readonly LoadedInput[]
  /**
   * Outputs for some inputs, under the names of the file. Arrays that it does not read are left out.
   * @throws EngineError if an input is missing, has another type or shape, or if the graph fails while running.
   */
  run(arrays: HostArrays): Promise<HostArrays>
  /** Frees its memory. */
  close(): Promise<void>
}

/**
 * Loads an ONNX file, for example one of `compileGraph`, and runs it on WebAssembly in this thread: in browsers and in Node, without
 * TensorFlow.js.
 * @throws EngineError if ONNX Runtime does not load or refuses the file, or the graph reads other types than float32 and int32.
 */
export async function loadGraph(onnx: Uint8Array, options: WebOptions = {}): Promise<LoadedGraph> {
  let session: WebSession
  try {
    session = await WebSession.create(onnx, options)
  } catch (error) {
    throw new EngineError(
      `the graph does not load (${firstLine(error)}). Is it a whole ONNX file, and is onnxruntime-web with its .wasm file there?`,
    )
  }
  const inputs = session.inputs.map((input): LoadedInput => {
    const type = input.isTensor ? input.type : 'no tensor'
    if (input.isTensor && (type === 'float32' || type === 'int32')) {
      return { name: input.name, dtype: type, shape: input.shape }
    }
    throw new EngineError(`input ${input.name} of the graph is ${type}. Use float32 or int32.`)
  })
  return {
    inputs,
    async run(arrays) {
      checkArrays(arrays)
      const feeds = inputs.map((input) => [input.name, toTensor(input, arrays)] as const)
      const results = await session.run(Object.fromEntries(feeds)).catch((error: unknown) => {
        throw new EngineError(
          `the graph failed: ${firstLine(error)}. Check the inputs: are all indices in range?`,
        )
      })
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, data, type }]) => {
          if (data instanceof Float32Array || data instanceof Int32Array) {
            return [name, { shape: [...dims], data }]
          }
          throw new EngineError(`output ${name} of the graph is ${type}. Use float32 or int32.`)
        }),
      )
    },
    close: () => session.close(),
  }
}

function toTensor(
  { name, dtype, shape }: LoadedInput,
  arrays: HostArrays,
): InstanceType<typeof WebTensor> {
  const array = arrays[name]
  if (!array) {
    throw new EngineError(
      `input ${name} of the graph is missing. It reads ${dtype} [${shape.join(', ')}].`,
    )
  }
  const found = array.data instanceof Int32Array ? 'int32' : 'float32'
  const fits = shape.every(
    (length, axis) => typeof length === 'string' || length === array.shape[axis],
  )
  if (found !== dtype || array.shape.length !== shape.length || !fits) {
    throw new EngineError(
      `input ${name} of the graph is ${found} [${array.shape.join(', ')}] but should be ${dtype} [${shape.join(', ')}]. Pad it to that shape.`,
    )
  }
  return array.data instanceof Int32Array
    ? new WebTensor('int32', array.data, array.shape)
    : new WebTensor('float32', array.data, array.shape)
}
