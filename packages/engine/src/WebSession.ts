import * as ort from 'onnxruntime-web/wasm'

/** How to load ONNX Runtime in a browser. */
export interface WebOptions {
  /**
   * Address of `ort-wasm-simd-threaded.wasm` (14 MB, part of onnxruntime-web), where the bundler does not find it by itself. The first
   * call of a page decides.
   */
  readonly wasm?: string | URL
}

/** Errors are thrown; printing them, too, would only confuse. */
const QUIET = { logSeverityLevel: 4 } as const

// Calls overlap badly: each keeps its arguments on the one stack of the WebAssembly memory over pauses.
let queue: Promise<unknown> = Promise.resolve()

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = queue.then(work)
  queue = result.catch(() => undefined)
  return result
}

/**
 * A graph on the WebAssembly kernels of ONNX Runtime, in this thread, with one thread: with more, ScatterND with reduction loses
 * updates (onnxruntime#23396). For browsers and Node.
 */
export class WebSession {
  readonly #session: ort.InferenceSession

  private constructor(session: ort.InferenceSession) {
    this.#session = session
  }

  /** @throws Error of ONNX Runtime where it does not load or refuses the graph. */
  static async create(onnx: Uint8Array, { wasm }: WebOptions = {}): Promise<WebSession> {
    return inTurn(async () => {
      ort.env.wasm.numThreads = 1
      if (wasm !== undefined) ort.env.wasm.wasmPaths = { wasm: String(wasm) }
      const session = await ort.InferenceSession.create(onnx, {
        executionProviders: ['wasm'],
        graphOptimizationLevel: 'all',
        ...QUIET,
      })
      return new WebSession(session)
    })
  }

  /** Names, types and shapes of the inputs. */
  get inputs(): readonly ort.InferenceSession.ValueMetadata[] {
    return this.#session.inputMetadata
  }

  /** Runs the graph on what it reads of `feeds`. */
  run(feeds: Readonly<Record<string, ort.Tensor>>): Promise<Readonly<Record<string, ort.Tensor>>> {
    const { inputNames } = this.#session
    const inputs = Object.fromEntries(inputNames.map((name) => [name, feeds[name]!]))
    return inTurn(() => this.#session.run(inputs, QUIET))
  }

  /** Frees its memory. */
  close(): Promise<void> {
    return inTurn(() => this.#session.release())
  }
}

/** The class of its tensors. */
export const WebTensor = ort.Tensor
