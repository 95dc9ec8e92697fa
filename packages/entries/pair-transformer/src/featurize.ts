import { COUPLING_TYPES, distance, moleculeAt, type MoleculeTable } from '@couplet/data'
import type { HostArrays } from '@couplet/engine'
import type { Bucket, Sizes } from '@couplet/model'
import { indexArray } from '@couplet/model/features'
import { centreOf, countPairTokens, ELEMENTS, pairTokens } from './pairTokens.ts'

/** What is added to the score of a key that does not exist. */
const HIDDEN = -1e9

/** Name of the axis of the pairs of a coupling type. */
const axisOf = (type: number): string => `pairs${COUPLING_TYPES[type]}`

/** Tokens of the longest molecule, and the pairs of each coupling type, whose heads are private. */
export function sizes(molecules: MoleculeTable): Sizes {
  const { names, pairOffsets, pairTypes } = molecules
  const ofType = COUPLING_TYPES.map((_name, type): [string, Uint32Array] => [
    axisOf(type),
    Uint32Array.from(
      names,
      (_, m) =>
        pairTypes.subarray(pairOffsets[m], pairOffsets[m + 1]).filter((other) => other === type)
          .length,
    ),
  ])
  return { longestTokens: countPairTokens(molecules), ...Object.fromEntries(ofType) }
}

/**
 * The pairs of every molecule of a batch, one block of tokens for each: `firstElements`, `secondElements` and `tokenTypes [blocks * tokens]`,
 * `firstPositions` and `secondPositions [blocks * tokens, 3]` in angstrom from the molecule's centre, `distances [blocks * tokens, 1]`,
 * `keyBias [blocks, 1, 1, tokens]` (0, or a large negative number for padding), for each coupling type `tokensOf1JHC` and so on
 * (tokens of its pairs), where charges are wanted `firstCharges` and `secondCharges [blocks * tokens, 1]`, and `pairPlaces [pairs]`: where each pair stands among the types' pairs, one type after the other.
 */
export function featurize(molecules: MoleculeTable, bucket: Bucket, charges: boolean): HostArrays {
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
  const ofType: number[][] = COUPLING_TYPES.map(() => [])
  const offsets = COUPLING_TYPES.map((_, type) =>
    COUPLING_TYPES.slice(0, type).reduce((sum, _name, other) => sum + bucket[axisOf(other)]!, 0),
  )
  const places: number[] = []
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
    pairTypes.forEach((type, pair) => {
      places.push(offsets[type]! + ofType[type]!.length)
      ofType[type]!.push(molecule * length + pair)
    })
  }
  const heads = COUPLING_TYPES.map((name, type) => [
    `tokensOf${name}`,
    indexArray(ofType[type]!, bucket[axisOf(type)]!, rows - 1),
  ])
  const total = COUPLING_TYPES.reduce((sum, _, type) => sum + bucket[axisOf(type)]!, 0)
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
    pairPlaces: indexArray(places, bucket.pairs, total - 1),
  }
}
