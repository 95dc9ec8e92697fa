import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { Tensors } from './arrays.ts'
import { EngineError } from './EngineError.ts'
import { explain } from './explainTracing.ts'
import type { Cut } from './lowering/cutGraph.ts'
import { lowerInTwo, lowerTrace } from './lowering/lowerTrace.ts'
import { mendGradients } from './mendGradients.ts'
import { writeOnnx } from './onnxModel.ts'
import type { OnnxGraph, OnnxPort } from './onnxModel.ts'
import type { Trace, TracedValue } from './Trace.ts'
import { traceBackend, traceBackendName } from './TraceBackend.ts'

/** Name, shape and element type of an input or output of a compiled graph. */
export interface GraphInput {
  readonly name: string
  /** Length of each axis, none of them 0; graphs are made for fixed shapes. */
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
}

/** A tfjs function as a file that ONNX Runtime runs. */
export interface CompiledGraph {
  /** ONNX file (operator set 20, and FusedMatMul of ONNX Runtime). */
  readonly onnx: Uint8Array
  /** Inputs that the graph reads, including those added while tracing; unused ones are dropped. */
  readonly inputs: readonly GraphInput[]
  /** What `build` returned, in its order; booleans as int32. */
  readonly outputs: readonly GraphInput[]
  /** Kernels recorded, and operators left after simplification. */
  readonly size: { readonly traced: number; readonly nodes: number }
}

/** How to compile. */
export interface CompileOptions {
  /**
   * How segment sums (and the gradients of `tf.gather`) add. `nd`, the default, is the fastest way and right on one intra-op thread; with more threads
   * ONNX Runtime loses updates (onnxruntime#23396), so use `elements` there.
   */
  readonly scatter?: 'nd' | 'elements'
  /** Whether to use operators of the ONNX standard alone; false, the default, takes faster ones of ONNX Runtime. */
  readonly portable?: boolean
}

/**
 * Compiles a function of plain tf ops into one ONNX graph, by running it once on placeholders and recording the kernels that tfjs asks for.
 *
 * What `build` does in JavaScript happens once, while compiling: loops unroll, and numbers that it draws (`Math.random`) are the same in every run. tfjs's
 * own random ops are refused; take random numbers from inputs. Indices of `tf.gather` must be in range: negative ones count from the end, others make
 * the run fail. Ids out of range of `tf.unsortedSegmentSum` are dropped, as in tfjs.
 *
 * The backend of tfjs is the same afterwards, and no tensor is left behind, whether `build` succeeds or throws.
 *
 * @param inputs what the graph is fed with.
 * @param build receives one placeholder per input and returns named outputs; it may call `tf.grads` and the like. `addInput` makes a further
 * placeholder while tracing (random numbers).
 * @throws EngineError for an op that cannot be compiled or differentiated, a value read while tracing, random numbers drawn in JavaScript, empty axes,
 * names that are not unique, or inputs that an op does not take. Errors of `build` itself pass unchanged.
 */
export function compileGraph(
  inputs: readonly GraphInput[],
  build: GraphBuilder,
  options?: CompileOptions,
): CompiledGraph {
  const { graph, trace } = lowerFunction(inputs, build, options)
  return toCompiledGraph(graph, trace)
}

/**
 * Compiles a function into two graphs: the second reads an input that is made of what the first returned, and values that
 * the first saved for it (outputs behind its own, under names that begin with the prefix of the cut). For one intra-op thread.
 * @throws EngineError as {@link compileGraph}.
 */
export function compileInTwo(
  inputs: readonly GraphInput[],
  build: GraphBuilder,
  cut: Cut,
): readonly [first: CompiledGraph, second: CompiledGraph] {
  const { trace, outputs } = traceFunction(inputs, build)
  const [first, second] = lowerInTwo(trace, outputs, 'nd', cut)
  return [toCompiledGraph(first, trace), toCompiledGraph(second, trace)]
}

function toCompiledGraph(graph: OnnxGraph, { length: traced }: Trace): CompiledGraph {
  return {
    onnx: writeOnnx(graph),
    inputs: graph.inputs.map(toGraphInput),
    outputs: graph.outputs.map(toGraphInput),
    size: { traced, nodes: graph.nodes.length },
  }
}

/** A function to compile: receives a placeholder for every input, may add further ones, and returns named outputs. */
export type GraphBuilder = (tensors: Tensors, addInput: (input: GraphInput) => Tensor) => Tensors

