import type { Graph, Value } from './Graph.ts'

/**
 * How often each value is needed; values that nothing needs are absent.
 * @param given values that are not computed, so that their operands are not needed for them.
 */
export function countUses(
  graph: Graph,
  roots: readonly Value[],
  given: { has(value: Value): boolean } = new Set(),
): Map<Value, number> {
  const uses = new Map<Value, number>()
  const use = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1)
  for (const root of roots) use(root)
  // Operands come before their users, so one sweep backwards reaches everything.
  for (let id = graph.values.length - 1; id >= 0; id--) {
    const value = graph.values[id]!
    if (uses.has(value) && !given.has(value)) for (const input of value.inputs) use(input)
  }
  return uses
}
