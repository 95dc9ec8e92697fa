import type { Attributes, OnnxType } from '../onnxModel.ts'
import type { Graph, Value } from './Graph.ts'
import { broadcastShape, uniformOf } from './Graph.ts'
import { expand } from './shapes.ts'

/** Converts the element type. */
export function cast(graph: Graph, value: Value, dtype: OnnxType): Value {
  if (value.dtype === dtype) return value
  const uniform = uniformOf(value)
  if (uniform !== undefined) return graph.uniform(convert(uniform, dtype), value.shape, dtype)
  if (value.op === 'Expand') return expand(graph, cast(graph, value.inputs[0]!, dtype), value.shape)
  return graph.value('Cast', [value], { to: onnxTypeNumber(dtype) }, value.shape, dtype)
}

function convert(value: number, dtype: OnnxType): number {
  if (dtype === 'bool') return value === 0 ? 0 : 1
  return dtype === 'float32' ? Math.fround(value) : Math.trunc(value)
}

function onnxTypeNumber(dtype: OnnxType): number {
  return { float32: 1, int32: 6, int64: 7, bool: 9 }[dtype]
}

/**
 * An ONNX operator that works element by element with broadcasting, on any number of operands.
 *
 * Simplification "push Expand outward": an operand that was only repeated to fit is passed in its short form, because the operator repeats it by itself;
 * if all operands are short the operator runs on the short arrays and its result is repeated. Gradients of sums and means are full of these.
 */
export function elementwise(
  graph: Graph,
  op: string,
  operands: readonly Value[],
  dtype: OnnxType,
  attributes: Attributes = {},
): Value {
  const shape = operands.map((operand) => operand.shape).reduce(broadcastShape)
  const short = operands.map((operand) => shortForm(graph, operand))
  const needed = short.map((operand) => operand.shape).reduce(broadcastShape)
  return expand(graph, graph.value(op, short, attributes, needed, dtype), shape)
}

/** An operand without repetition: what was expanded, or one number instead of a uniform array. */
function shortForm(graph: Graph, value: Value): Value {
  if (value.op === 'Expand') return value.inputs[0]!
  const uniform = uniformOf(value)
  return uniform === undefined ? value : graph.scalar(uniform, value.dtype)
}

const folded: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  Pow: (a, b) => a ** b,
}

/**
 * Arithmetic of two arrays of the same type: ONNX `Add`, `Sub`, `Mul`, `Div`, `Max`, `Min` or `Pow`.
 *
 * Folds constants and drops what changes nothing: `x + 0`, `x - 0`, `x * 1`, `x / 1`, `x ^ 1`. `x * 0` stays, because it is NaN for infinite x.
 * Negations move into the operator: `a + (-b)` is `a - b`, `a - (-b)` is `a + b`, `x * -1` is `-x`.
 */
export function arithmetic(graph: Graph, op: string, a: Value, b: Value): Value {
  const shape = broadcastShape(a.shape, b.shape)
  const { dtype } = a
  const [left, right] = [uniformOf(a), uniformOf(b)]
  if (left !== undefined && right !== undefined && dtype === 'float32')
    return graph.uniform(Math.fround(folded[op]!(left, right)), shape, dtype)
  const keepsA =
    ((op === 'Add' || op === 'Sub') && right === 0) ||
    ((op === 'Mul' || op === 'Div' || op === 'Pow') && right === 1)
  if (keepsA) return expand(graph, a, shape)
  if ((op === 'Add' && left === 0) || (op === 'Mul' && left === 1)) return expand(graph, b, shape)
  if (op === 'Mul' && right === -1) return expand(graph, negate(graph, a), shape)
  if (op === 'Mul' && left === -1) return expand(graph, negate(graph, b), shape)
  if (op === 'Pow' && right === 2) return arithmetic(graph, 'Mul', a, a)
  if (op === 'Add' && b.op === 'Neg') return arithmetic(graph, 'Sub', a, b.inputs[0]!)
  if (op === 'Add' && a.op === 'Neg') return arithmetic(graph, 'Sub', b, a.inputs[0]!)
  if (op === 'Sub' && b.op === 'Neg') return arithmetic(graph, 'Add', a, b.inputs[0]!)
  // Sorted operands make `a * b` and `b * a` one common subexpression.
  const commutes = op === 'Add' || op === 'Mul'
  return elementwise(graph, op, commutes && b.id < a.id ? [b, a] : [a, b], dtype)
}

/** Changes the sign; twice is nothing. */
export function negate(graph: Graph, value: Value): Value {
  return value.op === 'Neg' ? value.inputs[0]! : elementwise(graph, 'Neg', [value], value.dtype)
}

/** `condition ? a : b`, element by element. ONNX Runtime has no Where for booleans, so these pass as integers. */
export function where(graph: Graph, condition: Value, a: Value, b: Value): Value {
  if (a.dtype !== 'bool') return elementwise(graph, 'Where', [condition, a, b], a.dtype)
  const chosen = where(graph, condition, cast(graph, a, 'int32'), cast(graph, b, 'int32'))
  return cast(graph, chosen, 'bool')
}
