import type { TracedNode } from '../Trace.ts'
import type { Graph, Value } from './Graph.ts'

/**
 * Rewrites one tfjs kernel into ONNX operators.
 *
 * @param graph where to make values.
 * @param inputs the kernel's operands, already lowered.
 * @param node the recorded kernel: attributes and output types. Every attribute of the kernel must be honoured: a dropped one trains on wrong gradients.
 * @returns the kernel's output or outputs, of the recorded types.
 */
export type Lowering = (
  graph: Graph,
  inputs: readonly Value[],
  node: TracedNode,
) => Value | readonly Value[]

/** Lowerings by name of the tfjs kernel. */
export type Lowerings = Readonly<Record<string, Lowering>>
