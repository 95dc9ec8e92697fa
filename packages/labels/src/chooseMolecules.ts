import { COUPLING_TYPES } from '@couplet/data'
import { moleculeGraph, parseSmiles } from './moleculeGraph.ts'
import { type PairEnvironment, pairEnvironments } from './pairEnvironments.ts'

/** What to choose from and for. */
export interface Choice {
  /** SMILES of the molecules that are there already; they cover what they cover. */
  readonly labelled: readonly string[]
  /** SMILES to choose from. */
  readonly candidates: readonly string[]
  /** How many to choose. */
  readonly count: number
  /** Couplings of each type that the data set shall have. */
  readonly wanted: number
}

/**
 * Chooses molecules by coverage, one after the other, open chains and rings in turn: the next is the one with the greatest
 * gain for its cost. A pair gains 1 / (1 + how often its environment is there), times the share of the wanted couplings that
 * its type still lacks (at least a tenth). The cost is that of the calculation, about the power 2.5 of the number of basis
 * functions. Without the turns rings would win nearly always: their pairs differ more.
 * @returns the chosen SMILES, the first chosen first.
 */
export function chooseMolecules({ labelled, candidates, count, wanted }: Choice): string[] {
  const seen = new Map<string, number>()
  const byType = COUPLING_TYPES.map(() => 0)
  const add = (environments: readonly PairEnvironment[]): void => {
    for (const { type, key } of environments) {
      byType[type]! += 1
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
  }
  for (const smiles of labelled) add(describe(smiles).environments)
  const described = candidates.map((smiles) => ({ smiles, ...describe(smiles) }))
  const left = [
    new Set(described.filter(({ rings }) => rings === 0)),
    new Set(described.filter(({ rings }) => rings > 0)),
  ]
  const chosen: string[] = []
  for (let turn = 0; chosen.length < count && chosen.length < candidates.length; turn += 1) {
    const group = left[turn % left.length]!
    const weights = byType.map((have) => Math.max(0.1, 1 - have / wanted))
    let [best, highest] = [[...group][0], -1]
    for (const candidate of group) {
      let gain = 0
      const own = new Map<string, number>()
      for (const { type, key } of candidate.environments) {
        const before = (seen.get(key) ?? 0) + (own.get(key) ?? 0)
        own.set(key, (own.get(key) ?? 0) + 1)
        gain += weights[type]! / (1 + before)
      }
      if (gain / candidate.cost > highest) [best, highest] = [candidate, gain / candidate.cost]
    }
    if (!best) continue
    chosen.push(best.smiles)
    add(best.environments)
    group.delete(best)
  }
  return chosen
}

/** Basis functions of 6-31G(2df,p): 5 on hydrogen, 28 on the other elements. */
const FUNCTIONS = { hydrogen: 5, heavy: 28 }

function describe(smiles: string): {
  readonly environments: readonly PairEnvironment[]
  readonly cost: number
  readonly rings: number
} {
  const graph = moleculeGraph(parseSmiles(smiles))
  const atoms = graph.atomicNumbers.length
  const hydrogens = graph.atomicNumbers.filter((atomicNumber) => atomicNumber === 1).length
  const functions = FUNCTIONS.hydrogen * hydrogens + FUNCTIONS.heavy * (atoms - hydrogens)
  return {
    environments: pairEnvironments(graph),
    cost: functions ** 2.5,
    rings: graph.orders.length - atoms + 1,
  }
}
