import ort from 'onnxruntime-node'
import type { GraphRuntime } from './GraphSession.ts'
import { SESSION_OPTIONS } from './sessionOptions.ts'

/** ONNX Runtime as the package onnxruntime-node gives it: any provider; every output is copied, and arrays in shared memory are refused. */
export function bindingRuntime(provider: 'cpu' | 'webgpu' | 'cuda'): GraphRuntime {
  return {
    readsSharedMemory: false,
    async createSession(graph) {
      const options = { executionProviders: [provider], ...SESSION_OPTIONS }
      const session = await ort.InferenceSession.create(graph.onnx, options)
      return {
        graph,
        async run(operands, outputs = {}) {
          const feeds = Object.fromEntries(
            session.inputNames.map((name) => [name, operands[name] as ort.Tensor]),
          )
          // The binding writes into tensors of its own class only, and quietly into none of another.
          const fetches = Object.fromEntries(
            session.outputNames.map((name) => {
              const output = outputs[name] as ort.Tensor | undefined
              const own = output && new ort.Tensor(output.type, output.data, output.dims)
              return [name, own ?? null]
            }),
          )
          const results = await session.run(feeds, fetches)
          return Object.fromEntries(Object.entries(results).filter(([name]) => !(name in outputs)))
        },
        release: () => session.release(),
      }
    },
    keep: (tensors) => tensors,
  }
}
