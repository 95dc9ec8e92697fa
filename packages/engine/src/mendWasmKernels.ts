import * as tf from '@tensorflow/tfjs'
import type { KernelFunc, Tensor, TensorInfo, TypedArray } from '@tensorflow/tfjs'
import { mendMatrixKernels } from './mendMatrixKernels.ts'

/** What the repairs use of tfjs's WebAssembly backend; its class is not typed for use from outside. */
interface WasmBackend {
  makeOutput(shape: number[], dtype: string): TensorInfo
  typedArrayFromHeap(tensor: TensorInfo): TypedArray
  disposeData(dataId: object): void
}

let isMended = false

/**
 * Repairs gaps of `@tensorflow/tfjs-backend-wasm` 4.22 for models that run eagerly on it:
 * - `unsortedSegmentSum`, which it lacks, so that `tf.gather` has no gradient;
 * - `gather` with `batchDims`, which reads wrong elements;
 * - products with transposed matrices (every backward pass), which it computes 10 to 20 times slower than others;
 * - what `mendMatrixKernels` repairs.
 *
 * Call it after importing the backend; it does nothing the second time, and nothing if the backend is not there.
 */
export function mendWasmKernels(): void {
  if (isMended || !tf.getKernel('BatchMatMul', 'wasm')) return
  isMended = true
  if (!tf.getKernel('UnsortedSegmentSum', 'wasm'))
    tf.registerKernel({
      kernelName: 'UnsortedSegmentSum',
      backendName: 'wasm',
      kernelFunc: segmentSum as unknown as KernelFunc,
    })
  mendMatrixProduct()
  mendMatrixKernels('wasm')
  mendBatchedGather()
}

interface SegmentSumArguments {
  readonly inputs: { readonly x: TensorInfo; readonly segmentIds: TensorInfo }
  readonly attrs: { readonly numSegments: number }
  readonly backend: WasmBackend
}

/** Adds every row to the row of its segment, in place on the heap; ids out of range are dropped, as in tfjs-cpu. */
function segmentSum({ inputs, attrs, backend }: SegmentSumArguments): TensorInfo {
  const { x, segmentIds } = inputs
  const { numSegments } = attrs
  const rowShape = x.shape.slice(1)
  const width = tf.util.sizeFromShape(rowShape)
  // Making the output may grow, and so move, the heap: views come after it.
  const output = backend.makeOutput([numSegments, ...rowShape], x.dtype)
  const values = backend.typedArrayFromHeap(x)
  const ids = backend.typedArrayFromHeap(segmentIds)
  const sums = backend.typedArrayFromHeap(output).fill(0)
  for (let row = 0; row < ids.length; row++) {
    const segment = ids[row]!
    if (segment < 0 || segment >= numSegments) continue
    const target = segment * width
    const source = row * width
    for (let column = 0; column < width; column++)
      sums[target + column] = sums[target + column]! + values[source + column]!
  }
  return output
}

function isMatrix({ shape }: TensorInfo): boolean {
  return shape.slice(0, -2).every((length) => length === 1)
}

interface ProductArguments {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo }
  readonly attrs: { readonly transposeA: boolean; readonly transposeB: boolean }
  readonly backend: WasmBackend
}

/** Only products of two plain matrices take the fast path (XNNPACK); the others fall to a scalar loop. Transposing first is much cheaper than that loop. */
function mendMatrixProduct(): void {
  const original = tf.getKernel('BatchMatMul', 'wasm')
  const product = original.kernelFunc as unknown as (args: ProductArguments) => TensorInfo
  const transpose = tf.getKernel('Transpose', 'wasm').kernelFunc

  const mended = (args: ProductArguments): TensorInfo => {
    const { inputs, attrs, backend } = args
    const needless = !attrs.transposeA && !attrs.transposeB
    if (needless || !isMatrix(inputs.a) || !isMatrix(inputs.b)) return product(args)
    const temporary: TensorInfo[] = []
    const transposed = (x: TensorInfo) => {
      const rank = x.shape.length
      const perm = [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2)
      const result = transpose({ inputs: { x }, backend, attrs: { perm } }) as TensorInfo
      temporary.push(result)
      return result
    }
    const a = attrs.transposeA ? transposed(inputs.a) : inputs.a
    const b = attrs.transposeB ? transposed(inputs.b) : inputs.b
    const plain = { transposeA: false, transposeB: false }
    const result = product({ inputs: { a, b }, attrs: plain, backend })
    for (const tensor of temporary) backend.disposeData(tensor.dataId)
    return result
  }
  tf.unregisterKernel('BatchMatMul', 'wasm')
  tf.registerKernel({ ...original, kernelFunc: mended as unknown as KernelFunc })
}

/** `gather` with `batchDims` reads the wrong elements, or beyond the memory. With batch and gathered axis joined, it is one without. */
function mendBatchedGather(): void {
  const original = tf.getKernel('GatherV2', 'wasm')
  const kernelFunc: KernelFunc = (call) => {
    const batchAxes = (call.attrs?.['batchDims'] as number | undefined) ?? 0
    const axis = call.attrs?.['axis'] as number
    if (batchAxes === 0 || axis !== batchAxes) return original.kernelFunc(call)
    // As ops do, kernels get tensors here; what is made is disposed of at the end of the op.
    const { x, indices } = call.inputs as Record<'x' | 'indices', Tensor>
    const batches = tf.util.sizeFromShape(x.shape.slice(0, batchAxes))
    const length = x.shape[axis]!
    const rest = x.shape.slice(axis + 1)
    const starts = tf.range(0, batches * length, length, 'int32')
    const positions = tf.add(tf.reshape(indices, [batches, -1]), tf.reshape(starts, [batches, 1]))
    const rows = tf.gather(
      tf.reshape(x, [batches * length, ...rest]),
      tf.reshape<tf.Rank.R1>(positions, [-1]),
    )
    return tf.reshape(rows, [...indices.shape, ...rest])
  }
  tf.unregisterKernel('GatherV2', 'wasm')
  tf.registerKernel({ ...original, kernelFunc })
}
