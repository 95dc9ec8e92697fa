import { countUses } from './countUses.ts'
import { arithmetic } from './elementwise.ts'
import type { Graph, Value } from './Graph.ts'
import { concat, split } from './shapes.ts'

/** A product with more columns than this fills the vector units by itself; one with fewer wastes most of the time that reading its tall operand takes. */
export const NARROW = 16
/** Rows of an operand that is worth reading once instead of several times. */
const TALL = 256

/** A narrow product with the same left operand as others, and the bias that is added to it. */
interface Member {
  readonly right: Value
  readonly bias?: Value
  /** What is replaced: the product, or its sum with the bias. */
  readonly value: Value
}

/** Products `left * right_k` that can be computed as one. */
interface Group {
  readonly product: Value
  readonly members: readonly Member[]
  /** The member in whose place the joint product is computed: the first behind all operands. */
  readonly place: Value
}

/**
 * Computes narrow products of one tall matrix as one product with the narrow matrices beside each other: `x [W_1 | W_2] + [b_1 | b_2]`, as for
 * the biases that every layer of a network makes of the same edge features, and `x^T [d_1 | d_2]`, their gradients by the weights.
 *
 * @returns the values to use in place of the roots, in their order.
 */
export function mergeProducts(graph: Graph, roots: readonly Value[]): readonly Value[] {
  const uses = countUses(graph, roots)
  const values = graph.values.filter((value) => uses.has(value))
  const groupOf = new Map<Value, Group>()
  for (const group of findGroups(values, new Set(roots))) {
    for (const { value } of group.members) groupOf.set(value, group)
  }
  if (groupOf.size === 0) return roots
  const rebuilt = new Map<Value, Value>()
  for (const value of values) {
    const group = groupOf.get(value)
    if (group) {
      if (value === group.place) joinMembers(graph, group, rebuilt)
      continue
    }
    const inputs = value.inputs.map((input) => rebuilt.get(input) ?? input)
    const { op, attributes, shape, dtype } = value
    const isSame = inputs.every((input, k) => input === value.inputs[k])
    rebuilt.set(value, isSame ? value : graph.value(op, inputs, attributes, shape, dtype))
  }
  return roots.map((root) => rebuilt.get(root)!)
}

function joinMembers(graph: Graph, { product, members }: Group, rebuilt: Map<Value, Value>): void {
  // An operand may be a member of another group that is joined later: then what it was before will do.
  const now = (value: Value): Value => rebuilt.get(value) ?? value
  const widths = members.map(({ right }) => right.shape[1]!)
  const right = concat(
    graph,
    members.map((member) => now(member.right)),
    1,
  )
  const shape = [product.shape[0]!, right.shape[1]!]
  const left = now(product.inputs[0]!)
  const joint = graph.value('Gemm', [left, right], product.attributes, shape, 'float32')
  const biases = members.flatMap(({ bias }) => (bias ? [now(bias)] : []))
  const sum = biases.length > 0 ? arithmetic(graph, 'Add', joint, concat(graph, biases, 0)) : joint
  const parts = split(graph, sum, widths, 1)
  for (const [k, { value }] of members.entries()) rebuilt.set(value, parts[k]!)
}

function findGroups(values: readonly Value[], roots: ReadonlySet<Value>): Group[] {
  const users = new Map<Value, Value[]>()
  for (const value of values) {
    for (const input of new Set(value.inputs)) {
      const known = users.get(input)
      if (known) known.push(value)
      else users.set(input, [value])
    }
  }
  const alike = new Map<string, Value[]>()
  for (const product of values.filter(isNarrow)) {
    const key = `${product.inputs[0]!.id} ${product.attributes.transA as number}`
    alike.set(key, [...(alike.get(key) ?? []), product])
  }
  return [...alike.values()].flatMap((products) => {
    const group = products.length > 1 ? makeGroup(products, users, roots) : undefined
    return group ? [group] : []
  })
}

/** Whether the tall side of a product has so few columns that much of its time goes into reading the other side. */
export function isTallAndNarrow({ shape: [rows, columns] }: Value): boolean {
  return rows! >= TALL && columns! <= NARROW
}

/** `x W` with a tall x and few columns in W, or `x^T d` with a tall and narrow d. */
function isNarrow({ op, inputs, attributes }: Value): boolean {
  if (op !== 'Gemm' || attributes.transB === 1) return false
  const [left, right] = inputs as [Value, Value]
  return left.shape[0]! >= TALL && right.shape[1]! <= NARROW
}

function makeGroup(
  products: readonly Value[],
  users: ReadonlyMap<Value, readonly Value[]>,
  roots: ReadonlySet<Value>,
): Group | undefined {
  const usersOf = (value: Value): readonly Value[] => users.get(value) ?? []
  const withBias = products.map((product): Member | undefined => {
    const [sum, ...others] = usersOf(product)
    if (sum?.op !== 'Add' || others.length > 0 || roots.has(product)) return undefined
    const bias = sum.inputs.find((input) => input !== product)
    if (bias?.shape.length !== 1 || bias.shape[0] !== product.shape[1]) return undefined
    return { right: product.inputs[1]!, bias, value: sum }
  })
  const members = withBias.every((member) => member !== undefined)
    ? withBias
    : products.map((value): Member => ({ right: value.inputs[1]!, value }))
  const operands = members.flatMap(({ right, bias }) => (bias ? [right, bias] : [right]))
  const ready = Math.max(products[0]!.inputs[0]!.id, ...operands.map(({ id }) => id))
  const place = members.map(({ value }) => value).find(({ id }) => id > ready)!
  // Whoever needs a member must come later; then no operand of one member depends on another member either.
  const isLate = members.every(({ value }) => usersOf(value).every(({ id }) => id > place.id))
  return isLate ? { product: products[0]!, members, place } : undefined
}
