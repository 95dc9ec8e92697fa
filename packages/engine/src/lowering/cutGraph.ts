import type { NamedValue } from './emit.ts'
import type { Graph, Value } from './Graph.ts'

/** A graph in two parts, of which the second reads what the first has saved. */
export interface CutGraph {
  /** Outputs of the first part: the early roots, and what the second part needs. */
  readonly first: readonly NamedValue[]
  /** The other roots. */
  readonly second: readonly NamedValue[]
  /** What the second part reads of the first, with its name. */
  readonly saved: ReadonlyMap<Value, string>
}

/** Where to cut. */
export interface Cut {
  /** Name of the input that the first part must not need. */
  readonly late: string
  /** Names of the outputs of the first part. */
  readonly early: readonly string[]
  /** What the names of saved values begin with; a number follows. */
  readonly prefix: string
}

/** Operators that cost next to nothing: the second part runs them again, on what they read. */
const repeated = new Set(['Reshape', 'Expand', 'Cast'])

/**
 * Cuts a graph before everything that depends on one of its inputs, as the backward pass of a loss depends on the derivative
 * of the loss: the first part can run before that input is known.
 */
export function cutGraph(
  graph: Graph,
  roots: readonly NamedValue[],
  { late, early, prefix }: Cut,
): CutGraph {
  const isLate = new Set<Value>()
  for (const value of graph.values) {
    const isInput = value.op === 'Input' && value.attributes.name === late
    if (isInput || value.inputs.some((input) => isLate.has(input))) isLate.add(value)
  }
  const saved = new Map<Value, string>()
  const visited = new Set<Value>()
  const need = (value: Value): void => {
    if (visited.has(value)) return
    visited.add(value)
    if (value.op === 'Input' || value.constant) return
    // Indices and conditions are small or made of what is saved anyway.
    const isSaved = !isLate.has(value) && value.dtype === 'float32' && !repeated.has(value.op)
    if (isSaved) saved.set(value, prefix + saved.size)
    else for (const input of value.inputs) need(input)
  }
  const second = roots.filter(({ name }) => !early.includes(name))
  for (const { value } of second) need(value)
  const first = roots.filter(({ name }) => early.includes(name))
  const outputs = [...saved].map(([value, name]) => ({ name, value }))
  return { first: [...first, ...outputs], second, saved }
}
