import type { Attributes, OnnxType } from '../onnxModel.ts'

/** Contents of a constant: one number for all elements, or every element. Big uniform arrays (zeros, ones) are never materialised. */
type ConstantData = { readonly uniform: number } | { readonly values: ArrayLike<number> }

/**
 * A value of the graph and the ONNX operator that computes it, with static shape and type.
 *
 * `op` is an ONNX operator or one of three pseudo operators: `Input`, `Constant`, and `Part` (output `index` of the `Split` before it).
 */
export interface Value {
  /** Position in {@link Graph.values}; operands have smaller ids. */
  readonly id: number
  readonly op: string
  /** Operands; a missing optional one is not supported. Shapes and axes that ONNX takes as tensors are constants of type int64. */
  readonly inputs: readonly Value[]
  readonly attributes: Attributes
  readonly shape: readonly number[]
  readonly dtype: OnnxType
  /** Set for constants only. */
  readonly constant?: ConstantData
}

/** Arrays up to this length are compared by content; longer ones only by identity, to keep building linear. */
const comparedLength = 64

/**
 * A graph under construction: hands out values and never the same one twice (common subexpressions).
 *
 * Simplifications live in the functions that make values (`elementwise.ts`, `shapes.ts`, ...), so that each value is made in its simplest form.
 */
export class Graph {
  /** Every value ever made, operands first; not all of them are used in the end. */
  readonly values: Value[] = []
  /** How to add into segments: see {@link lowerTrace}. */
  readonly scatter: 'nd' | 'elements'
  /** Whether only operators of the ONNX standard may be used: a file for any runtime, not for ONNX Runtime alone. */
  readonly portable: boolean
  private readonly known = new Map<string, Value>()

  constructor(scatter: 'nd' | 'elements', portable = false) {
    this.scatter = scatter
    this.portable = portable
  }

  /** The value of an ONNX operator. */
  value(
    op: string,
    inputs: readonly Value[],
    attributes: Attributes,
    shape: readonly number[],
    dtype: OnnxType,
  ): Value {
    const operands = inputs.map(({ id }) => id).join()
    return this.intern(`${op}|${operands}|${JSON.stringify(attributes)}|${shape.join()}|${dtype}`, {
      op,
      inputs,
      attributes,
      shape,
      dtype,
    })
  }

  /** An array of one repeated number. */
  uniform(value: number, shape: readonly number[], dtype: OnnxType): Value {
    // Object.is: 0 and -0 divide differently.
    const text = Object.is(value, -0) ? '-0' : String(value)
    return this.intern(`uniform|${text}|${shape.join()}|${dtype}`, {
      op: 'Constant',
      inputs: [],
      attributes: {},
      shape,
      dtype,
      constant: { uniform: value },
    })
  }

  /** A single number without axes. */
  scalar(value: number, dtype: OnnxType = 'float32'): Value {
    return this.uniform(value, [], dtype)
  }

  /** An array of given numbers. */
  constant(values: ArrayLike<number>, shape: readonly number[], dtype: OnnxType): Value {
    const first = values[0]!
    let same = 1
    while (same < values.length && Object.is(values[same], first)) same++
    if (same === values.length) return this.uniform(first, shape, dtype)
    const key =
      values.length <= comparedLength ? Array.from(values).join() : `#${this.values.length}`
    return this.intern(`constant|${key}|${shape.join()}|${dtype}`, {
      op: 'Constant',
      inputs: [],
      attributes: {},
      shape,
      dtype,
      constant: { values },
    })
  }

  /** Axes, shapes and positions for operators that take them as a tensor of int64. */
  integers(values: readonly number[]): Value {
    return this.constant(values, [values.length], 'int64')
  }

  private intern(key: string, value: Omit<Value, 'id'>): Value {
    const known = this.known.get(key)
    if (known) return known
    const made: Value = { id: this.values.length, ...value }
    this.values.push(made)
    this.known.set(key, made)
    return made
  }
}

/** The number that all elements of a constant share, or undefined. */
export function uniformOf(value: Value): number | undefined {
  return value.constant && 'uniform' in value.constant ? value.constant.uniform : undefined
}

/** True if two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis])
}

/** Shape of the result of combining two arrays elementwise; the operands are known to fit. */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) =>
    Math.max(a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1),
  )
}
