import { EngineError } from './EngineError.ts'

/** The nearest way to write what a kernel does in ops that can be compiled and differentiated. */
const alternatives: Readonly<Record<string, string>> = {
  Einsum: 'Reshape to matrices and use tf.matMul.',
  StridedSlice: 'Use tf.slice, or tf.gather with the indices to keep.',
  GatherNd: 'Use tf.reshape and tf.gather with flat indices.',
  ScatterNd: 'Use tf.reshape and tf.unsortedSegmentSum with flat indices.',
  TensorScatterUpdate: 'Use tf.where with a mask, or tf.unsortedSegmentSum.',
  SparseSegmentSum: 'Use tf.gather and tf.unsortedSegmentSum.',
  SparseSegmentMean: 'Use tf.gather, tf.unsortedSegmentSum and a division by the counts.',
  DenseBincount: 'Use tf.unsortedSegmentSum of ones.',
  Bincount: 'Use tf.unsortedSegmentSum of ones.',
  TopK: 'Use tf.max, or tf.argMax and tf.oneHot.',
  MirrorPad: 'Use tf.concat of tf.slice and tf.reverse.',
  Multinomial: 'Take random numbers from context.random and compare them.',
  Conv2D: 'Use tf.gather (or tf.slice and tf.concat) and tf.matMul.',
  Diag: 'Multiply by tf.eye.',
  Maximum: 'Bring both operands to the same shape with tf.broadcastTo.',
  Minimum: 'Bring both operands to the same shape with tf.broadcastTo.',
  BatchMatMul: 'Reshape both sides to matrices, or to the same leading axes, before tf.matMul.',
}

function advice(kernel: string): string {
  return (
    alternatives[kernel] ??
    'Write it with other tf ops, or compute it before and feed it as an input.'
  )
}

/** Messages of tfjs about a kernel, with the kernel's name in the first group. */
const patterns: readonly (readonly [RegExp, (kernel: string) => string])[] = [
  [
    /Kernel '(\w+)' not registered for backend/,
    (kernel) => `The op ${kernel} cannot be compiled. ${advice(kernel)}`,
  ],
  [
    /gradient function not found for (\w+)/,
    (kernel) =>
      `TensorFlow.js has no gradient for the op ${kernel}, on any backend. ${advice(kernel)}`,
  ],
  [
    /Error in gradient for op (\w+)\. The gradient of input/,
    (kernel) =>
      `TensorFlow.js computes a gradient of the wrong shape for the op ${kernel} when its operands broadcast. ${advice(kernel)}`,
  ],
]

/** Runs `body`; complaints of tfjs about an op become an EngineError that names the op and the nearest supported way. */
export function explain<T>(body: () => T): T {
  try {
    return body()
  } catch (error) {
    if (error instanceof Error)
      for (const [pattern, describe] of patterns) {
        const kernel = pattern.exec(error.message)?.[1]
        if (kernel !== undefined) throw new EngineError(describe(kernel))
      }
    throw error
  }
}
