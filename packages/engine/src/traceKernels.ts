import * as tf from '@tensorflow/tfjs'
import { EngineError } from './EngineError.ts'
import { calledAt } from './modelLine.ts'
import { stridedBox } from './stridedBox.ts'
import type { ElementType, KernelAttributes, ValueType } from './Trace.ts'

/** What the recording backend must know of a tfjs kernel: the order of its tensors and the types of its outputs. */
export interface TraceKernel {
  /** Names of the input tensors in order; optional ones may be absent at the end. Ignored by kernels that take a list. */
  readonly inputs: readonly string[]
  /** Shape inference: one output, or a list for kernels that return a list. */
  outputs(
    inputs: readonly ValueType[],
    attributes: KernelAttributes,
  ): ValueType | readonly ValueType[]
}

/** A non-negative axis out of one that may count from the end. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

/** Axes that a reduction removes, non-negative and ascending; no `axis` attribute means all of them. */
export function reducedAxes(attributes: KernelAttributes, rank: number): number[] {
  const given = (attributes.axis ?? attributes.reductionIndices) as number | number[] | undefined
  if (given === undefined || given === null) return Array.from({ length: rank }, (_, i) => i)
  const axes = (typeof given === 'number' ? [given] : given).map((axis) => positiveAxis(axis, rank))
  return [...new Set(axes)].toSorted((a, b) => a - b)
}

const kernels: Record<string, TraceKernel> = {}

function define(names: string, inputs: string, outputs: TraceKernel['outputs']): void {
  for (const name of names.split(' '))
    kernels[name] = { inputs: inputs === '' ? [] : inputs.split(' '), outputs }
}

/** A wrong shape: ONNX Runtime would tell of it later, without the line. */
function refuse(kernel: string, what: string): never {
  throw new EngineError(
    `${calledAt()}: ${kernel === '' ? 'it' : `the op ${kernel}`} is given ${what}.`,
  )
}
const words = ({ shape }: ValueType): string => `[${shape.join(', ')}]`

const broadcast = (a: ValueType, b: ValueType, dtype: ElementType): ValueType => ({
  shape: tf.backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]),
  dtype,
})
const upcast = (a: ElementType, b: ElementType) => tf.upcastType(a, b) as ElementType
/** tfjs sums, multiplies and accumulates booleans as integers. */
const summable = (dtype: ElementType): ElementType => (dtype === 'bool' ? 'int32' : dtype)
const withAxis = (shape: readonly number[], axis: number, length: number) =>
  shape.toSpliced(axis, 1, length)

/** Kernels that compute with numbers: tfjs takes booleans as well, but the backends do not agree on what comes out. */
function defineNumeric(
  names: string,
  inputs: string,
  type: (operands: readonly ValueType[]) => ValueType,
) {
  for (const name of names.split(' '))
    define(name, inputs, (operands) => {
      const result = type(operands)
      if (result.dtype === 'bool')
        throw new EngineError(
          `${calledAt()}: the op ${name} of booleans cannot be compiled. Turn them into numbers with tf.cast first.`,
        )
      return result
    })
}
defineNumeric('Add Sub RealDiv Pow SquaredDifference Mod Atan2', 'a b', ([a, b]) =>
  broadcast(a!, b!, upcast(a!.dtype, b!.dtype)),
)
define('Multiply Maximum Minimum', 'a b', ([a, b]) => broadcast(a!, b!, upcast(a!.dtype, b!.dtype)))
define('FloorDiv', 'a b', ([a, b]) => broadcast(a!, b!, 'int32'))
define('Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr', 'a b', ([a, b]) =>
  broadcast(a!, b!, 'bool'),
)
define('LogicalNot IsNan IsInf IsFinite', 'x', ([x]) => ({ shape: x!.shape, dtype: 'bool' }))
defineNumeric(
  'Neg Log Log1p Expm1 Sqrt Rsqrt Square Abs Sign Sigmoid Tanh Relu Relu6 Elu Selu Softplus Erf Step Reciprocal ' +
    'Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Floor Ceil Round ClipByValue',
  'x',
  ([x]) => x!,
)
// Of integers, tfjs gives these two as floats, and cuts off the fractions of the others.
defineNumeric('Exp LeakyRelu', 'x', ([x]) => ({
  shape: x!.shape,
  dtype: x!.dtype === 'bool' ? 'bool' : 'float32',
}))
define('ZerosLike OnesLike Identity Reverse', 'x', ([x]) => x!)
define('EluGrad', 'dy y', ([dy]) => dy!)
define('Prelu', 'x alpha', ([x]) => x!)
define('Softmax', 'logits', ([logits]) => logits!)
define('Cumsum Cumprod', 'x', ([x]) => ({ shape: x!.shape, dtype: summable(x!.dtype) }))
defineNumeric('AddN', '', (terms) => terms[0]!)
define('Cast', 'x', ([x], { dtype }) => ({ shape: x!.shape, dtype: dtype as ElementType }))
define('Reshape', 'x', ([x], { shape }) => ({
  shape: tf.util.inferFromImplicitShape(
    [...(shape as number[])],
    tf.util.sizeFromShape([...x!.shape]),
  ),
  dtype: x!.dtype,
}))
define('ExpandDims', 'input', ([input], { dim }) => ({
  shape: input!.shape.toSpliced(positiveAxis(dim as number, input!.shape.length + 1), 0, 1),
  dtype: input!.dtype,
}))
define('Transpose', 'x', ([x], { perm }) => {
  const order = perm as number[]
  if (new Set(order).size < order.length) {
    refuse('Transpose', `the order [${order.join(', ')}], in which an axis occurs twice`)
  }
  return { shape: order.map((axis) => x!.shape[axis]!), dtype: x!.dtype }
})

