import * as tf from '@tensorflow/tfjs'

/** How rows are laid out for attention: one block of tokens for each molecule, all of one length. */
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
  const layout = { blocks, length, heads }
  const [queries, keys, values] = tf.split(projected, 3, 1)
  const products = tf.matMul(splitHeads(queries!, layout), splitHeads(keys!, layout), false, true)
  const scores = tf.add(tf.mul(products, scale ?? perHead ** -0.5), bias)
  return attendByScores(values!, scores, layout)
}

/**
 * Attention whose scores do not come from queries and keys, but for example from distances: `softmax(scores) V` of several
 * heads within blocks of tokens. The half of {@link multiHeadAttention} that comes after the scores.
 * @param values `[blocks * length, width]`.
 * @param scores `[blocks, heads, length, length]` (query before key); -1e9 hides a key.
 * @returns the heads' results side by side, `[blocks * length, width]`.
 */
export function attendByScores(
  values: tf.Tensor,
  scores: tf.Tensor,
  layout: Omit<AttentionLayout, 'scale'>,
): tf.Tensor2D {
  const attended = tf.matMul(tf.softmax(scores), splitHeads(values, layout))
  return tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [
    layout.blocks * layout.length,
    values.shape[1]!,
  ])
}

/** Rows `[blocks * length, width]` as `[blocks, heads, length, width / heads]`. */
function splitHeads(
  rows: tf.Tensor,
  { blocks, length, heads }: Omit<AttentionLayout, 'scale'>,
): tf.Tensor {
  const split = tf.reshape(rows, [blocks, length, heads, rows.shape[1]! / heads])
  return tf.transpose(split, [0, 2, 1, 3])
}
