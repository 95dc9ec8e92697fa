import { distance } from '@couplet/data'
import { keyOf, type MetaGraph } from './metaGraph.ts'

/**
 * How far every two tokens of a molecule are from each other, in angstrom squared: the bias of attention. Symmetric.
 *
 * - atoms: their squared distance
 * - atom and pair: that to the nearer atom of the pair
 * - two pairs: the mean over the atoms of one of their distance to the other, both ways averaged
 * - atom and triplet: that to the nearest of the three atoms, plus that to the centre
 * - pair and triplet: that to the nearer of the triplet's two bonds
 * - two triplets: the mean over the bonds of one of their distance to the other, both ways averaged
 *
 * For triplets this is what the team described; its released code read other columns.
 * @returns `[tokens, tokens]`: atoms, pairs, triplets.
 */
export function tokenDistances(
  { atoms, pairs, triplets }: MetaGraph,
  positions: Float32Array,
): Float32Array {
  const count = atoms.length
  const firstTriplet = count + pairs.length
  const total = firstTriplet + triplets.length
  const result = new Float32Array(total * total)
  const get = (row: number, column: number): number => result[row * total + column]!
  const set = (row: number, column: number, value: number): void => {
    result[row * total + column] = value
    result[column * total + row] = value
  }
  for (let one = 0; one < count; one++) {
    for (let other = 0; other < one; other++) {
      set(one, other, distance(positions, one, other) ** 2)
    }
  }
  for (const [pair, { atoms: ends }] of pairs.entries()) {
    for (let atom = 0; atom < count; atom++) {
      set(atom, count + pair, Math.min(...ends.map((end) => get(atom, end))))
    }
  }
  const meanBothWays = (
    one: number,
    ofOne: readonly number[],
    other: number,
    ofOther: readonly number[],
  ): number =>
    (mean(ofOne.map((part) => get(part, other))) + mean(ofOther.map((part) => get(part, one)))) / 2
  for (const [one, { atoms: ends }] of pairs.entries()) {
    for (let other = 0; other < one; other++) {
      const value = meanBothWays(count + one, ends, count + other, pairs[other]!.atoms)
      set(count + one, count + other, value)
    }
  }
  const pairOf = new Map(
    pairs.map(({ atoms: ends }, pair) => [keyOf(ends[0]!, ends[1]!), count + pair]),
  )
  const bonds = triplets.map(({ atoms: [centre, ...outer] }) =>
    outer.map((atom) => pairOf.get(keyOf(centre!, atom))!),
  )
  for (const [triplet, { atoms: members }] of triplets.entries()) {
    const row = firstTriplet + triplet
    for (let atom = 0; atom < count; atom++) {
      const nearest = Math.min(...members.map((member) => get(atom, member)))
      set(row, atom, nearest + get(atom, members[0]!))
    }
    for (let pair = count; pair < firstTriplet; pair++) {
      set(row, pair, Math.min(...bonds[triplet]!.map((bond) => get(bond, pair))))
    }
  }
  for (const [one, own] of bonds.entries()) {
    for (let other = 0; other < one; other++) {
      const value = meanBothWays(firstTriplet + one, own, firstTriplet + other, bonds[other]!)
      set(firstTriplet + one, firstTriplet + other, value)
    }
  }
  return result
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
