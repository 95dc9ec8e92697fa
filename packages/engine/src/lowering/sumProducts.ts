import type { Graph, Value } from './Graph.ts'
import { isTallAndNarrow, NARROW } from './mergeProducts.ts'
import { concat } from './shapes.ts'

/**
 * `d_1 W_1^T + d_2 W_2^T` with few columns in each `d` as one product, `[d_1 | d_2] [W_1 | W_2]^T`: the gradient by edge features from which several
 * layers made their biases. One pass over the tall result instead of one for each layer.
 */
export function sumProducts(
  graph: Graph,
  value: Value,
  uses: ReadonlyMap<Value, number>,
): Value | undefined {
  if (value.op !== 'Add' || value.shape.length !== 2) return undefined
  const terms = value.inputs.map((input) => ((uses.get(input) ?? 1) > 1 ? [] : termsOf(input)))
  if (terms.some((each) => each.length === 0)) return undefined
  const all = terms.flat()
  const [left, right] = [0, 1].map((side) =>
    concat(
      graph,
      all.map((term) => term[side]!),
      1,
    ),
  )
  return graph.value('Gemm', [left!, right!], { transA: 0, transB: 1 }, value.shape, 'float32')
}

/** The operands of the narrow products that a product sums; none if it is another value. */
function termsOf(value: Value): (readonly [left: Value, right: Value])[] {
  if (value.op !== 'Gemm' || value.attributes.transA === 1 || value.attributes.transB !== 1)
    return []
  const [left, right] = value.inputs as [Value, Value]
  const isJoint =
    left.op === 'Concat' && right.op === 'Concat' && left.inputs.length === right.inputs.length
  const pairs = isJoint
    ? left.inputs.map((part, k) => [part, right.inputs[k]!] as const)
    : [[left, right] as const]
  const fits = pairs.every(([a, b]) => isTallAndNarrow(a) && a.shape[1] === b.shape[1])
  return fits && pairs.length * NARROW <= 1024 ? pairs : []
}
