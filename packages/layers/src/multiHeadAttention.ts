import * as tf from '@tensorflow/tfjs'

/** How rows are laid out for {@link multiHeadAttention}: one block of tokens for each molecule, all of one length. */
export interface AttentionLayout {
  /** Number of blocks. */
  readonly blocks: number
  /** Tokens of a block, padding included. */
  readonly length: number
  /** Number of heads; divides the width. */
  readonly heads: number
  /** Factor on the scores; default `1 / sqrt(width / heads)`. */
  readonly scale?: number
}

/**
 * Scaled dot-product attention of several heads within blocks of tokens (Vaswani et al. 2017, eq. 1), with a bias on the scores:
 * `softmax(scale * Q K^T + bias) V`.
 *
 * The projections before and after are linear layers of the caller, because architectures differ there.
 * @param projected queries, keys and values side by side, `[blocks * length, 3 * width]`.
 * @param bias added to the scores, broadcast to `[blocks, heads, length, length]` (query before key); -1e9 hides a key.
 * @returns the heads' results side by side, `[blocks * length, width]`.
 */
export function multiHeadAttention(
  projected: tf.Tensor,
  bias: tf.Tensor,
  { blocks, length, heads, scale }: AttentionLayout,
): tf.Tensor2D {
  const width = projected.shape[1]! / 3
  const perHead = width / heads
  const [queries, keys, values] = tf
    .split(projected, 3, 1)
    .map((part) => tf.transpose(tf.reshape(part, [blocks, length, heads, perHead]), [0, 2, 1, 3]))
  const scores = tf.mul(tf.matMul(queries!, keys!, false, true), scale ?? perHead ** -0.5)
  const attended = tf.matMul(tf.softmax(tf.add(scores, bias)), values!)
  return tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [blocks * length, width])
}
