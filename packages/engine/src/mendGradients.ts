import * as tf from '@tensorflow/tfjs'
import type { NamedAttrMap, Tensor } from '@tensorflow/tfjs'

let isMended = false

/** Comparisons and logic, with the names of their operands: steps, whose derivative is zero wherever it exists. */
const stepwise: Readonly<Record<string, readonly string[]>> = {
  Equal: ['a', 'b'],
  NotEqual: ['a', 'b'],
  Greater: ['a', 'b'],
  GreaterEqual: ['a', 'b'],
  Less: ['a', 'b'],
  LessEqual: ['a', 'b'],
  LogicalAnd: ['a', 'b'],
  LogicalOr: ['a', 'b'],
  LogicalNot: ['x'],
}

/**
 * Repairs gradients of TensorFlow.js 4.22, for all backends:
 * - comparisons have none, so that `tf.where(tf.greater(x, 0), ...)` cannot be differentiated by x; they get zeros;
 * - that of `tf.cumsum` permutes the axes unless it sums along the last one;
 * - that of `tf.tile` (which `tf.broadcastTo` and `tf.where` use) records one slice per repetition; it becomes one sum;
 * - that of `tf.gather` with `batchDims` records every batch element apart, for one batch axis only; it becomes one segment sum.
 *
 * {@link compileGraph} calls it; eager runners should, too, so that models differentiate the same everywhere. Does nothing the second time.
 */
export function mendGradients(): void {
  if (isMended) return
  isMended = true
  for (const [kernelName, operands] of Object.entries(stepwise))
    if (!tf.getGradient(kernelName))
      tf.registerGradient({
        kernelName,
        inputsToSave: [...operands],
        gradFunc: (_, saved) =>
          Object.fromEntries(operands.map((name, i) => [name, () => tf.zeros(saved[i]!.shape)])),
      })
  replace('Cumsum', gradientOfCumsum)
  replace('Tile', gradientOfTile)
  replace('GatherV2', gradientOfBatchedGather)
}

type Gradient = (
  dy: Tensor,
  saved: Tensor[],
  attributes: NamedAttrMap,
) => Record<string, () => Tensor> | undefined

/** Registers a gradient that may leave a case to the original one by returning undefined. */
function replace(kernelName: string, gradient: Gradient): void {
  const original = tf.getGradient(kernelName)
  const originalGradient = original.gradFunc
  tf.unregisterGradient(kernelName)
  tf.registerGradient({
    ...original,
    gradFunc: (dy, saved, attributes) =>
      gradient(dy as Tensor, saved, attributes) ?? originalGradient(dy, saved, attributes),
  })
}

/** The running sum from the other end. */
function gradientOfCumsum(
  dy: Tensor,
  _: Tensor[],
  { axis, exclusive, reverse }: NamedAttrMap,
): Record<string, () => Tensor> {
  const positive = (axis as number) < 0 ? (axis as number) + dy.rank : (axis as number)
  return { x: () => tf.cumsum(dy, positive, exclusive as boolean, !reverse) }
}

/** The sum over the repetitions: of `[2, 3]` tiled `[4, 5]` times, axes 0 and 2 of `dy` as `[4, 2, 5, 3]`. */
function gradientOfTile(
  dy: Tensor,
  [x]: Tensor[],
  { reps }: NamedAttrMap,
): Record<string, () => Tensor> | undefined {
  const repeats = reps as number[]
  const apart: number[] = []
  const repeated: number[] = []
  for (const [axis, length] of x!.shape.entries()) {
    // Axes that are not repeated stay whole, so that the rank stays low (eager backends stop at 6).
    if (repeats[axis] !== 1) repeated.push(apart.push(repeats[axis]!) - 1)
    if (repeats[axis] === 1 || length !== 1) apart.push(length)
  }
  if (apart.length > 6) return undefined
  return { x: () => tf.reshape(tf.sum(tf.reshape(dy, apart), repeated), x!.shape) }
}

/** With batch and gathered axis joined, batch elements own separate segments: one segment sum for all of them. */
function gradientOfBatchedGather(
  dy: Tensor,
  [x, indices]: Tensor[],
  attributes: NamedAttrMap,
): Record<string, () => Tensor> | undefined {
  const batchAxes = (attributes['batchDims'] as number | undefined) ?? 0
  const axis = attributes['axis'] as number
  if (batchAxes <= 0 || axis !== batchAxes) return undefined
  const derivative = (): Tensor => {
    const batches = tf.util.sizeFromShape(x!.shape.slice(0, batchAxes))
    const length = x!.shape[axis]!
    const width = tf.util.sizeFromShape(x!.shape.slice(axis + 1))
    const starts = tf.reshape(tf.range(0, batches * length, length, 'int32'), [batches, 1])
    const segments = tf.add(tf.reshape(indices!, [batches, -1]), starts)
    const rows = tf.reshape(dy, [indices!.size, width])
    const sums = tf.unsortedSegmentSum(
      rows,
      tf.reshape<tf.Rank.R1>(segments, [indices!.size]),
      batches * length,
    )
    return tf.reshape(sums, x!.shape)
  }
  return { x: derivative, indices: () => indices! }
}
