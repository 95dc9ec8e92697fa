import { EngineError } from '../EngineError.ts'
import type { OnnxGraph } from '../onnxModel.ts'
import type { Trace, TracedNode, TracedValue } from '../Trace.ts'
import { cast } from './elementwise.ts'
import { elementwiseKernels } from './elementwiseKernels.ts'
import { cutGraph, type Cut } from './cutGraph.ts'
import { emit, type NamedValue } from './emit.ts'
import { Graph } from './Graph.ts'
import type { Value } from './Graph.ts'
import { indexKernels } from './indexKernels.ts'
import type { Lowerings } from './Lowering.ts'
import { matrixKernels } from './matrixKernels.ts'
import { mergeProducts } from './mergeProducts.ts'
import { reduceKernels } from './reduceKernels.ts'
import { rewrite } from './rewrite.ts'
import { shapeKernels } from './shapeKernels.ts'

/** Every kernel that can be compiled. */
export const lowerings: Lowerings = {
  Input: (graph, _, { attributes, outputs: [type] }) =>
    graph.value('Input', [], { name: attributes.name as string }, type!.shape, type!.dtype),
  Constant: (graph, _, { attributes, outputs: [type] }) =>
    graph.constant(attributes.values as ArrayLike<number>, type!.shape, type!.dtype),
  ...elementwiseKernels,
  ...shapeKernels,
  ...reduceKernels,
  ...matrixKernels,
  ...indexKernels,
}

/**
 * Turns recorded tfjs kernels into an ONNX graph, simplified on the way.
 *
 * @param trace what was recorded.
 * @param outputs the values to return, by name; booleans are returned as int32.
 * @param scatter how segment sums add: `nd` is fastest and right on one intra-op thread, `elements` is right on any number.
 * @param portable whether to use operators of the ONNX standard alone.
 */
export function lowerTrace(
  trace: Trace,
  outputs: readonly (readonly [name: string, value: TracedValue])[],
  scatter: 'nd' | 'elements',
  portable = false,
): OnnxGraph {
  const graph = new Graph(scatter, portable)
  return emit(graph, lowerOutputs(graph, trace, outputs))
}

/** The same as two graphs: see {@link cutGraph}. */
export function lowerInTwo(
  trace: Trace,
  outputs: readonly (readonly [name: string, value: TracedValue])[],
  scatter: 'nd' | 'elements',
  cut: Cut,
): readonly [first: OnnxGraph, second: OnnxGraph] {
  const graph = new Graph(scatter)
  const { first, second, saved } = cutGraph(graph, lowerOutputs(graph, trace, outputs), cut)
  return [emit(graph, first), emit(graph, second, saved)]
}

function lowerOutputs(
  graph: Graph,
  trace: Trace,
  outputs: readonly (readonly [name: string, value: TracedValue])[],
): NamedValue[] {
  const needed = neededNodes(
    trace,
    outputs.map(([, { node }]) => node),
  )
  const lowered = new Map<TracedNode, readonly Value[]>()
  const valueOf = ({ node, index }: TracedValue): Value => {
    if (!lowered.has(node)) {
      // Constants may have been made before tracing began; anything else from outside has no value.
      if (node.kernel !== 'Constant')
        throw new EngineError(
          `The compiled function uses a tensor (a result of ${node.kernel}) that was kept from an earlier compilation. Compute it inside of the function.`,
        )
      lowered.set(node, lower(graph, node, []))
    }
    return lowered.get(node)![index]!
  }
  for (const node of trace)
    if (needed.has(node)) lowered.set(node, lower(graph, node, node.inputs.map(valueOf)))

  const roots = outputs.map(([name, output]) => {
    const value = valueOf(output)
    return { name, value: value.dtype === 'bool' ? cast(graph, value, 'int32') : value }
  })
  const better = mergeProducts(
    graph,
    rewrite(
      graph,
      roots.map(({ value }) => value),
    ),
  )
  return roots.map(({ name }, k) => ({ name, value: better[k]! }))
}

function lower(graph: Graph, node: TracedNode, inputs: readonly Value[]): readonly Value[] {
  const lowering = lowerings[node.kernel]
  if (!lowering)
    throw new EngineError(
      `The tfjs kernel ${node.kernel} cannot be compiled. Write it with other tf ops.`,
    )
  const result = lowering(graph, inputs, node)
  return Array.isArray(result) ? (result as readonly Value[]) : [result as Value]
}

/** The nodes that the outputs depend on. */
function neededNodes(trace: Trace, roots: readonly TracedNode[]): Set<TracedNode> {
  const needed = new Set(roots)
  for (const node of trace.toReversed())
    if (needed.has(node)) for (const input of node.inputs) needed.add(input.node)
  return needed
}
