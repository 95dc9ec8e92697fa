import type { BondGraph } from './BondGraph.ts'

/** One choice on the way to a Lewis structure: the state of an atom, or the pi order of a bond. */
export type Choice =
  | { readonly kind: 'atom'; readonly atom: number; readonly slot: number }
  | {
      readonly kind: 'bond'
      readonly bond: number
      /** Places of its two atoms among the open ones. */
      readonly slots: readonly [number, number]
      /** Those of them that have no bond left to choose, and so must need no more pi bonds. */
      readonly closes: readonly number[]
    }

/** The choices in their order, and how many atoms are open at the same time. */
export interface ChoicePlan {
  readonly choices: readonly Choice[]
  readonly slots: number
}

/**
 * Orders the choices so that few atoms are open at a time (their state chosen, one of their bonds not yet): from one atom to the
 * next, always the one that leaves the fewest open. Chains and rings keep two or three atoms open, however long they are.
 *
 * @param mayBePi whether each bond can be a double bond, `[bonds]`; the others need no choice.
 */
export function choicePlan(graph: BondGraph, mayBePi: readonly boolean[]): ChoicePlan {
  const waiting = graph.bondsOf.map((list) => list.filter((bond) => mayBePi[bond]).length)
  const choices: Choice[] = []
  const slots: (number | undefined)[] = []
  const slotOf = new Map<number, number>()
  const rest = new Set([...waiting.keys()].filter((atom) => waiting[atom]! > 0))
  while (rest.size > 0) {
    const atom = next(graph, mayBePi, waiting, slotOf, rest)
    rest.delete(atom)
    const free = slots.indexOf(undefined)
    const slot = free < 0 ? slots.length : free
    slots[slot] = atom
    slotOf.set(atom, slot)
    choices.push({ kind: 'atom', atom, slot })
    for (const [index, other] of graph.neighbours[atom]!.entries()) {
      const bond = graph.bondsOf[atom]![index]!
      const otherSlot = slotOf.get(other)
      if (!mayBePi[bond] || otherSlot === undefined) continue
      const closed = [atom, other].filter((end) => (waiting[end]! -= 1) === 0)
      choices.push({
        kind: 'bond',
        bond,
        slots: [slot, otherSlot],
        closes: closed.map((end) => slotOf.get(end)!),
      })
      for (const end of closed) {
        slots[slotOf.get(end)!] = undefined
        slotOf.delete(end)
      }
    }
  }
  return { choices, slots: slots.length }
}

/** The atom that leaves the fewest open: it opens itself, unless all its bonds are to open atoms, and closes others. */
function next(
  graph: BondGraph,
  mayBePi: readonly boolean[],
  waiting: readonly number[],
  slotOf: ReadonlyMap<number, number>,
  rest: ReadonlySet<number>,
): number {
  let best = -1
  let fewest = Number.POSITIVE_INFINITY
  const consider = (atom: number): void => {
    let joined = 0
    let closed = 0
    for (const [index, other] of graph.neighbours[atom]!.entries()) {
      if (!mayBePi[graph.bondsOf[atom]![index]!] || !slotOf.has(other)) continue
      joined += 1
      if (waiting[other] === 1) closed += 1
    }
    const opened = waiting[atom] === joined ? 0 : 1
    // Among equals the ends of chains come first.
    const score = 10 * (opened - closed) + waiting[atom]! - joined
    if (score >= fewest) return
    best = atom
    fewest = score
  }
  // What is begun is finished first: an open atom has a neighbour still to come.
  for (const atom of slotOf.size > 0 ? slotOf.keys() : rest) {
    if (slotOf.size === 0) consider(atom)
    else for (const other of graph.neighbours[atom]!) if (rest.has(other)) consider(other)
  }
  return best
}
