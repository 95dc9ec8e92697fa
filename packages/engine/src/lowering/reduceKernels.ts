import { positiveAxis, reducedAxes } from '../traceKernels.ts'
import { arithmetic, cast } from './elementwise.ts'
import type { Graph, Value } from './Graph.ts'
import type { Lowering, Lowerings } from './Lowering.ts'
import { mean, reduce, sum } from './reduce.ts'
import { concat, slice } from './shapes.ts'

/** A reduction in the type of its result; booleans reduce as integers. */
function reduction(
  compute: (graph: Graph, x: Value, axes: readonly number[], keep: boolean) => Value,
): Lowering {
  return (graph, [x], { attributes, outputs }) => {
    const { dtype } = outputs[0]!
    const value = x!.dtype === 'bool' ? cast(graph, x!, 'int32') : x!
    const axes = reducedAxes(attributes, value.shape.length)
    return cast(graph, compute(graph, value, axes, Boolean(attributes.keepDims)), dtype)
  }
}

function plain(op: string): Lowering {
  return reduction((graph, x, axes, keep) => reduce(graph, op, x, axes, keep))
}

function positionOf(op: string): Lowering {
  return (graph, [x], { attributes, outputs }) => {
    const [axis] = reducedAxes(attributes, x!.shape.length)
    // Of equal elements the first counts, in tfjs as in ONNX.
    const settings = { axis: axis!, keepdims: 0, select_last_index: 0 }
    const value = x!.dtype === 'bool' ? cast(graph, x!, 'int32') : x!
    return cast(graph, graph.value(op, [value], settings, outputs[0]!.shape, 'int64'), 'int32')
  }
}

/** Part of an array along one axis. */
function range(graph: Graph, value: Value, axis: number, from: number, to: number): Value {
  const begin = value.shape.map(() => 0).with(axis, from)
  return slice(graph, value, begin, value.shape.with(axis, to - from))
}

/** Running product. ONNX has none: products over windows of 1, 2, 4, ... elements double up in log2(length) steps (Hillis and Steele 1986). */
function runningProduct(
  graph: Graph,
  x: Value,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
): Value {
  const length = x.shape[axis]!
  const join = (first: Value, second: Value) =>
    concat(graph, reverse ? [second, first] : [first, second], axis)
  /** The `count` elements where the running starts, and those before the last `count`: in reverse order from the other end. */
  const head = (value: Value, count: number) =>
    reverse
      ? range(graph, value, axis, length - count, length)
      : range(graph, value, axis, 0, count)
  const tail = (value: Value, count: number) =>
    reverse
      ? range(graph, value, axis, 0, length - count)
      : range(graph, value, axis, count, length)

  let product = x
  if (exclusive) {
    const one = graph.uniform(1, x.shape.with(axis, 1), x.dtype)
    product = length === 1 ? one : join(one, head(x, length - 1))
  }
  for (let window = 1; window < length; window *= 2) {
    const extended = arithmetic(graph, 'Mul', tail(product, window), head(product, length - window))
    product = join(head(product, window), extended)
  }
  return product
}

/** Kernels that reduce or accumulate along axes. */
export const reduceKernels: Lowerings = {
  Sum: reduction(sum),
  Mean: reduction(mean),
  Max: plain('ReduceMax'),
  Min: plain('ReduceMin'),
  Prod: plain('ReduceProd'),
  All: plain('ReduceMin'),
  Any: plain('ReduceMax'),
  ArgMax: positionOf('ArgMax'),
  ArgMin: positionOf('ArgMin'),
  Softmax: (graph, [logits]) =>
    graph.value('Softmax', [logits!], { axis: -1 }, logits!.shape, logits!.dtype),
  Cumsum: (graph, [x], { attributes, outputs }) => {
    const { shape, dtype } = outputs[0]!
    const axis = graph.scalar(positiveAxis(attributes.axis as number, shape.length), 'int64')
    const flags = { exclusive: attributes.exclusive ? 1 : 0, reverse: attributes.reverse ? 1 : 0 }
    return graph.value('CumSum', [cast(graph, x!, dtype), axis], flags, shape, dtype)
  },
  Cumprod: (graph, [x], { attributes, outputs }) => {
    const { shape, dtype } = outputs[0]!
    const axis = positiveAxis(attributes.axis as number, shape.length)
    return runningProduct(
      graph,
      cast(graph, x!, dtype),
      axis,
      Boolean(attributes.exclusive),
      Boolean(attributes.reverse),
    )
  },
}
