import { COUPLING_TYPES, distance, moleculeAt, type MoleculeTable } from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import type { Bucket, Sizes, TypeScale } from '@couplet/model'
import { indexArray, pairsByType, typeAxis, typeSizes, valueArray } from '@couplet/model/features'
import { centreOf, countPairTokens, ELEMENTS, pairTokens } from './pairTokens.ts'

/** What is added to the score of a key that does not exist. */
const HIDDEN = -1e9

/** Tokens of the longest molecule, and the pairs of each coupling type, whose heads are private. */
export function sizes(molecules: MoleculeTable): Sizes {
  return { longestTokens: countPairTokens(molecules), ...typeSizes(molecules) }
}

/**
 * The pairs of every molecule of a batch, one block of tokens for each: `firstElements`, `secondElements` and `tokenTypes [blocks * tokens]`,
 * `firstPositions` and `secondPositions [blocks * tokens, 3]` in angstrom from the molecule's centre, `distances [blocks * tokens, 1]`,
 * `keyBias [blocks, 1, 1, tokens]` (0, or a large negative number for padding), for each coupling type `tokensOf1JHC` and so on
 * (tokens of its pairs), where charges are wanted `firstCharges` and `secondCharges [blocks * tokens, 1]`, `pairPlaces [pairs]`: where each
 * pair stands among the types' pairs, one type after the other, and `contributionShares [pairs, 4]`: deviation of each contribution over that
 * of the coupling, which brings standardised contributions to the unit in which they add up.
 */
export function featurize(
  molecules: MoleculeTable,
  { charges, scale }: { readonly charges: boolean; readonly scale: TypeScale },
  bucket: Bucket,
): HostArrays {
  const length = bucket['longestTokens']!
  const rows = bucket.molecules * length
  const firstElements = new Int32Array(rows)
  const secondElements = new Int32Array(rows)
  const tokenTypes = new Int32Array(rows)
  const firstPositions = new Float32Array(3 * rows)
  const secondPositions = new Float32Array(3 * rows)
  const distances = new Float32Array(rows)
  const firstCharges = new Float32Array(rows)
  const secondCharges = new Float32Array(rows)
  const keyBias = new Float32Array(rows).fill(HIDDEN)
  const tokenOfPair = new Int32Array(molecules.pairTypes.length)
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const { atomicNumbers, positions, pairTypes } = moleculeAt(molecules, molecule)
    const centre = centreOf(positions)
    // 0 where they are not known: the file has none, or the entry does not declare them.
    const chargeOf = (atom: number): number =>
      molecules.mullikenCharges?.[molecules.atomOffsets[molecule]! + atom] || 0
    const place = (atom: number): number[] =>
      centre.map((value, axis) => positions[3 * atom + axis]! - value)
    const { atoms, types } = pairTokens(molecules, molecule)
    atoms.forEach(([first, second], token) => {
      const row = molecule * length + token
      firstElements[row] = ELEMENTS.indexOf(atomicNumbers[first]!)
      secondElements[row] = ELEMENTS.indexOf(atomicNumbers[second]!)
      tokenTypes[row] = types[token]!
      firstPositions.set(place(first), 3 * row)
      secondPositions.set(place(second), 3 * row)
      distances[row] = distance(positions, first, second)
      firstCharges[row] = chargeOf(first)
      secondCharges[row] = chargeOf(second)
      keyBias[row] = 0
    })
    for (const pair of pairTypes.keys()) {
      tokenOfPair[molecules.pairOffsets[molecule]! + pair] = molecule * length + pair
    }
  }
  const { pairs, places } = pairsByType(molecules, bucket)
  const heads = COUPLING_TYPES.map((name, type) => [
    `tokensOf${name}`,
    indexArray(
      pairs[type]!.map((pair) => tokenOfPair[pair]!),
      bucket[typeAxis(type)]!,
      rows - 1,
    ),
  ])
  return {
    firstElements: { shape: [rows], data: firstElements },
    secondElements: { shape: [rows], data: secondElements },
    tokenTypes: { shape: [rows], data: tokenTypes },
    firstPositions: { shape: [rows, 3], data: firstPositions },
    secondPositions: { shape: [rows, 3], data: secondPositions },
    distances: { shape: [rows, 1], data: distances },
    keyBias: { shape: [bucket.molecules, 1, 1, length], data: keyBias },
    ...(charges
      ? {
          firstCharges: { shape: [rows, 1], data: firstCharges },
          secondCharges: { shape: [rows, 1], data: secondCharges },
        }
      : {}),
    ...(Object.fromEntries(heads) as HostArrays),
    pairPlaces: places,
    contributionShares: valueArray(
      Array.from(molecules.pairTypes, (type) =>
        scale.contributionDeviation[type]!.map((value) => value / scale.deviation[type]!),
      ).flat(),
      [bucket.pairs, 4],
    ),
  }
}
