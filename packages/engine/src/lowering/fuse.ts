import type { Attributes } from '../onnxModel.ts'
import type { Value } from './Graph.ts'
import { sameShape, uniformOf } from './Graph.ts'

/** The operator that is written for a value. */
export interface Operator {
  readonly op: string
  readonly inputs: readonly Value[]
  readonly attributes: Attributes
}

const products = new Set(['Gemm', 'MatMul', 'FusedMatMul'])

/**
 * Merges what a matrix product can do on the way, if nobody else needs the product itself:
 * - a constant factor becomes its `alpha` (the scaling of attention scores),
 * - an added bias or matrix becomes the third operand of Gemm (dense layers, residual connections, sums of gradients).
 *
 * @param values the values in use, operands first.
 * @param uses how often each value is needed.
 * @param portable whether to stay within the ONNX standard, which has no scaled product of batches.
 * @param given values that are read, not computed.
 * @returns the operators to write, in the order of their values; absorbed products are left out.
 */
export function fuse(
  values: readonly Value[],
  uses: ReadonlyMap<Value, number>,
  portable: boolean,
  given: { has(value: Value): boolean },
): Map<Value, Operator> {
  const operators = new Map<Value, Operator>()
  for (const value of values) {
    if (given.has(value)) {
      operators.set(value, { op: 'Input', inputs: [], attributes: {} })
      continue
    }
    const plain: Operator = { op: value.op, inputs: value.inputs, attributes: value.attributes }
    const absorbed = absorbable(value, operators, uses, portable)
    if (absorbed) operators.delete(absorbed.product)
    operators.set(value, absorbed?.operator ?? plain)
  }
  return operators
}

function absorbable(
  value: Value,
  operators: ReadonlyMap<Value, Operator>,
  uses: ReadonlyMap<Value, number>,
  portable: boolean,
): { product: Value; operator: Operator } | undefined {
  if (value.op !== 'Mul' && value.op !== 'Add') return undefined
  const [a, b] = value.inputs as [Value, Value]
  // The later product of two: the earlier one can be its third operand.
  for (const [product, other] of [
    [b, a],
    [a, b],
  ] as const) {
    const operator = operators.get(product)
    if (!operator || !products.has(operator.op)) continue
    if (value.op === 'Mul' && portable && operator.op !== 'Gemm') continue
    if (uses.get(product) !== 1 || !sameShape(product.shape, value.shape)) continue
    const merged =
      value.op === 'Mul' ? scaled(operator, uniformOf(other)) : shifted(operator, product, other)
    if (merged) return { product, operator: merged }
  }
  return undefined
}

/** `factor * product`. */
function scaled(product: Operator, factor: number | undefined): Operator | undefined {
  // A product with a third operand would have to scale that one too.
  if (factor === undefined || product.inputs.length > 2 || 'alpha' in product.attributes)
    return undefined
  return {
    op: product.op === 'MatMul' ? 'FusedMatMul' : product.op,
    inputs: product.inputs,
    attributes: { ...product.attributes, alpha: { float: factor } },
  }
}

/** `product + addend`. */
function shifted(product: Operator, value: Value, addend: Value): Operator | undefined {
  if (product.op !== 'Gemm' || product.inputs.length > 2) return undefined
  const [rows, columns] = value.shape
  const isRow = addend.shape.at(-1) === columns && addend.shape.slice(0, -1).every((n) => n === 1)
  const isMatrix = sameShape(addend.shape, [rows!, columns!])
  if (!isMatrix && !(isRow && addend.shape.length <= 2)) return undefined
  return { ...product, inputs: [...product.inputs, addend] }
}
