import { arithmetic } from './elementwise.ts'
import type { Graph, Value } from './Graph.ts'

/** `(x + a W) + bias` as `x + (a W + bias)`: the product takes the bias in for nothing, and is the same in every step of a loop. */
export function joinBias(graph: Graph, value: Value): Value | undefined {
  if (value.op !== 'Add') return undefined
  const [first, second] = value.inputs as [Value, Value]
  const [bias, sum] = first.op === 'Add' ? [second, first] : [first, second]
  if (sum.op !== 'Add' || sum.shape.length !== 2) return undefined
  if (bias.shape.length !== 1 || bias.shape[0] !== sum.shape[1]) return undefined
  const product = sum.inputs.find(({ op, shape }) => op === 'Gemm' && shape[0] === sum.shape[0])
  if (!product) return undefined
  const rest = sum.inputs.find((input) => input !== product)
  if (!rest) return undefined
  return arithmetic(graph, 'Add', rest, arithmetic(graph, 'Add', product, bias))
}
