import { EngineError } from './EngineError.ts'

/** How Node, V8, the C++ runtime and ONNX Runtime say that an array or a heap did not fit into memory. */
const SENTENCES = [
  /Array buffer allocation failed/,
  /Invalid (?:typed array|array buffer) length.*/,
  /JS heap out of memory/,
  /(?:std::)?bad[_ ]alloc(?:ation)?/,
  /Failed to allocate memory[^\n]*/,
  /Cannot allocate memory/,
]

/**
 * An error that says that memory ran out as an {@link EngineError} with advice; any other error as it is.
 * @param where end of the sentence `memory ran out …`, for example `in a worker`.
 */
export function asMemoryError(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || error instanceof EngineError) return error
  for (const sentence of SENTENCES) {
    const [found] = sentence.exec(error.message) ?? []
    if (found === undefined) continue
    return new EngineError(
      `memory ran out ${where} (${found}). Use fewer workers, a smaller batch or a smaller network.`,
    )
  }
  return error
}
