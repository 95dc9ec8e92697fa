import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'

interface TapeNode {
  readonly inputs: Readonly<Record<string, Tensor | undefined>>
  readonly outputs: readonly Tensor[]
}

/** What the repair uses of tfjs's engine; the method is private. */
interface Recorder {
  readonly state: { readonly activeTape: TapeNode[] }
  addTapeNode(...values: unknown[]): void
}

/**
 * Repairs gradients of gradients through ops whose gradient uses their result (`tf.exp`, `tf.tanh`, `tf.sigmoid`, `tf.softmax`, `tf.logSoftmax`,
 * `tf.elu`, `tf.pow` in tfjs 4.22). tfjs saves the result by cloning it, and records the clone before the op itself. Going back through the record, a
 * second derivative meets the op first and the clone after it, so that what flows through the clone is lost. Here the op moves before its clones.
 */
export function mendTapeOrder(): void {
  const engine = tf.engine() as unknown as Recorder
  const original = engine.addTapeNode.bind(engine)
  engine.addTapeNode = (...values) => {
    original(...values)
    const tape = engine.state.activeTape
    const node = tape.at(-1)!
    const results = new Set(node.outputs.map(({ id }) => id))
    const usesResult = ({ inputs }: TapeNode) =>
      Object.values(inputs).some((input) => input !== undefined && results.has(input.id))
    let place = tape.length - 1
    while (place > 0 && usesResult(tape[place - 1]!)) place--
    if (place === tape.length - 1) return
    tape.pop()
    tape.splice(place, 0, node)
  }
}
