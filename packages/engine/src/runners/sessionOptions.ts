/**
 * How sessions of the native runner run. One thread each, always: graphs add into segments by ScatterND with reduction, which
 * loses updates on more threads (onnxruntime#23396). Workers use the other cores.
 */
export const SESSION_OPTIONS = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  enableMemPattern: false, // the same speed with a third of the memory
  logSeverityLevel: 4, // errors are thrown; printing them, too, would only confuse
} as const
