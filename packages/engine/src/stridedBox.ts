import { slice_util } from '@tensorflow/tfjs'

/** Which elements a `tf.stridedSlice` takes: along each axis of its input `begin`, `begin + stride`, ... */
export interface StridedBox {
  readonly begin: readonly number[]
  /** Negative ones run backwards. */
  readonly strides: readonly number[]
  /** How many elements of each axis. */
  readonly lengths: number[]
  /** Shape of the result: `lengths` without dropped axes and with new ones. */
  readonly shape: number[]
}

/** Works out the masks and negative positions among the attributes of the kernel `StridedSlice`. */
export function stridedBox(
  shape: readonly number[],
  attributes: Readonly<Record<string, unknown>>,
): StridedBox {
  const mask = (name: string) => (attributes[name] as number | undefined) ?? 0
  const { begin, end, strides, finalShape } = slice_util.sliceInfo(
    [...shape],
    attributes['begin'] as number[],
    attributes['end'] as number[],
    attributes['strides'] as number[],
    mask('beginMask'),
    mask('endMask'),
    mask('ellipsisMask'),
    mask('newAxisMask'),
    mask('shrinkAxisMask'),
  )
  return {
    begin,
    strides,
    lengths: slice_util.computeOutShape(begin, end, strides).map((length) => Math.max(length, 0)),
    shape: finalShape,
  }
}
