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
  const ends = pairs.flatMap((pair) => pair.atoms)
  for (let pair = 0; pair < pairs.length; pair++) {
    const [first, second] = [ends[2 * pair]!, ends[2 * pair + 1]!]
    for (let atom = 0; atom < count; atom++) {
      set(count + pair, atom, Math.min(get(first, atom), get(second, atom)))
    }
  }
  /** The mean over the two parts of one token of their distance to the other, both ways averaged, for all pairs of a class. */
  const meanBothWays = (firstToken: number, parts: readonly number[]): void => {
    for (let one = 0; 2 * one < parts.length; one++) {
      const token = firstToken + one
      const [a, b] = [parts[2 * one]!, parts[2 * one + 1]!]
      for (let other = 0; other < one; other++) {
        const otherToken = firstToken + other
        const there = get(a, otherToken) + get(b, otherToken)
        const back = get(parts[2 * other]!, token) + get(parts[2 * other + 1]!, token)
        set(token, otherToken, (there + back) / 4)
      }
    }
  }
  meanBothWays(count, ends)
  const pairOf = new Map(
    pairs.map(({ atoms: [first, second] }, pair) => [keyOf(first!, second!), count + pair]),
  )
  const bonds = triplets.flatMap(({ atoms: [centre, ...outer] }) =>
    outer.map((atom) => pairOf.get(keyOf(centre!, atom))!),
  )
  for (const [triplet, { atoms: members }] of triplets.entries()) {
    const [centre, one, other] = [members[0]!, members[1]!, members[2]!]
    const row = firstTriplet + triplet
    for (let atom = 0; atom < count; atom++) {
      const nearest = Math.min(get(centre, atom), get(one, atom), get(other, atom))
      set(row, atom, nearest + get(centre, atom))
    }
    const [first, second] = [bonds[2 * triplet]!, bonds[2 * triplet + 1]!]
    for (let pair = count; pair < firstTriplet; pair++) {
      set(row, pair, Math.min(get(first, pair), get(second, pair)))
    }
  }
  meanBothWays(firstTriplet, bonds)
  return result
}
