import { compileGraph, type Context, type GraphInput, type Tensors } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'

/** An operation of a network, and the function that `forward` called for it. */
interface RecordedOp {
  /** Name of the function; undefined for an operation that stands in `forward` itself. */
  readonly step: string | undefined
  /** Ids of the tensors that it reads and makes. */
  readonly inputs: readonly number[]
  readonly outputs: readonly { readonly id: number; readonly shape: readonly number[] }[]
}

/** What a network did while it was traced. */
export interface RecordedForward {
  readonly ops: readonly RecordedOp[]
  /** Names of the inputs by the ids of their tensors. */
  readonly inputs: ReadonlyMap<number, string>
  /** Ids of the tensors that it returned. */
  readonly outputs: readonly number[]
}

/** Frames that are kept of a stack: operations lie deep in helpers. */
const DEPTH = 60

/**
 * Runs a network once without computing anything, and records which function each operation belongs to, from the stack.
 * @param folder sources of the entry, as in stacks: the function called by its `forward` is the step.
 * @param build the network on placeholders; returns its outputs.
 */
export function recordSteps(
  inputs: readonly GraphInput[],
  folder: string,
  build: (tensors: Tensors, context: Context) => Tensors,
): RecordedForward {
  const ops: RecordedOp[] = []
  let names = new Map<number, string>()
  let outputs: number[] = []
  compileGraph(inputs, (tensors) => {
    names = new Map(Object.entries(tensors).map(([name, tensor]) => [tensor.id, name]))
    const results = recordingKernels(folder, ops, () => build(tensors, CONTEXT))
    outputs = Object.values(results).map(({ id }) => id)
    return results
  })
  return { ops, inputs: names, outputs }
}

/** As where nothing is trained: no dropout, zeros for random numbers. */
const CONTEXT: Context = {
  training: false,
  random: (shape) => tf.zeros([...shape]),
  dropout: (values) => values,
}

/** Runs `body` with a note of every kernel that tfjs asks for. */
function recordingKernels(folder: string, ops: RecordedOp[], body: () => Tensors): Tensors {
  const engine = tf.engine() as {
    runKernel?: (kernel: string, inputs: object, attributes?: object) => unknown
  }
  const original = tf.engine().runKernel.bind(tf.engine())
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = DEPTH
  // Hides the method of the class for a while.
  engine.runKernel = (kernel: string, inputs: object, attributes?: object) => {
    const result = original(kernel, inputs as never, attributes as never)
    const made = Array.isArray(result) ? result : [result]
    ops.push({
      step: stepOf(new Error().stack ?? '', folder),
      inputs: (Object.values(inputs).flat() as tf.Tensor[]).map(({ id }) => id),
      outputs: made.map(({ id, shape }) => ({ id, shape })),
    })
    return result
  }
  try {
    return body()
  } finally {
    delete engine.runKernel
    Error.stackTraceLimit = limit
  }
}

/** The function of the entry that its `forward` called. */
function stepOf(stack: string, folder: string): string | undefined {
  const frames = stack.split('\n').filter((line) => line.includes(folder))
  const forward = frames.findIndex((line) => /at (Object\.)?forward /.test(line))
  const called = frames[forward - 1]
  return called?.match(/at (?:Object\.)?([\w$]+) /)?.[1]
}
