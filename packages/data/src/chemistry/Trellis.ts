/** A partial structure class: everything that the choices still to come need to know, and what came before. */
interface Node {
  /** Least cost of a way to this node; exact small integers. */
  cost: number
  /** Logarithm of the summed weights of the ways with that cost. */
  logWeight: number
  /** Largest log weight of a single one of them, and its last edge. */
  bestLogWeight: number
  bestEdge: number
}

/** Where one step's edges begin and the nodes they end in. */
interface Step {
  readonly firstEdge: number
  readonly nodes: ReadonlyMap<number, Node>
}

/** Bound on the work and memory (some 100 bytes an edge). */
const MOST_EDGES = 1_000_000

/** One choice at a node: the node it leads to, what was chosen and what that costs. */
export type Branch = (
  key: number,
  take: (to: number, value: number, cost: number, logWeight: number) => void,
) => void

/**
 * Dynamic programming over a sequence of choices. A node stands for all sequences of choices so far that leave the same
 * possibilities open (the same key). Costs are compared first; among the sequences of least cost, weights are summed. So the
 * best sequence is found and all the best ones are averaged without listing them: there may be exponentially many.
 */
export class Trellis {
  readonly #steps: Step[]
  // Edges of all steps, one after another.
  readonly #from: Node[] = []
  readonly #to: Node[] = []
  readonly #values: number[] = []
  readonly #costs: number[] = []
  readonly #logWeights: number[] = []

  /** @param key where the choices begin. */
  constructor(key: number) {
    const start: Node = { cost: 0, logWeight: 0, bestLogWeight: 0, bestEdge: -1 }
    this.#steps = [{ firstEdge: 0, nodes: new Map([[key, start]]) }]
  }

  /** Whether there are too many possibilities to go on. */
  get overflown(): boolean {
    return this.#values.length > MOST_EDGES
  }

  /** Whether some way leads to this node after the last choice. */
  has(key: number): boolean {
    return this.#steps.at(-1)!.nodes.has(key)
  }

  /** Adds one choice, which `branch` makes at every node. */
  choose(branch: Branch): void {
    const nodes = new Map<number, Node>()
    const firstEdge = this.#values.length
    for (const [key, from] of this.#steps.at(-1)!.nodes) {
      branch(key, (to, value, cost, logWeight) => {
        const edge = this.#values.length
        const total = from.cost + cost
        const best = from.bestLogWeight + logWeight
        let node = nodes.get(to)
        if (!node || total < node.cost) {
          const fresh = {
            cost: total,
            logWeight: from.logWeight + logWeight,
            bestLogWeight: best,
            bestEdge: edge,
          }
          if (node) Object.assign(node, fresh)
          else nodes.set(to, (node = fresh))
        } else if (total === node.cost) {
          node.logWeight = logAdd(node.logWeight, from.logWeight + logWeight)
          if (best > node.bestLogWeight) {
            node.bestLogWeight = best
            node.bestEdge = edge
          }
        }
        this.#from.push(from)
        this.#to.push(node)
        this.#values.push(value)
        this.#costs.push(cost)
        this.#logWeights.push(logWeight)
      })
    }
    this.#steps.push({ firstEdge, nodes })
  }

  /** The values chosen on the best way to a node after the last choice, `[choices]`: least cost, then largest weight. */
  best(key: number): number[] {
    const values: number[] = []
    let node = this.#steps.at(-1)!.nodes.get(key)!
    for (let step = this.#steps.length - 1; step > 0; step -= 1) {
      values.push(this.#values[node.bestEdge]!)
      node = this.#from[node.bestEdge]!
    }
    return values.toReversed()
  }

  /**
   * Mean of each choice over all ways of least cost to a node after the last choice, each by its weight, `[choices]`.
   * @param of what to average, from the index of a choice and its value.
   */
  means(key: number, of: (choice: number, value: number) => number): number[] {
    const end = this.#steps.at(-1)!.nodes.get(key)!
    // Backward pass: cost and weight of the ways from each node to the end.
    const rest = new Map<Node, { cost: number; logWeight: number }>([
      [end, { cost: 0, logWeight: 0 }],
    ])
    const means: number[] = []
    let lastEdge = this.#values.length
    for (let choice = this.#steps.length - 2; choice >= 0; choice -= 1) {
      const { firstEdge } = this.#steps[choice + 1]!
      let mean = 0
      for (let edge = firstEdge; edge < lastEdge; edge += 1) {
        const after = rest.get(this.#to[edge]!)
        if (!after) continue
        const from = this.#from[edge]!
        const cost = after.cost + this.#costs[edge]!
        const logWeight = after.logWeight + this.#logWeights[edge]!
        const before = rest.get(from)
        if (!before || cost < before.cost) rest.set(from, { cost, logWeight })
        else if (cost === before.cost) before.logWeight = logAdd(before.logWeight, logWeight)
        if (from.cost + cost === end.cost) {
          mean +=
            of(choice, this.#values[edge]!) * Math.exp(from.logWeight + logWeight - end.logWeight)
        }
      }
      means.push(mean)
      lastEdge = firstEdge
    }
    return means.toReversed()
  }
}

/** ln(e^a + e^b) without overflow. */
function logAdd(a: number, b: number): number {
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b))
}
