import { sizeOf } from '../arrays.ts'
import { positiveAxis } from '../traceKernels.ts'
import { arithmetic, cast, elementwise, where } from './elementwise.ts'
import type { Graph, Value } from './Graph.ts'
import { uniformOf } from './Graph.ts'
import type { Lowerings } from './Lowering.ts'
import { sum } from './reduce.ts'
import { expand, reshape, slice, transpose } from './shapes.ts'

/**
 * Picks elements along an axis. Indices from `-length` to -1 count from the end (tfjs-cpu refuses them); others out of range make the run fail.
 */
export function gather(graph: Graph, x: Value, indices: Value, axis: number): Value {
  const shape = x.shape.toSpliced(axis, 1, ...indices.shape)
  const uniform = uniformOf(x)
  if (uniform !== undefined) return graph.uniform(uniform, shape, x.dtype)
  return graph.value('Gather', [x, indices], { axis }, shape, x.dtype)
}

/** Picks along an axis with separate indices for each element of the first `batchAxes` axes. */
function gatherInBatches(
  graph: Graph,
  x: Value,
  indices: Value,
  axis: number,
  batchAxes: number,
): Value {
  // Axes between the batch and the gathered axis go behind it for a while.
  const between = Array.from({ length: axis - batchAxes }, (_, i) => batchAxes + i)
  const order = x.shape.map((_, i) => i).filter((i) => !between.includes(i))
  order.splice(batchAxes + 1, 0, ...between)
  const moved = transpose(graph, x, order)

  // With batch and gathered axis as one, every batch finds its elements after those of the batches before it.
  const batches = sizeOf(x.shape.slice(0, batchAxes))
  const length = x.shape[axis]!
  const rest = moved.shape.slice(batchAxes + 1)
  const rows = reshape(graph, moved, [batches * length, ...rest])
  const picks = indices.shape.slice(batchAxes)
  const starts = Array.from({ length: batches }, (_, batch) => batch * length)
  const positions = arithmetic(
    graph,
    'Add',
    reshape(graph, cast(graph, indices, 'int32'), [batches, sizeOf(picks)]),
    graph.constant(starts, [batches, 1], 'int32'),
  )
  const flat = gather(graph, rows, reshape(graph, positions, [batches * sizeOf(picks)]), 0)

  const apart = reshape(graph, flat, [...x.shape.slice(0, batchAxes), ...picks, ...rest])
  const back = apart.shape.map((_, i) => i)
  back.splice(batchAxes + picks.length, between.length)
  back.splice(batchAxes, 0, ...between.map((_, i) => batchAxes + picks.length + i))
  return transpose(graph, apart, back)
}

/**
 * Sums rows by segment. Rows whose id is negative or not below `segments` are dropped, as in tfjs; this costs an extra row where they go.
 *
 * ONNX Runtime's ScatterND with reduction "add" loses updates on the CPU when it runs on more than one intra-op thread
 * (onnxruntime#23396). Graphs of this package run on one thread, where it is right and fastest; ScatterElements is right on any number.
 */
export function segmentSum(graph: Graph, x: Value, ids: Value, segments: number): Value {
  const { dtype } = x
  const rows = x.shape.slice(1)
  const isInside = elementwise(
    graph,
    'And',
    [
      elementwise(graph, 'GreaterOrEqual', [ids, graph.scalar(0, 'int32')], 'bool'),
      elementwise(graph, 'Less', [ids, graph.scalar(segments, 'int32')], 'bool'),
    ],
    'bool',
  )
  const targets = cast(graph, where(graph, isInside, ids, graph.scalar(segments, 'int32')), 'int64')
  const start = graph.uniform(0, [segments + 1, ...rows], dtype)
  const column = reshape(graph, targets, [ids.shape[0]!, ...rows.map(() => 1)])
  const summed =
    graph.scatter === 'elements'
      ? graph.value(
          'ScatterElements',
          [start, expand(graph, column, x.shape), x],
          { axis: 0, reduction: 'add' },
          start.shape,
          dtype,
        )
      : graph.value(
          'ScatterND',
          [start, reshape(graph, targets, [ids.shape[0]!, 1]), x],
          { reduction: 'add' },
          start.shape,
          dtype,
        )
  return slice(
    graph,
    summed,
    start.shape.map(() => 0),
    [segments, ...rows],
  )
}

/** Kernels that address elements by indices. */
export const indexKernels: Lowerings = {
  GatherV2: (graph, [x, indices], { attributes }) => {
    const axis = positiveAxis(attributes.axis as number, x!.shape.length)
    const batchAxes = positiveAxis(
      (attributes.batchDims as number | undefined) ?? 0,
      indices!.shape.length,
    )
    const positions = cast(graph, indices!, 'int32')
    return batchAxes === 0
      ? gather(graph, x!, positions, axis)
      : gatherInBatches(graph, x!, positions, axis, batchAxes)
  },
  UnsortedSegmentSum: (graph, [x, ids], { attributes, outputs }) => {
    const { dtype } = outputs[0]!
    const working = dtype === 'bool' ? 'int32' : dtype
    const segments = attributes.numSegments as number
    const sums = segmentSum(graph, cast(graph, x!, working), cast(graph, ids!, 'int32'), segments)
    return cast(graph, sums, dtype)
  },
  GatherNd: (graph, [params, indices], { outputs }) => {
    const { shape, dtype } = outputs[0]!
    const positions = cast(graph, indices!, 'int64')
    return graph.value('GatherND', [params!, positions], { batch_dims: 0 }, shape, dtype)
  },
  // Rows of the axes that are addressed, joined to one axis, are segments.
  ScatterNd: (graph, [indices, updates], { outputs }) => {
    const { shape, dtype } = outputs[0]!
    const depth = indices!.shape.at(-1)!
    const lengths = shape.slice(0, depth)
    const strides = lengths.map((_, axis) => sizeOf(lengths.slice(axis + 1)))
    const weighted = arithmetic(
      graph,
      'Mul',
      cast(graph, indices!, 'int32'),
      graph.constant(strides, [depth], 'int32'),
    )
    const count = sizeOf(indices!.shape.slice(0, -1))
    const ids = reshape(graph, sum(graph, weighted, [indices!.shape.length - 1], false), [count])
    const working = dtype === 'bool' ? 'int32' : dtype
    const rows = reshape(graph, cast(graph, updates!, working), [count, ...shape.slice(depth)])
    const sums = segmentSum(graph, rows, ids, sizeOf(lengths))
    return cast(graph, reshape(graph, sums, shape), dtype)
  },
  // Comparing with 0 .. depth - 1 leaves indices out of range without a mark, as tfjs does; ONNX OneHot would count negative ones from the end.
  OneHot: (graph, [indices], { attributes, outputs }) => {
    const { shape, dtype } = outputs[0]!
    const { depth, onValue, offValue } = attributes as Record<string, number | undefined>
    const column = reshape(graph, cast(graph, indices!, 'int32'), [...indices!.shape, 1])
    const classes = Array.from({ length: depth! }, (_, i) => i)
    const isClass = elementwise(
      graph,
      'Equal',
      [column, graph.constant(classes, [depth!], 'int32')],
      'bool',
    )
    const [on, off] = [onValue ?? 1, offValue ?? 0]
    if (on === 1 && off === 0) return expand(graph, cast(graph, isClass, dtype), shape)
    return where(graph, isClass, graph.uniform(on, shape, dtype), graph.scalar(off, dtype))
  },
}