function reduced(x: ValueType, attributes: KernelAttributes, dtype: ElementType): ValueType {
  const axes = reducedAxes(attributes, x.shape.length)
  const outside = axes.find((axis) => !(axis >= 0 && axis < x.shape.length))
  if (outside !== undefined) {
    refuse('', `the axis ${outside} of values of shape ${words(x)}`)
  }
  const shape = attributes.keepDims
    ? x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
    : x.shape.filter((_, axis) => !axes.includes(axis))
  return { shape, dtype }
}
define('Sum Prod', 'x', ([x], attributes) => reduced(x!, attributes, summable(x!.dtype)))
define('Max Min', 'x', ([x], attributes) => reduced(x!, attributes, x!.dtype))
define('Mean', 'x', ([x], attributes) => reduced(x!, attributes, 'float32'))
define('All Any', 'x', ([x], attributes) => reduced(x!, attributes, 'bool'))
define('ArgMax ArgMin', 'x', ([x], attributes) => reduced(x!, attributes, 'int32'))

const matrixProduct: TraceKernel['outputs'] = ([a, b], { transposeA, transposeB }) => {
  if (a!.dtype !== 'float32' || b!.dtype !== 'float32')
    throw new EngineError(
      `${calledAt()}: the op BatchMatMul of ${a!.dtype} and ${b!.dtype} cannot be compiled. Cast both to float32 first.`,
    )
  const inner = [a!.shape.at(transposeA ? -2 : -1), b!.shape.at(transposeB ? -1 : -2)]
  if (inner[0] !== inner[1]) {
    refuse(
      'BatchMatMul',
      `matrices of shape ${words(a!)}${transposeA ? ' transposed' : ''} and ${words(b!)}${transposeB ? ' transposed' : ''}. The inner lengths ${inner.join(' and ')} must be the same`,
    )
  }
  const shape = [
    ...tf.backend_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2)),
    a!.shape.at(transposeA ? -1 : -2)!,
    b!.shape.at(transposeB ? -2 : -1)!,
  ]
  return { shape, dtype: 'float32' }
}
define('BatchMatMul', 'a b', matrixProduct)
define('_FusedMatMul', 'a b bias preluActivationWeights', matrixProduct)

