import { EngineError } from '../EngineError.ts'
import { sizeOf } from '../arrays.ts'
import type { TracedNode } from '../Trace.ts'
import { arithmetic } from './elementwise.ts'
import { elementwiseKernels } from './elementwiseKernels.ts'
import type { Graph, Value } from './Graph.ts'
import { broadcastShape } from './Graph.ts'
import type { Lowerings } from './Lowering.ts'
import { reshape, transpose } from './shapes.ts'

/** An operand of a matrix product: the matrix, or its transpose. */
interface Operand {
  readonly value: Value
  readonly transposed: boolean
}

/** Takes a transposition of the last two axes into the product, where it costs nothing. */
function absorbTranspose(value: Value, transposed: boolean): Operand {
  const rank = value.shape.length
  const order = value.op === 'Transpose' ? (value.attributes.perm as readonly number[]) : []
  const swapsLast =
    order.length === rank &&
    order.every(
      (from, to) => from === (to === rank - 1 ? rank - 2 : to === rank - 2 ? rank - 1 : to),
    )
  return swapsLast ? { value: value.inputs[0]!, transposed: !transposed } : { value, transposed }
}

/** The matrix with its transposition as an operator of its own. */
function materialised(graph: Graph, { value, transposed }: Operand): Value {
  if (!transposed) return value
  const rank = value.shape.length
  const order = value.shape.map((_, axis) => axis)
  return transpose(graph, value, [...order.slice(0, -2), rank - 1, rank - 2])
}

function isSingleMatrix(value: Value): boolean {
  return value.shape.slice(0, -2).every((length) => length === 1)
}

/**
 * Product of matrices along the last two axes; leading axes broadcast.
 *
 * Single matrices become Gemm, the fastest operator and one that takes a bias; so do many matrices times one, as one tall matrix. Batched products with
 * a transposed side use ONNX Runtime's own FusedMatMul, which saves the copy (any other runtime needs a Transpose instead).
 */
function matrixProduct(
  graph: Graph,
  a: Value,
  b: Value,
  transposeA: boolean,
  transposeB: boolean,
): Value {
  const left = absorbTranspose(a, transposeA)
  const right = absorbTranspose(b, transposeB)
  const rows = left.value.shape.at(left.transposed ? -1 : -2)!
  const columns = right.value.shape.at(right.transposed ? -2 : -1)!
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const shape = [...batch, rows, columns]
  const trans = { transA: left.transposed ? 1 : 0, transB: right.transposed ? 1 : 0 }

  const single = isSingleMatrix(left.value)
  if (isSingleMatrix(right.value) && (single || !left.transposed)) {
    const tall = single
      ? reshape(graph, left.value, left.value.shape.slice(-2))
      : reshape(graph, left.value, [
          sizeOf(left.value.shape.slice(0, -1)),
          left.value.shape.at(-1)!,
        ])
    const matrix = reshape(graph, right.value, right.value.shape.slice(-2))
    const flat = [single ? rows : tall.shape[0]!, columns]
    return reshape(graph, graph.value('Gemm', [tall, matrix], trans, flat, 'float32'), shape)
  }
  const operands = [left.value, right.value]
  if (graph.portable) {
    const plain = [left, right].map((operand) => materialised(graph, operand))
    return graph.value('MatMul', plain, {}, shape, 'float32')
  }
  if (!left.transposed && !right.transposed)
    return graph.value('MatMul', operands, {}, shape, 'float32')
  return graph.value('FusedMatMul', operands, trans, shape, 'float32')
}

const activations: Readonly<Record<string, string | undefined>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  prelu: 'Prelu',
  leakyrelu: 'LeakyRelu',
}

/** Runs the activation of a fused kernel as its own kernel. */
function activate(graph: Graph, value: Value, slope: Value | undefined, node: TracedNode): Value {
  const name = (node.attributes.activation as string | undefined) ?? 'linear'
  if (name === 'linear') return value
  const kernel = activations[name]
  if (kernel === undefined)
    throw new EngineError(
      `tf.fused.matMul with activation '${name}' cannot be compiled. Use tf.matMul, tf.add and the activation.`,
    )
  const attributes = { alpha: node.attributes.leakyreluAlpha ?? 0.2 }
  const operands = kernel === 'Prelu' ? [value, slope!] : [value]
  return elementwiseKernels[kernel]!(graph, operands, { ...node, kernel, attributes }) as Value
}

/** Kernels that multiply matrices. */
export const matrixKernels: Lowerings = {
  BatchMatMul: (graph, [a, b], { attributes }) =>
    matrixProduct(graph, a!, b!, Boolean(attributes.transposeA), Boolean(attributes.transposeB)),
  _FusedMatMul: (graph, [a, b, bias, slope], node) => {
    const { transposeA, transposeB } = node.attributes
    const product = matrixProduct(graph, a!, b!, Boolean(transposeA), Boolean(transposeB))
    const sum = bias ? arithmetic(graph, 'Add', product, bias) : product
    return activate(graph, sum, slope, node)
  },
}
