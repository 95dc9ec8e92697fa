import * as tf from '@tensorflow/tfjs'
import type { NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs'
import { einsum } from './einsum.ts'
import { EngineError } from './EngineError.ts'
import { calledAt } from './modelLine.ts'
import type { KernelAttributes } from './Trace.ts'

/** A tfjs kernel written in ops of tfjs, for backends that do not have it. */
type CompositeKernel = (
  inputs: NamedTensorInfoMap | TensorInfo[],
  attributes: KernelAttributes,
) => Tensor

/** Batch normalisation with given moments (Ioffe & Szegedy 2015); `scale` and `offset` are optional. */
const batchNormalisation: CompositeKernel = (inputs, { varianceEpsilon }) => {
  const { x, mean, variance, offset, scale } = inputs as unknown as Record<
    string,
    Tensor | undefined
  >
  const { gradientDepth } = tf.engine().state
  if (gradientDepth > 0 && !(scale && offset))
    throw new EngineError(
      `${calledAt()}: TensorFlow.js cannot differentiate batch normalisation without scale and offset. Pass tf.ones and tf.zeros of their shape.`,
    )
  const inverse = tf.rsqrt(tf.add(variance!, varianceEpsilon as number))
  const factor = scale ? tf.mul(inverse, scale) : inverse
  const centred = tf.mul(tf.sub(x!, mean!), factor)
  return offset ? tf.add(centred, offset) : centred
}

/** Kernels that are recorded as the ops they consist of. */
export const compositeKernels: Readonly<Record<string, CompositeKernel>> = {
  Einsum: (inputs, { equation }) => einsum(equation as string, inputs as unknown as Tensor[]),
  FusedBatchNorm: batchNormalisation,
}

/** Registers a composite for a backend. */
export function registerComposite(kernelName: string, backendName: string): void {
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs }) => compositeKernels[kernelName]!(inputs, attrs ?? {}),
  })
}
