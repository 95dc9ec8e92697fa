import { arithmetic, cast, elementwise, negate, where } from './elementwise.ts'
import type { Graph, Value } from './Graph.ts'
import type { Lowering, Lowerings } from './Lowering.ts'
import { atan2, expm1, floorDivide, log1p, modulo, softplus } from './numerics.ts'

/** Arithmetic in the type of the result (tfjs: float before int before bool). */
function binary(op: string): Lowering {
  return (graph, [a, b], { outputs }) => {
    const { dtype } = outputs[0]!
    // Booleans multiply and compare as integers.
    const working = dtype === 'bool' ? 'int32' : dtype
    const result = arithmetic(graph, op, cast(graph, a!, working), cast(graph, b!, working))
    return cast(graph, result, dtype)
  }
}

/** Comparison in the wider of the two types. */
function comparison(op: string): Lowering {
  return (graph, [a, b]) => {
    const working = a!.dtype === 'float32' || b!.dtype === 'float32' ? 'float32' : 'int32'
    return elementwise(graph, op, [cast(graph, a!, working), cast(graph, b!, working)], 'bool')
  }
}

function logical(op: string): Lowering {
  return (graph, inputs) =>
    elementwise(
      graph,
      op,
      inputs.map((input) => cast(graph, input, 'bool')),
      'bool',
    )
}

/** A function of floats; of integers, tfjs computes in floating point, and cuts the fraction off unless its result is a float. */
function float(compute: (graph: Graph, ...operands: Value[]) => Value): Lowering {
  return (graph, inputs, { outputs }) => {
    const operands = inputs.map((input) => cast(graph, input, 'float32'))
    return cast(graph, compute(graph, ...operands), outputs[0]!.dtype)
  }
}

function plain(op: string): Lowering {
  return float((graph, x) => elementwise(graph, op, [x], 'float32'))
}

/** Operators that ONNX Runtime has for floats and integers alike. */
function numeric(op: string): Lowering {
  return (graph, [x]) => elementwise(graph, op, [x!], x!.dtype)
}

/** Rounding leaves integers alone. */
function rounding(op: string): Lowering {
  return (graph, [x]) => (x!.dtype === 'float32' ? elementwise(graph, op, [x!], 'float32') : x!)
}

function not(graph: Graph, value: Value): Value {
  return value.op === 'Not' ? value.inputs[0]! : elementwise(graph, 'Not', [value], 'bool')
}

function greaterThanZero(graph: Graph, x: Value): Value {
  return elementwise(graph, 'Greater', [x, graph.scalar(0, x.dtype)], 'bool')
}

function clip(graph: Graph, x: Value, minimum: number, maximum: number): Value {
  const bounds = [graph.scalar(minimum, x.dtype), graph.scalar(maximum, x.dtype)]
  return elementwise(graph, 'Clip', [x, ...bounds], x.dtype)
}

const sameNameFloat =
  'Exp Log Sqrt Sigmoid Tanh Elu Selu Erf Reciprocal Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh'
const sameName = Object.fromEntries(sameNameFloat.split(' ').map((op) => [op, plain(op)]))

/** Kernels that work element by element. */
export const elementwiseKernels: Lowerings = {
  ...sameName,
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('Div'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  AddN: (graph, terms) => terms.reduce((sum, term) => arithmetic(graph, 'Add', sum, term)),
  SquaredDifference: (graph, inputs, node) => {
    const difference = binary('Sub')(graph, inputs, node) as Value
    return arithmetic(graph, 'Mul', difference, difference)
  },
  Mod: (graph, [a, b], { outputs }) => {
    const { dtype } = outputs[0]!
    return modulo(graph, cast(graph, a!, dtype), cast(graph, b!, dtype))
  },
  FloorDiv: (graph, [a, b]) => {
    if (a!.dtype !== 'float32' && b!.dtype !== 'float32')
      return floorDivide(graph, cast(graph, a!, 'int32'), cast(graph, b!, 'int32'))
    const operands = [cast(graph, a!, 'float32'), cast(graph, b!, 'float32')] as const
    const quotient = arithmetic(graph, 'Div', ...operands)
    return cast(graph, elementwise(graph, 'Floor', [quotient], 'float32'), 'int32')
  },
  Softplus: float(softplus),
  Atan2: float(atan2),

  Equal: comparison('Equal'),
  NotEqual: (graph, inputs, node) => not(graph, comparison('Equal')(graph, inputs, node) as Value),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalNot: (graph, [x]) => not(graph, cast(graph, x!, 'bool')),
  IsNan: (graph, [x]) => elementwise(graph, 'IsNaN', [cast(graph, x!, 'float32')], 'bool'),
  IsInf: (graph, [x]) => elementwise(graph, 'IsInf', [cast(graph, x!, 'float32')], 'bool'),
  IsFinite: (graph, [x]) => {
    const value = cast(graph, x!, 'float32')
    const strange = ['IsNaN', 'IsInf'].map((op) => elementwise(graph, op, [value], 'bool'))
    return not(graph, elementwise(graph, 'Or', strange, 'bool'))
  },
  Select: (graph, [condition, a, b], { outputs }) => {
    const { dtype } = outputs[0]!
    return where(
      graph,
      cast(graph, condition!, 'bool'),
      cast(graph, a!, dtype),
      cast(graph, b!, dtype),
    )
  },

  Neg: (graph, [x]) => negate(graph, x!),
  Abs: numeric('Abs'),
  Sign: numeric('Sign'),
  Floor: rounding('Floor'),
  Ceil: rounding('Ceil'),
  Round: rounding('Round'),
  Square: (graph, [x]) => arithmetic(graph, 'Mul', x!, x!),
  Rsqrt: float((graph, x) =>
    elementwise(graph, 'Reciprocal', [elementwise(graph, 'Sqrt', [x], 'float32')], 'float32'),
  ),
  Log1p: float(log1p),
  Expm1: float(expm1),

  Relu: (graph, [x]) => elementwise(graph, 'Relu', [x!], x!.dtype),
  Relu6: (graph, [x]) => clip(graph, x!, 0, 6),
  ClipByValue: (graph, [x], { attributes }) =>
    clip(graph, x!, attributes.clipValueMin as number, attributes.clipValueMax as number),
  LeakyRelu: (graph, [x], { attributes }) =>
    elementwise(graph, 'LeakyRelu', [cast(graph, x!, 'float32')], 'float32', {
      alpha: { float: attributes.alpha as number },
    }),
  Prelu: (graph, [x, alpha]) => elementwise(graph, 'PRelu', [x!, alpha!], 'float32'),
  EluGrad: (graph, [dy, y]) => {
    // The derivative of elu at a negative x is exp(x), that is, y + 1.
    const negative = elementwise(graph, 'Less', [y!, graph.scalar(0)], 'bool')
    const scaled = arithmetic(graph, 'Mul', dy!, arithmetic(graph, 'Add', y!, graph.scalar(1)))
    return where(graph, negative, scaled, dy!)
  },
  // 1 above zero, `alpha` elsewhere, zero included: with alpha = -1 this is the gradient of abs.
  Step: (graph, [x], { attributes }) => {
    const alpha = (attributes.alpha as number | undefined) ?? 0
    const positive = greaterThanZero(graph, x!)
    if (alpha === 0) return cast(graph, positive, x!.dtype)
    return where(graph, positive, graph.scalar(1, x!.dtype), graph.scalar(alpha, x!.dtype))
  },
}
