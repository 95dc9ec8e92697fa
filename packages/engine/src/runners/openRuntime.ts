import type { GraphRuntime } from './GraphSession.ts'

/**
 * Opens ONNX Runtime: its library directly, which saves copies, where the processor computes and both the library and koffi are there; else by the
 * binding of onnxruntime-node. Kernels and results are the same.
 */
export async function openRuntime(
  provider: 'cpu' | 'webgpu' | 'cuda',
  direct: boolean,
): Promise<GraphRuntime> {
  if (direct && provider === 'cpu') {
    try {
      const { directRuntime, findLibrary } = await import('./directRuntime.ts')
      const library = findLibrary()
      if (library) return directRuntime(library)
    } catch {
      // koffi is an optional dependency, and has no binary for some platforms.
    }
  }
  const { bindingRuntime } = await import('./bindingRuntime.ts')
  return bindingRuntime(provider)
}
