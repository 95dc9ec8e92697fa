import { distance } from '../geometry.ts'
import type { BondGraph } from './BondGraph.ts'
import { bondLengthCost } from './bondLengthCost.ts'
import { choicePlan, type Choice, type ChoicePlan } from './choicePlan.ts'
import { Trellis } from './Trellis.ts'
import { valenceStates, type ValenceState } from './valenceStates.ts'

/** Bond orders and formal charges of one molecule: one structure in whole numbers, and the mean over the resonance structures. */
export interface LewisStructure {
  /** 1, 2 or 3 for each bond, `[bonds]`. */
  readonly bondOrders: Uint8Array
  /** Formal charge of each atom in elementary charges, `[atoms]`; they add up to 0. */
  readonly formalCharges: Int8Array
  /** Mean bond order, `[bonds]`. */
  readonly resonanceOrders: Float32Array
  /** Mean formal charge, `[atoms]`. */
  readonly resonanceCharges: Float32Array
}

/**
 * Why a molecule has no Lewis structure: an atom with more bonds than it can have, or none; an odd number of electrons (a radical
 * or an ion); no octets with total charge 0 (an ion, a carbene, a bond too many or too few); too many rings to search.
 */
export type LewisFailure = 'valence' | 'odd electrons' | 'no neutral octets' | 'too interwoven'

/** A molecule as {@link lewisStructure} needs it. */
export interface LewisInput {
  readonly atomicNumbers: Uint8Array
  readonly positions: Float32Array
  readonly graph: BondGraph
}

/** Keys of the trellis hold the net charge so far in their lowest 32 values, from -16 to 15, ... */
const CHARGES = 32
const NEUTRAL = CHARGES / 2
/** ... and above it two bits for each open atom: how many pi bonds it still needs. 22 open atoms fit into 2^53. */
const MOST_OPEN = 22

/**
 * Finds the Lewis structures of one molecule with all hydrogens: octets for all atoms, total charge 0, as few formal charges as
 * possible and these on the right elements. Among them, every structure is weighed by how well its bond orders fit the bond
 * lengths ({@link bondLengthCost}): the heaviest is the structure in whole numbers, and the weighed mean of all is what does
 * not depend on the order of the atoms where symmetry makes several equally good (benzene, a nitro group).
 *
 * The sum over all structures is exact: dynamic programming along the atoms, whose effort grows with the molecule's width
 * (how many rings lie side by side), not its length.
 */
export function lewisStructure(input: LewisInput): LewisStructure | LewisFailure {
  const { atomicNumbers, graph } = input
  const states = graph.neighbours.map((list, atom) =>
    valenceStates(atomicNumbers[atom]!, list.length),
  )
  const mayBePi = possiblePiBonds(graph, states)
  const formalCharges = new Int8Array(graph.atomCount)
  for (const [atom, list] of graph.bondsOf.entries()) {
    if (states[atom]!.length === 0) return 'valence'
    if (list.some((bond) => mayBePi[bond])) continue
    // An atom that no pi bond can reach has one state or none.
    const state = states[atom]!.find((one) => one.piBonds === 0)
    if (!state) return oddElectrons(atomicNumbers) ? 'odd electrons' : 'no neutral octets'
    formalCharges[atom] = state.charge
  }
  if (oddElectrons(atomicNumbers)) return 'odd electrons'
  const plan = choicePlan(graph, mayBePi)
  if (plan.slots > MOST_OPEN) return 'too interwoven'
  const net = formalCharges.reduce((sum, charge) => sum + charge, 0)
  if (Math.abs(net) >= NEUTRAL) return 'no neutral octets'

  // Nearly all molecules need no more charges; then the other states need not be tried.
  for (const neutral of [true, false]) {
    const allowed = states.map((list) => list.filter(({ charge }) => !neutral || charge === 0))
    const trellis = new Trellis(NEUTRAL + net)
    for (const choice of plan.choices) {
      addChoice(trellis, choice, allowed, input)
      if (trellis.overflown) return 'too interwoven'
    }
    if (trellis.has(NEUTRAL)) return readStructure(trellis, plan, allowed, formalCharges, graph)
  }
  return 'no neutral octets'
}

const oddElectrons = (atomicNumbers: Uint8Array): boolean =>
  atomicNumbers.reduce((sum, number) => sum + number, 0) % 2 === 1

/** Whether both atoms of each bond can take part in a pi bond, `[bonds]`. */
function possiblePiBonds(
  { bonds }: BondGraph,
  states: readonly (readonly ValenceState[])[],
): boolean[] {
  const unsaturated = states.map((list) => list.some((state) => state.piBonds > 0))
  return Array.from(
    { length: bonds.length / 2 },
    (_, bond) => unsaturated[bonds[2 * bond]!]! && unsaturated[bonds[2 * bond + 1]!]!,
  )
}

function addChoice(
  trellis: Trellis,
  choice: Choice,
  allowed: readonly (readonly ValenceState[])[],
  { atomicNumbers, positions, graph }: LewisInput,
): void {
  if (choice.kind === 'atom') {
    const place = placeOf(choice.slot)
    trellis.choose((key, take) => {
      for (const [value, state] of allowed[choice.atom]!.entries()) {
        const charge = (key % CHARGES) + state.charge
        if (charge < 0 || charge >= CHARGES) continue
        take(key + state.charge + place * state.piBonds, value, state.cost, 0)
      }
    })
    return
  }
  const [first, second] = graph.bonds.subarray(2 * choice.bond, 2 * choice.bond + 2)
  const length = distance(positions, first!, second!)
  const costs = [1, 2, 3].map((order) =>
    bondLengthCost(atomicNumbers[first!]!, atomicNumbers[second!]!, order, length),
  )
  const places = choice.slots.map(placeOf) as [number, number]
  const closes = choice.closes.map(placeOf)
  trellis.choose((key, take) => {
    const most = Math.min(2, needed(key, places[0]), needed(key, places[1]))
    for (let value = 0; value <= most; value += 1) {
      const to = key - value * (places[0] + places[1])
      if (closes.some((place) => needed(to, place) > 0)) continue
      take(to, value, 0, -costs[value]!)
    }
  })
}

/** What one pi bond of an open atom adds to a key. */
const placeOf = (slot: number): number => CHARGES * 4 ** slot

/** How many pi bonds the open atom at a place still needs. */
const needed = (key: number, place: number): number => Math.floor(key / place) % 4

function readStructure(
  trellis: Trellis,
  { choices }: ChoicePlan,
  allowed: readonly (readonly ValenceState[])[],
  formalCharges: Int8Array,
  { bonds }: BondGraph,
): LewisStructure {
  const bondOrders = new Uint8Array(bonds.length / 2).fill(1)
  const resonanceOrders = new Float32Array(bonds.length / 2).fill(1)
  const resonanceCharges = Float32Array.from(formalCharges)
  const best = trellis.best(NEUTRAL)
  const means = trellis.means(NEUTRAL, (index, value) => {
    const choice = choices[index]!
    return choice.kind === 'bond' ? value : allowed[choice.atom]![value]!.charge
  })
  for (const [index, choice] of choices.entries()) {
    if (choice.kind === 'bond') {
      bondOrders[choice.bond] = 1 + best[index]!
      resonanceOrders[choice.bond] = 1 + means[index]!
    } else {
      formalCharges[choice.atom] = allowed[choice.atom]![best[index]!]!.charge
      resonanceCharges[choice.atom] = means[index]!
    }
  }
  return { bondOrders, formalCharges, resonanceOrders, resonanceCharges }
}
