import { arithmetic } from './elementwise.ts'
import { sameShape, uniformOf } from './Graph.ts'
import type { Graph, Value } from './Graph.ts'

/**
 * The gradient of `y = x * s` with `s = sigmoid(x)`, which tfjs records as `dy * s + (dy * x) * (s * (1 - s))`, as
 * `dy * (s + y * (1 - s))`: four passes over the array instead of six, three of them without `dy`.
 */
export function factorSiluGradient(graph: Graph, value: Value): Value | undefined {
  if (value.op !== 'Add') return undefined
  const [first, second] = value.inputs.map((input) => factors(input))
  for (const [short, long] of [
    [first!, second!],
    [second!, first!],
  ] as const) {
    if (short.length !== 2 || long.length !== 4) continue
    const sigmoid = short.find(({ op }) => op === 'Sigmoid')
    if (!sigmoid) continue
    const dy = short[0] === sigmoid ? short[1]! : short[0]!
    const x = sigmoid.inputs[0]!
    const rest = long.filter((factor) => factor !== dy && factor !== sigmoid && factor !== x)
    const [complement] = rest
    if (rest.length !== 1 || new Set(long).size !== 4) continue
    if (complement!.op !== 'Sub' || complement!.inputs[1] !== sigmoid) continue
    if (uniformOf(complement!.inputs[0]!) !== 1) continue
    if (!sameShape(x.shape, dy.shape)) continue
    const silu = arithmetic(graph, 'Mul', x, sigmoid)
    const slope = arithmetic(graph, 'Add', sigmoid, arithmetic(graph, 'Mul', silu, complement!))
    return arithmetic(graph, 'Mul', dy, slope)
  }
  return undefined
}

/** What is multiplied to make a value of the same shape. */
function factors(value: Value): Value[] {
  if (value.op !== 'Mul') return [value]
  return value.inputs.flatMap((input) =>
    sameShape(input.shape, value.shape) ? factors(input) : [input],
  )
}