/** What {@link compileGraph} writes to a file: the operators, and the recorded kernels. */
export function lowerFunction(
  inputs: readonly GraphInput[],
  build: GraphBuilder,
  { scatter = 'nd', portable = false }: CompileOptions = {},
): { readonly graph: OnnxGraph; readonly trace: Trace } {
  const { trace, outputs } = traceFunction(inputs, build)
  return { graph: lowerTrace(trace, outputs, scatter, portable), trace }
}

/** Runs a function once on placeholders and records its kernels. */
function traceFunction(
  inputs: readonly GraphInput[],
  build: GraphBuilder,
): { readonly trace: Trace; readonly outputs: readonly [string, TracedValue][] } {
  const backend = traceBackend()
  mendGradients()
  const names = new Set<string>()
  const addInput = (input: GraphInput): Tensor => {
    checkInput(input, names)
    return backend.placeholder(input.name, input)
  }
  let outputs: [string, TracedValue][] = []
  const trace = backend.record(() =>
    onBackend(traceBackendName, () =>
      withoutKeeping(() => {
        const tensors = Object.fromEntries(inputs.map((input) => [input.name, addInput(input)]))
        const results = explain(() => build(tensors, addInput))
        outputs = namedOutputs(results, names).map(([name, tensor]) => [
          name,
          backend.tracedValue(tensor),
        ])
      }),
    ),
  )
  return { trace, outputs }
}

/** Runs `body` with another backend of tfjs. Switching between ready backends happens at once, although tfjs returns a promise. */
function onBackend(name: string, body: () => void): void {
  // Asking for the backend makes tfjs choose one if it has not yet; this throws if the choice is still loading.
  let previous: string
  try {
    tf.backend()
    previous = tf.getBackend()
  } catch (error) {
    throw new EngineError(
      `TensorFlow.js is not ready (${(error as Error).message}). Call 'await tf.ready()' before compiling.`,
    )
  }
  void tf.setBackend(name)
  try {
    body()
  } finally {
    void tf.setBackend(previous)
  }
}

/** Runs `body` and disposes of every tensor that it made, even those marked with `tf.keep` (tfjs marks what gradients need and forgets it on errors). */
function withoutKeeping(body: () => void): void {
  const engine = tf.engine()
  const kept: Tensor[] = []
  const firstId = (engine as unknown as { nextTensorId(): number }).nextTensorId()
  const shadowed = engine as { keep?: typeof engine.keep }
  // Hides the method of the class for a while.
  shadowed.keep = (tensor) => {
    tensor.kept = true
    if (tensor.id >= firstId) kept.push(tensor)
    return tensor
  }
  try {
    tf.tidy(body)
  } finally {
    delete shadowed.keep
    for (const tensor of kept) tensor.dispose()
  }
}

function checkInput({ name, shape, dtype }: GraphInput, names: Set<string>): void {
  const where = `Input '${name}' of the graph`
  if (names.has(name))
    throw new EngineError(`${where} was declared twice. Give every input a name of its own.`)
  if (name === '' || name.startsWith('%'))
    throw new EngineError(`${where} has a reserved name. Use one that does not begin with '%'.`)
  if (!shape.every((length) => Number.isInteger(length) && length > 0))
    throw new EngineError(
      `${where} has shape [${shape.join(', ')}], but the axes of a compiled graph must be whole numbers from 1. Pad empty axes with one row.`,
    )
  if (dtype !== 'float32' && dtype !== 'int32')
    throw new EngineError(
      `${where} has type ${String(dtype)}. Use float32, or int32 for indices; feed booleans as numbers.`,
    )
  names.add(name)
}

function namedOutputs(results: Tensors, inputNames: ReadonlySet<string>): [string, Tensor][] {
  const entries = Object.entries(results)
  if (entries.length === 0)
    throw new EngineError(
      'The compiled function returned no outputs. Return an object of named tensors, and no promise.',
    )
  for (const [name, tensor] of entries) {
    if (!(tensor instanceof tf.Tensor))
      throw new EngineError(`Output '${name}' of the compiled function is not a tensor.`)
    if (name === '' || name.startsWith('%') || inputNames.has(name))
      throw new EngineError(
        `Output '${name}' has the name of an input or a reserved one. Choose another name for it.`,
      )
  }
  return entries
}

function toGraphInput({ name, shape, dtype }: OnnxPort): GraphInput {
  return { name, shape, dtype: dtype as GraphInput['dtype'] }
}
