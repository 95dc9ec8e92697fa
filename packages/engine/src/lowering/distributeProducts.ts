import { arithmetic } from './elementwise.ts'
import { gather, segmentSum } from './indexKernels.ts'
import type { Graph, Value } from './Graph.ts'
import { uniformOf } from './Graph.ts'
import type { Rule } from './rewrite.ts'
import { concat, slice } from './shapes.ts'

/**
 * Products over gathered rows, as in messages along edges. A row of `gather(h, i) W` is a row of `h W`, so that the product
 * needs one row per node instead of one per edge; and `[a ; b] W` is `a W_1 + b W_2`. Four rules, two of them for gradients:
 * - `[gather(h, i) ; e] W = gather(h W_1, i) + e W_2`
 * - `[gather(h, i) ; e]^T d = [h^T segmentSum(d, i) ; e^T d]`, the gradient by W
 * - a part of the columns of `d W^T` needs only those rows of W: the gradient by one part of `[a ; b]`
 * - `segmentSum(d W, i) = segmentSum(d, i) W`, the gradient by h
 */
export const distributeProduct: Rule = (graph, value, uses) => {
  if (value.op === 'Gemm') {
    const [left] = value.inputs
    if (!partsOf(left!).some(isSpread)) return undefined
    return value.attributes.transA === 1 ? leftGradient(graph, value) : product(graph, value)
  }
  if (value.op === 'Part') return partOfProduct(graph, value, uses)
  if (value.op === 'Slice') return sumOfProducts(graph, value)
  return undefined
}

/** The matrices whose columns lie beside each other in a matrix. */
function partsOf(value: Value): readonly Value[] {
  return value.op === 'Concat' && value.attributes.axis === 1 ? value.inputs : [value]
}

/** Whether a matrix repeats the rows of a smaller one. */
function isSpread(value: Value): boolean {
  if (value.op !== 'Gather' || value.attributes.axis !== 0) return false
  const [source, ids] = value.inputs as [Value, Value]
  return source.shape.length === 2 && ids.shape.length === 1 && source.shape[0]! < ids.shape[0]!
}

function gemm(graph: Graph, a: Value, b: Value, transA: number, transB: number): Value {
  const shape = [a.shape[transA === 1 ? 1 : 0]!, b.shape[transB === 1 ? 0 : 1]!]
  return graph.value('Gemm', [a, b], { transA, transB }, shape, 'float32')
}

/** Rows of a matrix, of its transpose columns. */
function band(graph: Graph, matrix: Value, axis: number, from: number, length: number): Value {
  return slice(graph, matrix, [0, 0].with(axis, from), matrix.shape.with(axis, length))
}

function product(graph: Graph, value: Value): Value {
  const [left, right] = value.inputs as [Value, Value]
  const transB = value.attributes.transB as number
  let from = 0
  const spread: Value[] = []
  const plain: Value[] = []
  for (const part of partsOf(left)) {
    const width = part.shape[1]!
    const weights = band(graph, right, transB === 1 ? 1 : 0, from, width)
    from += width
    if (isSpread(part)) {
      const [source, ids] = part.inputs as [Value, Value]
      spread.push(gather(graph, gemm(graph, source, weights, 0, transB), ids, 0))
    } else plain.push(gemm(graph, part, weights, 0, transB))
  }
  // Plain products last: the bias that often follows can then join them.
  return [...spread, ...plain].reduce((sum, term) => arithmetic(graph, 'Add', sum, term))
}

function leftGradient(graph: Graph, value: Value): Value | undefined {
  const [left, right] = value.inputs as [Value, Value]
  if (value.attributes.transB === 1) return undefined
  const rows = partsOf(left).map((part) => {
    if (!isSpread(part)) return gemm(graph, part, right, 1, 0)
    const [source, ids] = part.inputs as [Value, Value]
    return gemm(graph, source, segmentSum(graph, right, ids, source.shape[0]!), 1, 0)
  })
  return concat(graph, rows, 0)
}

function partOfProduct(
  graph: Graph,
  value: Value,
  uses: ReadonlyMap<Value, number>,
): Value | undefined {
  const [whole] = value.inputs as [Value]
  const [source] = whole.inputs as [Value]
  // Only gradients: a projection that is computed whole, as for queries, keys and values, is cut faster than computed in parts.
  if (source.op !== 'Gemm' || source.attributes.transA === 1 || source.attributes.transB !== 1)
    return undefined
  if (whole.attributes.axis !== 1 || (uses.get(source) ?? 1) > 1) return undefined
  const [left, right] = source.inputs as [Value, Value]
  const lengths = whole.inputs[1]!.constant as { values: ArrayLike<number> } | { uniform: number }
  const index = value.attributes.index as number
  const lengthOf = (k: number) => ('uniform' in lengths ? lengths.uniform : lengths.values[k]!)
  const from = Array.from({ length: index }, (_, k) => lengthOf(k)).reduce((a, b) => a + b, 0)
  return gemm(graph, left, band(graph, right, 0, from, lengthOf(index)), 0, 1)
}

function sumOfProducts(graph: Graph, value: Value): Value | undefined {
  const [scattered] = value.inputs as [Value]
  if (scattered.op !== 'ScatterND' && scattered.op !== 'ScatterElements') return undefined
  const [start, targets, addends] = scattered.inputs as [Value, Value, Value]
  if (uniformOf(start) !== 0 || scattered.attributes.reduction !== 'add') return undefined
  if (addends.op !== 'Gemm' || addends.attributes.transA === 1) return undefined
  const [left, right] = addends.inputs as [Value, Value]
  const segments = value.shape[0]!
  if (segments >= left.shape[0]! || segments !== start.shape[0]! - 1) return undefined
  const ids = segmentIds(targets)
  // Ids that are all the same may stand there as one number.
  if (ids?.shape.length !== 1 || ids.shape[0] !== left.shape[0]) return undefined
  const sums = segmentSum(graph, left, ids, segments)
  return gemm(graph, sums, right, 0, addends.attributes.transB as number)
}

/** The ids from which a segment sum made its targets: see `segmentSum`. */
function segmentIds(targets: Value): Value | undefined {
  let value = targets
  while (['Reshape', 'Expand', 'Cast'].includes(value.op)) value = value.inputs[0]!
  return value.op === 'Where' ? value.inputs[1] : undefined
}