define('Concat', '', (parts, attributes) => {
  const shapes = parts.map(({ shape }) => [...shape])
  const axis = positiveAxis(attributes.axis as number, shapes[0]!.length)
  tf.backend_util.assertParamsConsistent(shapes, axis)
  return { shape: tf.backend_util.computeOutShape(shapes, axis), dtype: parts[0]!.dtype }
})
define('Pack', '', (parts, { axis }) => {
  const [first] = parts.map(words)
  const other = parts.map(words).find((shape) => shape !== first)
  if (other !== undefined) {
    refuse('Pack', `tensors of shape ${first} and ${other}. All must have the same`)
  }
  return {
    shape: parts[0]!.shape.toSpliced(
      positiveAxis(axis as number, parts[0]!.shape.length + 1),
      0,
      parts.length,
    ),
    dtype: parts[0]!.dtype,
  }
})
define('Unpack', 'value', ([value], attributes) => {
  const axis = positiveAxis(attributes.axis as number, value!.shape.length)
  const part: ValueType = { shape: value!.shape.toSpliced(axis, 1), dtype: value!.dtype }
  return Array.from({ length: value!.shape[axis]! }, () => part)
})
define('SplitV', 'x', ([x], attributes) => {
  const axis = positiveAxis(attributes.axis as number, x!.shape.length)
  return tf.backend_util
    .prepareSplitSize(x as tf.Tensor, attributes.numOrSizeSplits as number[] | number, axis)
    .map((size) => ({ shape: withAxis(x!.shape, axis, size), dtype: x!.dtype }))
})
define('Slice', 'x', ([x], { begin, size }) => {
  const [from, lengths] = tf.slice_util.parseSliceParams(
    x as tf.Tensor,
    begin as number[],
    size as number[],
  )
  tf.slice_util.assertParamsValid(x as tf.Tensor, from!, lengths!)
  return { shape: lengths!, dtype: x!.dtype }
})
define('StridedSlice', 'x', ([x], attributes) => ({
  shape: stridedBox(x!.shape, attributes).shape,
  dtype: x!.dtype,
}))
define('PadV2', 'x', ([x], attributes) => {
  const paddings = attributes.paddings as [number, number][]
  if (paddings.length !== x!.shape.length) {
    refuse('PadV2', `${paddings.length} paddings for values of shape ${words(x!)}`)
  }
  return {
    shape: paddings.map(([before, after], axis) => before + x!.shape[axis]! + after),
    dtype: x!.dtype,
  }
})
define('Tile', 'x', ([x], { reps }) => ({
  shape: x!.shape.map((length, axis) => length * (reps as number[])[axis]!),
  dtype: x!.dtype,
}))

define('GatherV2', 'x indices', ([x, indices], attributes) => {
  const axis = positiveAxis(attributes.axis as number, x!.shape.length)
  if (!(axis >= 0 && axis < x!.shape.length)) {
    refuse('GatherV2', `the axis ${String(attributes.axis)} of values of shape ${words(x!)}`)
  }
  return {
    shape: tf.backend_util.segment_util.collectGatherOpShapeInfo(
      x as tf.Tensor,
      indices as tf.Tensor,
      axis,
      (attributes.batchDims as number | undefined) ?? 0,
    ).outputShape,
    dtype: x!.dtype,
  }
})
define('UnsortedSegmentSum', 'x segmentIds', ([x, ids], { numSegments }) => {
  if (ids!.shape.length !== 1)
    throw new EngineError(
      `${calledAt()}: the op UnsortedSegmentSum with segment ids of shape [${ids!.shape.join(', ')}] cannot be compiled. ` +
        'Reshape the ids to one axis, and the values so that their first axis has the same length.',
    )
  if (ids!.shape[0] !== x!.shape[0]) {
    refuse(
      'UnsortedSegmentSum',
      `values of shape ${words(x!)} and ids of shape ${words(ids!)}. Give one id for each row`,
    )
  }
  return { shape: withAxis(x!.shape, 0, numSegments as number), dtype: summable(x!.dtype) }
})
define('GatherNd', 'params indices', ([params, indices]) => ({
  shape: [...indices!.shape.slice(0, -1), ...params!.shape.slice(indices!.shape.at(-1))],
  dtype: params!.dtype,
}))
define('ScatterNd', 'indices updates', ([, updates], { shape }) => ({
  shape: shape as number[],
  dtype: updates!.dtype,
}))
define('Select', 'condition t e', ([, chosen, other]) => ({
  shape: chosen!.shape,
  dtype: upcast(chosen!.dtype, other!.dtype),
}))
define('OneHot', 'indices', ([indices], { depth, dtype }) => ({
  shape: [...indices!.shape, depth as number],
  dtype: (dtype as ElementType | undefined) ?? 'float32',
}))

define('Fill', '', (_, { shape, dtype, value }) => ({
  shape: shape as number[],
  dtype: (dtype as ElementType | undefined) ?? (tf.util.inferDtype(value as number) as ElementType),
}))
define('LinSpace', '', (_, { num }) => ({ shape: [num as number], dtype: 'float32' }))
define('Range', '', (_, attributes) => {
  const { start, stop, step, dtype } = attributes as Record<string, unknown> & RangeAttributes
  // The rules of tfjs: a step against the direction gives nothing, except the default step 1, which turns round.
  const against = (start < stop && step < 0) || (stop < start && step > 1)
  const length = start === stop || against ? 0 : Math.abs(Math.ceil((stop - start) / step))
  return { shape: [length], dtype: (dtype as ElementType | undefined) ?? 'float32' }
})
interface RangeAttributes {
  readonly start: number
  readonly stop: number
  readonly step: number
}

/** Every tfjs kernel that can be recorded. Kernels without an entry make tfjs throw; {@link compileGraph} turns that into an EngineError. */
export const traceKernels: Readonly<Record<string, TraceKernel>> = kernels
