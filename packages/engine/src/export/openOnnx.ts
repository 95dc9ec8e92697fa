import type { HostArray, HostArrays } from '../arrays.ts'
import { disableTelemetry } from '../disableTelemetry.ts'
import { EngineError } from '../EngineError.ts'

/** An ONNX file that is ready to run. */
export interface OnnxSession {
  /** Outputs by name; arrays that the file has no input for are left out. */
  run(inputs: HostArrays): Promise<HostArrays>
  /** Frees its memory. */
  close(): Promise<void>
}

/**
 * Opens an ONNX file in ONNX Runtime, in this thread: to try what other programs will do with it.
 * @throws EngineError if `onnxruntime-node` is not there, or refuses the file or later its inputs.
 */
export async function openOnnx(onnx: Uint8Array): Promise<OnnxSession> {
  disableTelemetry()
  const { default: ort } = await import('onnxruntime-node').catch((error: unknown) => {
    throw new EngineError(
      `onnxruntime-node does not load (${(error as Error).message}). Install it: see the README of @couplet/engine.`,
    )
  })
  const refuse = (error: unknown): never => {
    throw new EngineError(`ONNX Runtime refuses the file: ${(error as Error).message}`)
  }
  const options = { intraOpNumThreads: 1, logSeverityLevel: 4 } as const
  const session = await ort.InferenceSession.create(onnx, options).catch(refuse)
  return {
    async run(inputs) {
      const feeds = Object.fromEntries(
        session.inputNames.flatMap((name) => {
          const array = inputs[name]
          if (!array) return [] // ONNX Runtime's own message names it
          const dtype = array.data instanceof Int32Array ? 'int32' : 'float32'
          return [[name, new ort.Tensor(dtype, array.data as Float32Array, array.shape)]]
        }),
      )
      const results = await session.run(feeds).catch(refuse)
      const arrays = Object.entries(results).map(([name, { dims, data }]): [string, HostArray] => [
        name,
        { shape: [...dims], data: data as Float32Array | Int32Array },
      ])
      return Object.fromEntries(arrays)
    },
    close: () => session.release(),
  }
}
