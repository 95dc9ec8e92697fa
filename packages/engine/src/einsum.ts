import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import type { Gradient } from './gradients/Gradient.ts'

interface Terms {
  /** Labels of the axes of each operand, and of the result. */
  readonly operands: readonly string[]
  readonly result: string
}

function parse(equation: string, tensors: readonly Tensor[]): Terms {
  // tfjs's own check of the equation and of the lengths of the axes, with its messages.
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, tensors.length)
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, [...tensors])
  const [left, result] = equation.replaceAll(/\s/g, '').split('->') as [string, string]
  return { operands: left.split(','), result }
}

/**
 * What the kernel `Einsum` computes, in plain ops: labels of one operand alone are summed first, then two operands meet in one matrix product whose rows,
 * columns and inner axis are groups of labels. That is as fast as a product written by hand; the kernel of tfjs multiplies and sums elementwise.
 */
export function einsum(equation: string, tensors: readonly Tensor[]): Tensor {
  const { operands, result } = parse(equation, tensors)
  const [a, b] = operands.map((labels, i) => {
    const others = result + (operands[1 - i] ?? '')
    return sumAlone({ tensor: tensors[i]!, labels }, others)
  }) as [Labelled, Labelled | undefined]
  const product = b ? contract(a, b, result) : a
  const { tensor } = arrange(product, result)
  // A new tensor in any case: a kernel must not return its input.
  return tf.reshape(tensor, tensor.shape)
}

/** Gradient of `Einsum`: einsum again, with the gradient in the place of the operand; along labels that were summed alone it is repeated. */
export const gradientOfEinsum: Gradient = (dy, tensors, { equation }) => {
  const { operands, result } = parse(equation as string, tensors)
  const derivative = (index: number) => (): Tensor => {
    const [labels, other] = [operands[index]!, operands[1 - index]]
    const known = Array.from(labels)
      .filter((label) => (result + (other ?? '')).includes(label))
      .join('')
    const back =
      other === undefined
        ? tf.einsum(`${result}->${known}`, dy)
        : tf.einsum(`${result},${other}->${known}`, dy, tensors[1 - index]!)
    const { shape } = tensors[index]!
    const kept = shape.map((length, axis) => (known.includes(labels[axis]!) ? length : 1))
    return tf.broadcastTo(tf.reshape(back, kept), shape)
  }
  return Object.fromEntries(operands.map((_, index) => [index, derivative(index)]))
}

interface Labelled {
  readonly tensor: Tensor
  readonly labels: string
}

function sumAlone({ tensor, labels }: Labelled, others: string): Labelled {
  const alone = Array.from(labels).flatMap((label, axis) => (others.includes(label) ? [] : [axis]))
  return alone.length === 0
    ? { tensor, labels }
    : {
        tensor: tf.sum(tensor, alone),
        labels: Array.from(labels)
          .filter((l) => others.includes(l))
          .join(''),
      }
}

/** Brings the axes into the order of `labels`. */
function arrange({ tensor, labels }: Labelled, wanted: string): Labelled {
  if (labels === wanted) return { tensor, labels }
  const order = Array.from(wanted).map((label) => labels.indexOf(label))
  return { tensor: tf.transpose(tensor, order), labels: wanted }
}

/** Both operands as stacks of matrices: labels that the operands share with the result count the stack, those they share alone are summed. */
function contract(a: Labelled, b: Labelled, result: string): Labelled {
  const pick = (labels: string, test: (label: string) => boolean) =>
    Array.from(labels).filter(test).join('')
  const isShared = (label: string) => a.labels.includes(label) && b.labels.includes(label)
  const batch = pick(result, isShared)
  const inner = pick(a.labels, (label) => isShared(label) && !result.includes(label))
  const rows = pick(a.labels, (label) => !b.labels.includes(label))
  const columns = pick(b.labels, (label) => !a.labels.includes(label))
  const left = arrange(a, batch + rows + inner).tensor
  const right = arrange(b, batch + inner + columns).tensor

  const size = (x: Tensor, from: number, to?: number) =>
    tf.util.sizeFromShape(x.shape.slice(from, to))
  const stack = size(left, 0, batch.length)
  const height = size(left, batch.length, batch.length + rows.length)
  const depth = size(right, batch.length, batch.length + inner.length)
  const width = size(right, batch.length + inner.length)
  // Integers, which have no matrix product, and outer products.
  const isElementwise = inner === '' || left.dtype !== 'float32' || right.dtype !== 'float32'
  const product = isElementwise
    ? tf.sum(
        tf.mul(
          tf.reshape(left, [stack, height, depth, 1]),
          tf.reshape(right, [stack, 1, depth, width]),
        ),
        2,
      )
    : tf.matMul(tf.reshape(left, [stack, height, depth]), tf.reshape(right, [stack, depth, width]))
  const shape = left.shape
    .slice(0, batch.length + rows.length)
    .concat(right.shape.slice(batch.length + inner.length))
  return { tensor: tf.reshape(product, shape), labels: batch + rows + columns }
}
