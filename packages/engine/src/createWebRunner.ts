import { EngineError } from './EngineError.ts'
import { firstLine } from './firstLine.ts'
import type { Network } from './Network.ts'
import type { ParameterStore } from './ParameterStore.ts'
import { probeGraph } from './probeGraph.ts'
import type { Runner } from './Runner.ts'
import { SerialRunner } from './runners/SerialRunner.ts'
import type { TrainingOptions } from './TrainingOptions.ts'
import { WebSession, type WebOptions } from './WebSession.ts'

/** How to run a network in a browser. */
export interface WebRunnerOptions extends TrainingOptions, WebOptions {}

/**
 * Makes the runner `ort-web` of a network, for training and prediction in a browser tab or worker. TensorFlow.js, which compiles the
 * network, is loaded by this call, not by importing this module.
 * @throws EngineError if ONNX Runtime does not load.
 */
export async function createWebRunner(
  network: Network,
  store: ParameterStore,
  { seed = 0, firstStep = 1, ...options }: WebRunnerOptions = {},
): Promise<Runner> {
  try {
    const session = await WebSession.create(probeGraph(), options)
    await session.close()
  } catch (error) {
    throw new EngineError(
      `onnxruntime-web does not load (${firstLine(error)}). Serve its ort-wasm-simd-threaded.wasm and give the address as 'wasm'.`,
    )
  }
  const { OrtWebBackend } = await import('./runners/OrtWebBackend.ts')
  const reason = 'WebAssembly kernels of ONNX Runtime, one thread'
  const backend = new OrtWebBackend(network, store, seed, options)
  return new SerialRunner(backend, store, { name: 'ort-web', reason, firstStep })
}
