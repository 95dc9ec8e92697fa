import { EngineError } from './EngineError.ts'
import { calledAt, modelLine } from './modelLine.ts'
import { adviceFor } from './unsupportedKernels.ts'

/** Messages of tfjs about a kernel, with the kernel's name in the first group. */
const patterns: readonly (readonly [RegExp, (kernel: string, caller: string) => string])[] = [
  [
    /Kernel '(\w+)' not registered for backend/,
    (kernel, caller) => `${caller}: the op ${kernel} cannot be compiled.`,
  ],
  [
    /gradient function not found for (\w+)/,
    (kernel, caller) =>
      `${caller}: the gradient goes through the op ${kernel}, for which TensorFlow.js has none on any backend.`,
  ],
  [
    /Error in gradient for op (\w+)\. The gradient of input/,
    (kernel, caller) =>
      `${caller}: the gradient goes through the op ${kernel}, for which it comes out with the wrong shape or type.`,
  ],
]

/**
 * Runs `body`; complaints of tfjs about an op become an EngineError that names the op, the line of the network, and the nearest supported way, or what
 * tfjs says of its inputs. Where a gradient is at fault, the line is the one that asked for it.
 */
export function explain<T>(body: () => T): T {
  try {
    return body()
  } catch (error) {
    if (error instanceof Error && !(error instanceof EngineError)) {
      for (const [pattern, describe] of patterns) {
        const kernel = pattern.exec(error.message)?.[1]
        if (kernel === undefined) continue
        const caller = calledAt(error.stack ?? '')
        throw new EngineError(
          `${describe(kernel, caller === '' ? 'The network' : caller)} ${adviceFor(kernel)}`,
        )
      }
      // Thrown by an op, not by code of the network.
      const stack = error.stack ?? ''
      if (modelLine(stack).op !== undefined) {
        throw new EngineError(
          `${calledAt(stack)}: ${error.message.replace(/\.?$/, '.')} Check the shapes and types of what it is given.`,
        )
      }
    }
    throw error
  }
}
