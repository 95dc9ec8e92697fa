import { sizeOf } from '../arrays.ts'
import { arithmetic, cast, negate } from './elementwise.ts'
import type { Graph, Value } from './Graph.ts'
import { uniformOf } from './Graph.ts'
import { expand, reshape } from './shapes.ts'

/** Shape after reducing `axes`; they stay with length 1, or vanish. */
function reducedShape(shape: readonly number[], axes: readonly number[], keep: boolean): number[] {
  return shape.flatMap((length, axis) => (axes.includes(axis) ? (keep ? [1] : []) : [length]))
}

/** The same array with leading axes of length 1 up to a rank. */
function aligned(graph: Graph, value: Value, rank: number): Value {
  const missing = Array.from({ length: rank - value.shape.length }, () => 1)
  return reshape(graph, value, [...missing, ...value.shape])
}

function isShort(value: Value, axes: readonly number[]): boolean {
  return axes.every((axis) => value.shape[axis] === 1)
}

/** Any ONNX reduction over axes. */
export function reduce(
  graph: Graph,
  op: string,
  value: Value,
  axes: readonly number[],
  keep: boolean,
): Value {
  const shape = reducedShape(value.shape, axes, keep)
  if (isShort(value, axes)) return reshape(graph, value, shape)
  return graph.value(
    op,
    [value, graph.integers(axes)],
    { keepdims: keep ? 1 : 0 },
    shape,
    value.dtype,
  )
}

/**
 * Sum over axes, without touching more elements than needed:
 * - a sum of equal numbers is a product (constants, and arrays that were only repeated along the summed axes);
 * - factors, divisors and signs that do not vary along the summed axes move out: `sum(a * x) = a * sum(x)`. So the sum over one side of an outer
 *   product never makes the product.
 */
export function sum(graph: Graph, value: Value, axes: readonly number[], keep: boolean): Value {
  const shape = reducedShape(value.shape, axes, keep)
  const rank = value.shape.length
  if (isShort(value, axes)) return reshape(graph, value, shape)

  const uniform = uniformOf(value)
  const count = sizeOf(axes.map((axis) => value.shape[axis]!))
  if (uniform !== undefined && value.dtype === 'float32')
    return graph.uniform(Math.fround(uniform * count), shape, value.dtype)

  if (value.op === 'Expand') {
    const source = aligned(graph, value.inputs[0]!, rank)
    const repeats = axes.map((axis) => value.shape[axis]! / source.shape[axis]!)
    const factor = graph.scalar(sizeOf(repeats), value.dtype)
    return expand(graph, arithmetic(graph, 'Mul', sum(graph, source, axes, keep), factor), shape)
  }
  if (value.op === 'Neg') return negate(graph, sum(graph, value.inputs[0]!, axes, keep))
  if (value.dtype === 'float32' && (value.op === 'Mul' || value.op === 'Div')) {
    const [a, b] = value.inputs.map((input) => aligned(graph, input, rank)) as [Value, Value]
    const moveOut = (steady: Value) =>
      reshape(graph, steady, reducedShape(steady.shape, axes, keep))
    if (isShort(b, axes)) return arithmetic(graph, value.op, sum(graph, a, axes, keep), moveOut(b))
    if (value.op === 'Mul' && isShort(a, axes))
      return arithmetic(graph, 'Mul', moveOut(a), sum(graph, b, axes, keep))
  }
  return reduce(graph, 'ReduceSum', value, axes, keep)
}

/** Mean over axes, of floats. */
export function mean(graph: Graph, value: Value, axes: readonly number[], keep: boolean): Value {
  const count = sizeOf(axes.map((axis) => value.shape[axis]!))
  return arithmetic(
    graph,
    'Div',
    sum(graph, cast(graph, value, 'float32'), axes, keep),
    graph.scalar(count),
  )
}
