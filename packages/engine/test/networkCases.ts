import * as tf from '@tensorflow/tfjs'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs'
import { floats, integers, numbers, positive } from './compareWithTfjs.ts'
import type { OpCase } from './opCases.ts'

function c(f: (...operands: never[]) => Tensor, ...operands: OpCase['operands']): OpCase {
  return { f: f as unknown as OpCase['f'], operands }
}

/** Layer normalisation over the last axis. */
function normalise(x: Tensor, gain: Tensor, offset: Tensor): Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true))
  const variance = tf.mean(tf.square(centred), -1, true)
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), gain), offset)
}

/** Gated recurrent unit with the gates side by side: reset, update, candidate. */
function gru(input: Tensor, state: Tensor, w: Tensor, u: Tensor, b: Tensor): Tensor {
  const [ir, iz, ic] = tf.split(tf.add(tf.matMul(input, w), b), 3, 1) as [Tensor, Tensor, Tensor]
  const [hr, hz, hc] = tf.split(tf.matMul(state, u), 3, 1) as [Tensor, Tensor, Tensor]
  const update = tf.sigmoid(tf.add(iz, hz))
  const candidate = tf.tanh(tf.add(ic, tf.mul(tf.sigmoid(tf.add(ir, hr)), hc)))
  return tf.add(candidate, tf.mul(update, tf.sub(state, candidate)))
}

/** Self-attention of two heads with a bias on the scores; queries, keys and values side by side in `x`. */
function attention(x: Tensor, bias: Tensor): Tensor {
  const [molecules, atoms, heads, width] = [2, 5, 2, 4]
  const parts = tf.transpose(tf.reshape(x, [molecules, atoms, 3, heads, width]), [2, 0, 3, 1, 4])
  const [q, k, v] = tf.unstack(parts, 0) as [Tensor, Tensor, Tensor]
  const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width)), bias)
  const mixed = tf.matMul(tf.softmax(scores, -1), v)
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [molecules * atoms, heads * width])
}

/** Two rounds of messages over the edges of a graph, with edges that share ends. */
export function messages(
  nodes: Tensor,
  edges: Tensor,
  w: Tensor,
  from: Tensor,
  to: Tensor,
): Tensor {
  let state = nodes
  for (let round = 0; round < 2; round++) {
    const ends = [tf.gather(state, from), tf.gather(state, to), edges]
    const message = tf.relu(tf.matMul(tf.concat(ends, 1), w))
    state = tf.add(state, tf.unsortedSegmentSum(message, to as Tensor1D, 4))
  }
  return state
}

/** The product of complex numbers, each a pair of real tensors side by side on the last axis. */
function complexProduct(a: Tensor, b: Tensor): Tensor {
  const [ar, ai] = tf.split(a, 2, -1) as [Tensor, Tensor]
  const [br, bi] = tf.split(b, 2, -1) as [Tensor, Tensor]
  const real = tf.sub(tf.mul(ar, br), tf.mul(ai, bi))
  return tf.concat([real, tf.add(tf.mul(ar, bi), tf.mul(ai, br))], -1)
}

/** Matrix product of complex matrices, real and imaginary parts apart. */
function complexMatrices(ar: Tensor, ai: Tensor, br: Tensor, bi: Tensor): Tensor {
  const real = tf.sub(tf.matMul(ar, br), tf.matMul(ai, bi))
  return tf.stack([real, tf.add(tf.matMul(ar, bi), tf.matMul(ai, br))])
}

/** Distances and messages, normalised, then attention over the atoms of two molecules: all that a network of this kind does, as an energy. */
function energy(
  positions: Tensor,
  weights: Tensor,
  bias: Tensor,
  from: Tensor,
  to: Tensor,
): Tensor {
  const difference = tf.sub(tf.gather(positions, from), tf.gather(positions, to))
  const distance = tf.sqrt(tf.add(tf.sum(tf.square(difference), -1, true), 1e-3))
  const basis = tf.exp(tf.neg(tf.square(tf.sub(distance, tf.linspace(0, 2, 6)))))
  const message = tf.softplus(tf.matMul(basis, weights))
  const state = tf.unsortedSegmentSum(message, to as Tensor1D, 10)
  const normal = normalise(state, tf.ones([24]), tf.zeros([24]))
  return tf.mean(tf.tanh(attention(normal, bias)), 1)
}

/** Forces: the gradient of the energy by the positions. The harness differentiates them once more. */
function forces(positions: Tensor, ...others: Tensor[]): Tensor {
  const [weights, bias, from, to] = others as [Tensor, Tensor, Tensor, Tensor]
  return tf.grad((r: Tensor) => tf.sum(energy(r, weights, bias, from, to)))(positions)
}

/** Nodes, edges, weights, and the ends of the edges. */
export const messageOperands = [
  numbers([4, 3]),
  numbers([7, 2], 2),
  numbers([8, 3], 3),
  integers([7], [0, 1, 2, 3, 0, 0, 2]),
  integers([7], [1, 0, 3, 1, 1, 1, 0]),
]

const molecules = [
  numbers([10, 3]),
  numbers([6, 24], 2),
  numbers([2, 2, 5, 5], 3),
  integers([12], [0, 1, 2, 3, 4, 0, 5, 6, 7, 8, 9, 5]),
  integers([12], [1, 0, 0, 1, 2, 4, 6, 5, 5, 9, 7, 8]),
]
/** Additive mask of attention: the last two atoms of each molecule are padding. */
const mask = floats([1, 1, 1, 5], [0, 0, 0, -1e9, -1e9])

/** Parts of networks, and a network. */
export const networkCases: Readonly<Record<string, OpCase>> = {
  'layer normalisation': c(normalise, numbers([5, 8]), numbers([8], 2), numbers([8], 3)),
  'gated recurrent unit': c(
    gru,
    numbers([4, 6]),
    numbers([4, 5], 2),
    numbers([6, 15], 3),
    numbers([5, 15], 4),
    numbers([15], 5),
  ),
  'attention with bias': c(attention, numbers([10, 24]), numbers([2, 2, 5, 5], 2)),
  'attention with a bias for all heads': c(attention, numbers([10, 24]), numbers([2, 1, 1, 5], 2)),
  'attention with an additive mask': c(
    (x: Tensor) => attention(x, tf.tensor(mask.data, [...mask.shape])),
    numbers([10, 24]),
  ),
  'messages with repeated ends': c(messages, ...messageOperands),
  'radial basis functions of distances': c(
    (x: Tensor) => {
      const difference = tf.sub(tf.expandDims(x, 0), tf.expandDims(x, 1))
      const distance = tf.sqrt(tf.add(tf.sum(tf.square(difference), -1), 1e-3))
      const offset = tf.sub(tf.expandDims(distance, -1), tf.linspace(0, 2, 6))
      return tf.exp(tf.mul(-3, tf.square(offset)))
    },
    positive([4, 3]),
  ),
  'product of complex numbers': c(complexProduct, numbers([3, 8]), numbers([3, 8], 2)),
  'product of complex matrices': c(
    complexMatrices,
    numbers([3, 4]),
    numbers([3, 4], 2),
    numbers([4, 2], 3),
    numbers([4, 2], 4),
  ),
  'a network': c(energy, ...molecules),
  'forces of a network': c(forces, ...molecules),
}
