import { sizeOf } from '../arrays.ts'
import type { Graph, Value } from './Graph.ts'
import { sameShape, uniformOf } from './Graph.ts'

/** Another shape of the same elements. Chains merge; constants change shape at once; nothing happens if the shape is right already. */
export function reshape(graph: Graph, value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value
  if (value.op === 'Reshape') return reshape(graph, value.inputs[0]!, shape)
  const uniform = uniformOf(value)
  if (uniform !== undefined) return graph.uniform(uniform, shape, value.dtype)
  return graph.value('Reshape', [value, graph.integers(shape)], {}, shape, value.dtype)
}

/** Repeats axes of length 1 (and missing leading axes). Kept as outermost as possible: see {@link elementwise}. */
export function expand(graph: Graph, value: Value, shape: readonly number[]): Value {
  if (sameShape(value.shape, shape)) return value
  const uniform = uniformOf(value)
  if (uniform !== undefined) return graph.uniform(uniform, shape, value.dtype)
  if (value.op === 'Expand') return expand(graph, value.inputs[0]!, shape)
  if (sizeOf(value.shape) === sizeOf(shape)) return reshape(graph, value, shape)
  return graph.value('Expand', [value, graph.integers(shape)], {}, shape, value.dtype)
}

/** Reorders axes. Chains merge, and if only axes of length 1 move, a reshape does it without copying. */
export function transpose(graph: Graph, value: Value, order: readonly number[]): Value {
  if (order.every((from, to) => from === to)) return value
  const shape = order.map((axis) => value.shape[axis]!)
  if (value.op === 'Transpose') {
    const before = value.attributes.perm as readonly number[]
    return transpose(
      graph,
      value.inputs[0]!,
      order.map((axis) => before[axis]!),
    )
  }
  const long = order.filter((axis) => value.shape[axis] !== 1)
  if (long.every((axis, i) => i === 0 || axis > long[i - 1]!)) return reshape(graph, value, shape)
  return graph.value('Transpose', [value], { perm: order }, shape, value.dtype)
}

/** A box of an array: `size` elements of each axis from `begin`. */
export function slice(
  graph: Graph,
  value: Value,
  begin: readonly number[],
  size: readonly number[],
): Value {
  if (sameShape(value.shape, size)) return value
  const uniform = uniformOf(value)
  if (uniform !== undefined) return graph.uniform(uniform, size, value.dtype)
  // Naming only the axes that are cut keeps ONNX Runtime on its fast copies.
  const axes = size.flatMap((length, axis) => (length === value.shape[axis] ? [] : [axis]))
  const starts = axes.map((axis) => begin[axis]!)
  const ends = axes.map((axis) => begin[axis]! + size[axis]!)
  return graph.value(
    'Slice',
    [value, graph.integers(starts), graph.integers(ends), graph.integers(axes)],
    {},
    size,
    value.dtype,
  )
}

/** Joins arrays along an axis. */
export function concat(graph: Graph, parts: readonly Value[], axis: number): Value {
  if (parts.length === 1) return parts[0]!
  const length = parts.reduce((sum, part) => sum + part.shape[axis]!, 0)
  const shape = parts[0]!.shape.toSpliced(axis, 1, length)
  return graph.value('Concat', parts, { axis }, shape, parts[0]!.dtype)
}

/** Cuts an array into parts along an axis. */
export function split(
  graph: Graph,
  value: Value,
  lengths: readonly number[],
  axis: number,
): Value[] {
  if (lengths.length === 1) return [value]
  const whole = graph.value(
    'Split',
    [value, graph.integers(lengths)],
    { axis },
    value.shape,
    value.dtype,
  )
  return lengths.map((length, index) =>
    graph.value('Part', [whole], { index }, value.shape.toSpliced(axis, 1, length), value.dtype),
  )
}
