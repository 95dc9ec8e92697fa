import { countUses } from './countUses.ts'
import { distributeProduct } from './distributeProducts.ts'
import type { Graph, Value } from './Graph.ts'
import { factorSiluGradient } from './factorSiluGradient.ts'
import { joinBias } from './joinBias.ts'
import { sumProducts } from './sumProducts.ts'

/** A cheaper value that is equal up to rounding, or undefined where the rule does not apply. */
export type Rule = (
  graph: Graph,
  value: Value,
  uses: ReadonlyMap<Value, number>,
) => Value | undefined

const rules: readonly Rule[] = [distributeProduct, factorSiluGradient, joinBias, sumProducts]

/**
 * Rewrites what the roots need into fewer operations, operands first. Simplifications that need to know no more than the
 * operands are made where values are made; those here look at how often a value is used, or deeper into its operands.
 *
 * @returns the values to use in place of the roots, in their order.
 */
export function rewrite(graph: Graph, roots: readonly Value[]): Value[] {
  const uses = countUses(graph, roots)
  const rewritten = new Map<Value, Value>()
  for (const value of graph.values.filter((each) => uses.has(each))) {
    const inputs = value.inputs.map((input) => rewritten.get(input)!)
    const { op, attributes, shape, dtype } = value
    const isSame = inputs.every((input, k) => input === value.inputs[k])
    const current = isSame ? value : graph.value(op, inputs, attributes, shape, dtype)
    const better = rules.map((rule) => rule(graph, current, uses)).find(Boolean)
    rewritten.set(value, better ?? current)
  }
  return roots.map((root) => rewritten.get(root)!)
}
