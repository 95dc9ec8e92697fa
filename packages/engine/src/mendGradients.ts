import * as tf from '@tensorflow/tfjs'
import { gradientOfEinsum } from './einsum.ts'
import { gradientOfEluGradient, stepwise, withBroadcasting } from './gradients/elementGradients.ts'
import type { Gradient } from './gradients/Gradient.ts'
import { withList } from './gradients/Gradient.ts'
import {
  gradientOfBatchedGather,
  gradientOfGatherNd,
  gradientOfScatterNd,
  gradientOfSegmentSum,
  gradientOfStridedSlice,
  gradientOfTile,
} from './gradients/indexGradients.ts'
import { mendTapeOrder } from './gradients/mendTapeOrder.ts'
import { gradientOfProduct } from './gradients/productGradient.ts'
import { gradientOfCumprod, gradientOfCumsum, withPositiveAxes } from './gradients/scanGradients.ts'
import { mendMatrixKernels } from './mendMatrixKernels.ts'

let isMended = false

/**
 * Repairs gradients of TensorFlow.js 4.22, for all backends. What has none gets one:
 * - comparisons and logic (zeros, so that `tf.where(tf.greater(x, 0), ...)` can be differentiated by x);
 * - `tf.einsum`, `tf.cumprod`, `tf.stridedSlice`, `tf.gatherND`, `tf.scatterND`, and the gradient of `tf.elu`.
 *
 * What is wrong or wasteful becomes right:
 * - gradients of gradients lose a part through `tf.exp`, `tf.tanh`, `tf.softmax` and the like (see `mendTapeOrder`);
 * - `tf.matMul` with leading axes that broadcast, and `tf.maximum`, `tf.minimum`, `tf.squaredDifference` with broadcasting, throw;
 * - `tf.cumsum` permutes the axes unless it sums along the last one, `tf.prod` takes the wrong ones where they count from the end;
 * - `tf.split` and `tf.unstack` into a single part throw;
 * - `tf.unsortedSegmentSum` fails for ids that are too large, although it drops their rows;
 * - `tf.tile` (which `tf.broadcastTo` and `tf.where` use) records one slice per repetition; it becomes one sum;
 * - `tf.gather` with `batchDims` records every batch element apart, for one batch axis only; it becomes one segment sum.
 *
 * Two kernels of tfjs-cpu give wrong values and are repaired along with their gradients (see `mendMatrixKernels`).
 *
 * {@link compileGraph} calls it; eager runners should, too, so that models differentiate the same everywhere. Does nothing the second time.
 */
export function mendGradients(): void {
  if (isMended) return
  isMended = true
  mendTapeOrder()
  mendMatrixKernels('cpu')
  for (const [kernelName, operands] of Object.entries(stepwise))
    if (!tf.getGradient(kernelName))
      tf.registerGradient({
        kernelName,
        inputsToSave: [...operands],
        gradFunc: (_, saved) =>
          Object.fromEntries(operands.map((name, i) => [name, () => tf.zeros(saved[i]!.shape)])),
      })
  add('Cumprod', ['x'], gradientOfCumprod)
  add('Einsum', 'all', gradientOfEinsum)
  add('EluGrad', ['dy', 'y'], gradientOfEluGradient)
  add('GatherNd', ['params', 'indices'], gradientOfGatherNd)
  add('ScatterNd', ['indices'], gradientOfScatterNd)
  add('StridedSlice', ['x'], gradientOfStridedSlice)

  for (const kernel of ['Maximum', 'Minimum', 'SquaredDifference'])
    replace(kernel, withBroadcasting)
  replace('BatchMatMul', () => gradientOfProduct)
  replace('Cumsum', () => gradientOfCumsum)
  replace('GatherV2', () => gradientOfBatchedGather)
  replace('Prod', withPositiveAxes)
  for (const kernel of ['SplitV', 'Unpack']) replace(kernel, withList)
  replace('Tile', () => gradientOfTile)
  replace('UnsortedSegmentSum', () => gradientOfSegmentSum)
}

/** Registers the gradient of a kernel that has none. */
function add(kernelName: string, saved: readonly string[] | 'all', gradient: Gradient): void {
  if (tf.getGradient(kernelName)) return
  tf.registerGradient({
    kernelName,
    ...(saved === 'all' ? { saveAllInputs: true } : { inputsToSave: [...saved] }),
    gradFunc: (dy, tensors, attributes) => gradient(dy as tf.Tensor, tensors, attributes)!,
  })
}

/** Registers another gradient, which may use the original one, or leave a case to it by returning undefined. */
function replace(kernelName: string, change: (original: Gradient) => Gradient): void {
  const registered = tf.getGradient(kernelName)
  const original: Gradient = (dy, saved, attributes) => registered.gradFunc(dy, saved, attributes)
  const gradient = change(original)
  tf.unregisterGradient(kernelName)
  tf.registerGradient({
    ...registered,
    gradFunc: (dy, saved, attributes) =>
      gradient(dy as tf.Tensor, saved, attributes) ?? registered.gradFunc(dy, saved, attributes),
  })
}
