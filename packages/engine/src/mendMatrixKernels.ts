import * as tf from '@tensorflow/tfjs'
import type { KernelFunc, Tensor, TensorInfo } from '@tensorflow/tfjs'
import { registerComposite } from './compositeKernels.ts'

/**
 * Repairs two kernels of a backend that tfjs 4.22 computes in JavaScript or WebAssembly:
 * - `Einsum` is missing or forgets an operand (`ij,k->ik`), and multiplies elementwise: it becomes one matrix product;
 * - `BatchMatMul` takes the wrong matrices where leading axes broadcast in the middle (`[2, 1, ...]` with `[3, ...]`): operands are repeated first.
 */
export function mendMatrixKernels(backendName: string): void {
  const product = tf.getKernel('BatchMatMul', backendName)
  if (!product) return
  if (tf.getKernel('Einsum', backendName)) tf.unregisterKernel('Einsum', backendName)
  registerComposite('Einsum', backendName)

  const kernelFunc: KernelFunc = (call) => {
    const { a, b } = call.inputs as Record<'a' | 'b', TensorInfo>
    const leading = tf.backend_util.assertAndGetBroadcastShape(
      a.shape.slice(0, -2),
      b.shape.slice(0, -2),
    )
    return product.kernelFunc({
      ...call,
      inputs: { a: repeated(a, leading), b: repeated(b, leading) },
    })
  }
  tf.unregisterKernel('BatchMatMul', backendName)
  tf.registerKernel({ ...product, kernelFunc })
}

/** The operand itself if its matrices are used round and round, as the kernel does; repeated to all leading axes otherwise. */
function repeated(x: TensorInfo, leading: number[]): TensorInfo {
  const own = x.shape.slice(0, -2)
  const long = own.slice(own.findIndex((length) => length !== 1))
  const isRound =
    tf.util.sizeFromShape(own) === 1 || long.join() === leading.slice(-long.length).join()
  if (isRound) return x
  // As ops do, kernels get tensors here; what is made is disposed of at the end of the op.
  return tf.broadcastTo(x as Tensor, [...leading, ...x.shape.slice(-2)])
}
