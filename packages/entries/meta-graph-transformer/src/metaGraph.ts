import {
  COUPLING_TYPES,
  angle,
  distance,
  elementSymbol,
  graphDistances,
  moleculeAt,
  nearestAtoms,
  neighbourLists,
  type MoleculeTable,
} from '@couplet/data'
import type { Chemistry } from '@couplet/data/chemistry'

/** Bonds up to which two atoms make a pair token in any case. */
const NEAR_BONDS = 3

/** The three classes of token. */
export const CLASSES = ['atoms', 'pairs', 'triplets'] as const

/** One token: the symbols of its levels, from coarse to fine, and what is measured at it. */
interface Token {
  /** A name for each level of embedding. */
  readonly symbols: readonly string[]
  /** Atom: angle between its two nearest atoms over pi; pair: squared distance; triplet: angle in radians. */
  readonly measure: number
  /** The atoms, counted within the molecule; of a triplet the centre first. */
  readonly atoms: readonly number[]
}

/** The tokens of one molecule, class by class. Coupled pairs come first among the pairs, in their order. */
export interface MetaGraph {
  readonly atoms: readonly Token[]
  readonly pairs: readonly Token[]
  readonly triplets: readonly Token[]
}

/**
 * Atoms, pairs and bonded angles of a molecule as tokens.
 * @param reach pairs more than three bonds apart are tokens up to this distance in angstrom; Infinity: all.
 */
export function metaGraph(
  table: MoleculeTable,
  chemistry: Chemistry,
  molecule: number,
  reach: number,
): MetaGraph {
  const { atomicNumbers, positions, bondAtoms, pairAtoms, pairTypes } = moleculeAt(table, molecule)
  const count = atomicNumbers.length
  const neighbours = neighbourLists(count, bondAtoms)
  const orders = chemistry.resonanceOrders.subarray(
    table.bondOffsets[molecule],
    table.bondOffsets[molecule + 1],
  )
  const order = bondOrders(bondAtoms, orders)
  const elements = Array.from(atomicNumbers, elementSymbol)
  const environments = elements.map((_, atom) =>
    environmentOf(neighbours[atom]!.map((other) => order.get(keyOf(atom, other))!)),
  )
  const long = (atom: number): string => `${elements[atom]}${environments[atom]!.join(',')}`
  const atoms = elements.map((element, atom): Token => ({
    symbols: [element, `${element}${environments[atom]![0]}`, long(atom)],
    measure: nearestAngle(positions, atom) / Math.PI,
    atoms: [atom],
  }))
  const squared = (one: number, other: number): number => distance(positions, one, other) ** 2
  const pairs: Token[] = []
  const seen = new Set<number>()
  pairTypes.forEach((type, pair) => {
    const [first, second] = [pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!]
    const name = COUPLING_TYPES[type]!
    const subtype = name.endsWith('H') ? name : `${name} ${environments[second]!.join(',')}`
    const fine = `${name} ${[long(first), long(second)].toSorted().join(' ')}`
    seen.add(keyOf(first, second))
    pairs.push({
      symbols: [name, subtype, fine],
      measure: squared(first, second),
      atoms: [first, second],
    })
  })
  const apart = graphDistances(count, bondAtoms, NEAR_BONDS)
  for (let first = 0; first < count; first++) {
    for (let second = first + 1; second < count; second++) {
      const near =
        apart[first * count + second]! <= NEAR_BONDS || distance(positions, first, second) <= reach
      if (!near || seen.has(keyOf(first, second))) continue
      const ends = [elements[first]!, elements[second]!].toSorted().join('-')
      const symbol = `${ends} ${order.get(keyOf(first, second)) ?? 0}`
      pairs.push({
        symbols: [symbol, symbol, symbol],
        measure: squared(first, second),
        atoms: [first, second],
      })
    }
  }
  const degree = (atom: number): string => `${elements[atom]}${neighbours[atom]!.length}`
  const triplets = elements.flatMap((element, centre) =>
    twoOf(neighbours[centre]!).map(([one, other]): Token => {
      const outer = [elements[one]!, elements[other]!].toSorted()
      const degrees = [degree(one), degree(other)].toSorted()
      return {
        symbols: [
          `${outer[0]}${element}${outer[1]}`,
          `${degrees[0]} ${degree(centre)} ${degrees[1]}`,
        ],
        measure: angle(positions, one, centre, other),
        atoms: [centre, one, other],
      }
    }),
  )
  return { atoms, pairs, triplets }
}

/** Number of tokens of each molecule, `[molecules]`. */
export function countTokens(table: MoleculeTable, reach: number): Uint32Array {
  return Uint32Array.from(table.names, (_, molecule) => {
    const { atomicNumbers, positions, bondAtoms, pairAtoms } = moleculeAt(table, molecule)
    const count = atomicNumbers.length
    const apart = graphDistances(count, bondAtoms, NEAR_BONDS)
    const coupled = new Set(
      Array.from({ length: pairAtoms.length / 2 }, (_unused, pair) =>
        keyOf(pairAtoms[2 * pair]!, pairAtoms[2 * pair + 1]!),
      ),
    )
    let tokens = count
    for (let first = 0; first < count; first++) {
      for (let second = first + 1; second < count; second++) {
        const near =
          apart[first * count + second]! <= NEAR_BONDS ||
          distance(positions, first, second) <= reach
        if (near || coupled.has(keyOf(first, second))) tokens += 1
      }
    }
    for (const { length } of neighbourLists(count, bondAtoms)) tokens += (length * (length - 1)) / 2
    return tokens
  })
}

/** The same number for both orders of two atoms. */
export function keyOf(one: number, other: number): number {
  return Math.min(one, other) * 65_536 + Math.max(one, other)
}

/** Bond order of each bonded pair: 1, 1.5 (in between), 2 or 3; 1 where it is not known. */
function bondOrders(bondAtoms: Uint16Array, orders: Float32Array): Map<number, number> {
  const result = new Map<number, number>()
  orders.forEach((order, bond) => {
    const rounded = order < 1.25 ? 1 : order < 1.75 ? 1.5 : order < 2.5 ? 2 : 3
    const known = Number.isNaN(order) ? 1 : rounded
    result.set(keyOf(bondAtoms[2 * bond]!, bondAtoms[2 * bond + 1]!), known)
  })
  return result
}

/** Sum of bond orders, number of neighbours, largest and second largest order. */
function environmentOf(orders: readonly number[]): number[] {
  const [largest = 0, second = 0] = orders.toSorted((a, b) => b - a)
  return [orders.reduce((sum, order) => sum + order, 0), orders.length, largest, second]
}

/**
 * Angle at an atom between the two atoms nearest to it, in radians; 0 where there are no two. Where it is not determined which two those are,
 * because others are equally near, the mean over all choices.
 */
function nearestAngle(positions: Float32Array, atom: number): number {
  const nearest = nearestAtoms(positions, atom)
  const pairs =
    nearest.length > 1
      ? twoOf(nearest)
      : nearestAtoms(positions, atom, nearest).map((next) => [nearest[0]!, next] as const)
  const sum = pairs.reduce((total, [one, other]) => total + angle(positions, one, atom, other), 0)
  return sum / Math.max(1, pairs.length)
}

function twoOf(list: readonly number[]): [number, number][] {
  return list.flatMap((one, index) =>
    list.slice(index + 1).map((other): [number, number] => [one, other]),
  )
}
