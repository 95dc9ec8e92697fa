import { stridedBox } from '../stridedBox.ts'
import { positiveAxis } from '../traceKernels.ts'
import { cast } from './elementwise.ts'
import { uniformOf } from './Graph.ts'
import type { Lowering, Lowerings } from './Lowering.ts'
import { concat, expand, reshape, slice, split, transpose } from './shapes.ts'

const toRecordedShape: Lowering = (graph, [x], { outputs }) => reshape(graph, x!, outputs[0]!.shape)

function filled(value: number): Lowering {
  return (graph, _, { outputs }) => graph.uniform(value, outputs[0]!.shape, outputs[0]!.dtype)
}

/** Numbers at equal steps from `start`. */
function steps(step: (attributes: Readonly<Record<string, unknown>>) => number): Lowering {
  return (graph, _, { attributes, outputs }) => {
    const { shape, dtype } = outputs[0]!
    const width = step(attributes)
    const values = Array.from(
      { length: shape[0]! },
      (_unused, i) => (attributes.start as number) + i * width,
    )
    return graph.constant(values, shape, dtype)
  }
}

/** Kernels that move elements or make constants. */
export const shapeKernels: Lowerings = {
  Identity: (_, [x]) => x!,
  Cast: (graph, [x], { outputs }) => cast(graph, x!, outputs[0]!.dtype),
  Reshape: toRecordedShape,
  ExpandDims: toRecordedShape,
  Transpose: (graph, [x], { attributes }) =>
    transpose(graph, x!, attributes.perm as readonly number[]),
  Concat: (graph, parts, { attributes, outputs }) =>
    concat(graph, parts, positiveAxis(attributes.axis as number, outputs[0]!.shape.length)),
  Pack: (graph, parts, { attributes, outputs }) => {
    const axis = positiveAxis(attributes.axis as number, outputs[0]!.shape.length)
    const layers = parts.map((part) => reshape(graph, part, part.shape.toSpliced(axis, 0, 1)))
    return concat(graph, layers, axis)
  },
  Unpack: (graph, [value], { attributes, outputs }) => {
    const axis = positiveAxis(attributes.axis as number, value!.shape.length)
    const layers = split(
      graph,
      value!,
      outputs.map(() => 1),
      axis,
    )
    return layers.map((layer, i) => reshape(graph, layer, outputs[i]!.shape))
  },
  SplitV: (graph, [x], { attributes, outputs }) => {
    const axis = positiveAxis(attributes.axis as number, x!.shape.length)
    const lengths = outputs.map(({ shape }) => shape[axis]!)
    return split(graph, x!, lengths, axis)
  },
  Slice: (graph, [x], { attributes, outputs }) => {
    const begin = attributes.begin as number | readonly number[]
    const starts = typeof begin === 'number' ? [begin] : begin
    // tfjs fills up missing axes with 0.
    return slice(
      graph,
      x!,
      x!.shape.map((_, axis) => starts[axis] ?? 0),
      outputs[0]!.shape,
    )
  },
  StridedSlice: (graph, [x], { attributes, outputs }) => {
    const { begin, strides, lengths } = stridedBox(x!.shape, attributes)
    const axes = [...x!.shape.keys()]
    // Backwards to before the first element, which ONNX writes as a very negative end.
    const ends = axes.map((axis) => begin[axis]! + lengths[axis]! * strides[axis]!)
    const operands = [begin, ends.map((end) => (end < 0 ? -(2 ** 31) : end)), axes, strides]
    const box = operands.map((values) => graph.integers(values))
    const picked = graph.value('Slice', [x!, ...box], {}, lengths, x!.dtype)
    return reshape(graph, picked, outputs[0]!.shape)
  },
  PadV2: (graph, [x], { attributes, outputs }) => {
    const paddings = attributes.paddings as readonly (readonly [number, number])[]
    const { shape, dtype } = outputs[0]!
    const value = graph.scalar((attributes.constantValue as number | undefined) ?? 0, dtype)
    if (paddings.every(([before, after]) => before === 0 && after === 0)) return x!
    if (uniformOf(x!) !== undefined && uniformOf(x!) === uniformOf(value))
      return graph.uniform(uniformOf(value)!, shape, dtype)
    const pads = graph.integers([...paddings.map(([b]) => b), ...paddings.map(([, a]) => a)])
    return graph.value('Pad', [x!, pads, value], { mode: 'constant' }, shape, dtype)
  },
  Tile: (graph, [x], { attributes, outputs }) => {
    const repeats = attributes.reps as readonly number[]
    const { shape, dtype } = outputs[0]!
    // Repeating axes of length 1 (what tf.broadcastTo and tf.where do) costs nothing as an Expand.
    const broadcasts = repeats.every((times, axis) => times === 1 || x!.shape[axis] === 1)
    if (broadcasts || uniformOf(x!) !== undefined) {
      const uniform = uniformOf(x!)
      return uniform === undefined ? expand(graph, x!, shape) : graph.uniform(uniform, shape, dtype)
    }
    return graph.value('Tile', [x!, graph.integers(repeats)], {}, shape, dtype)
  },
  Reverse: (graph, [x], { attributes }) => {
    const given = attributes.dims as number | readonly number[]
    const axes = (typeof given === 'number' ? [given] : given).map((axis) =>
      positiveAxis(axis, x!.shape.length),
    )
    if (axes.length === 0 || uniformOf(x!) !== undefined) return x!
    // From the last element backwards to before the first one, which ONNX writes as a very negative end.
    const all = (value: number) => graph.integers(axes.map(() => value))
    const operands = [x!, all(-1), all(-(2 ** 31)), graph.integers(axes), all(-1)]
    return graph.value('Slice', operands, {}, x!.shape, x!.dtype)
  },
  Fill: (graph, inputs, node) => filled(node.attributes.value as number)(graph, inputs, node),
  ZerosLike: filled(0),
  OnesLike: filled(1),
  LinSpace: steps(({ start, stop, num }) =>
    num === 1 ? 0 : ((stop as number) - (start as number)) / ((num as number) - 1),
  ),
  Range: steps(({ start, stop, step }) =>
    // tfjs turns the default step round if it points away.
    step === 1 && (stop as number) < (start as number) ? -1 : (step as number),
  ),
}
