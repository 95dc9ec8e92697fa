import { COUPLING_TYPES, moleculeAt, type MoleculeTable } from '@couplet/data'
import { perceiveChemistry } from '@couplet/data/chemistry'
import type { HostArray, HostArrays } from '@couplet/engine'
import type { Bucket, TypeScale } from '@couplet/model'
import { indexArray, valueArray } from '@couplet/model/features'
import { CLASSES, metaGraph } from './metaGraph.ts'
import { tokenDistances } from './tokenDistances.ts'
import { SUBTYPE_LEVEL, type Vocabulary } from './vocabulary.ts'

/** What is added to the score of a key that does not exist. */
const HIDDEN = -1e9

/**
 * The tokens of every molecule of a batch, one block for each. For every class (atoms, pairs, triplets): `atomsClass [blocks * tokens, 1]` (1
 * for its tokens), `atomsMeasure [blocks * tokens, 1]`, and for each level `atomsLevel0 [blocks * tokens]` (row of the embedding, 0: none).
 * `classes [blocks, tokens, 3]`, `distances [blocks, tokens, tokens]` in angstrom squared, `keyBias [blocks, 1, 1, tokens]`; `pairTokens`,
 * `pairSubtypes [pairs]`, `pairScales` and `pairShifts [pairs]`, which turn a subtype's units into its type's.
 */
export function featurize(
  molecules: MoleculeTable,
  vocabulary: Vocabulary,
  scale: TypeScale,
  reach: number,
  bucket: Bucket,
): HostArrays {
  const length = bucket['longestTokens']!
  const rows = bucket.molecules * length
  const chemistry = perceiveChemistry(molecules, { onFailure: 'mark' })
  const places = vocabulary.symbols.map((levels) =>
    levels.map((symbols) => new Map(symbols.map((symbol, index) => [symbol, index]))),
  )
  const levels = places.map((list) => list.map(() => new Int32Array(rows)))
  const measures = CLASSES.map(() => new Float32Array(rows))
  const classes = new Float32Array(rows * CLASSES.length)
  const distances = new Float32Array(rows * length)
  const keyBias = new Float32Array(rows).fill(HIDDEN)
  const pairTokens: number[] = []
  const pairSubtypes: number[] = []
  const subtypes = places[1]![SUBTYPE_LEVEL]!
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const { positions, pairTypes } = moleculeAt(molecules, molecule)
    const graph = metaGraph(molecules, chemistry, molecule, reach)
    const first = molecule * length
    let row = first
    CLASSES.forEach((name, index) => {
      for (const [place, token] of graph[name].entries()) {
        token.symbols.forEach((symbol, level) => {
          levels[index]![level]![row] = (places[index]![level]!.get(symbol) ?? -1) + 1
        })
        measures[index]![row] = token.measure
        classes[row * CLASSES.length + index] = 1
        keyBias[row] = 0
        if (name === 'pairs' && place < pairTypes.length) {
          const type = pairTypes[place]!
          const subtype = token.symbols[SUBTYPE_LEVEL]!
          const known =
            subtypes.get(subtype) ??
            (subtypes.has(vocabulary.fallback[type]!)
              ? subtypes.get(vocabulary.fallback[type]!)!
              : subtypes.get(COUPLING_TYPES[type]!)!)
          levels[index]![SUBTYPE_LEVEL]![row] = known + 1
          pairTokens.push(row)
          pairSubtypes.push(known)
        }
        row += 1
      }
    })
    const tokens = row - first
    const own = tokenDistances(graph, positions)
    for (let token = 0; token < tokens; token++) {
      distances.set(own.subarray(token * tokens, (token + 1) * tokens), (first + token) * length)
    }
  }
  const arrays = CLASSES.flatMap((name, index): [string, HostArray][] => [
    [`${name}Measure`, { shape: [rows, 1], data: measures[index]! }],
    [
      `${name}Class`,
      {
        shape: [rows, 1],
        data: Float32Array.from({ length: rows }, (_, at) => classes[at * CLASSES.length + index]!),
      },
    ],
    ...levels[index]!.map((data, level): [string, HostArray] => [
      `${name}Level${level}`,
      { shape: [rows], data },
    ]),
  ])
  const types = Array.from(molecules.pairTypes)
  return {
    ...Object.fromEntries(arrays),
    classes: { shape: [bucket.molecules, length, CLASSES.length], data: classes },
    distances: { shape: [bucket.molecules, length, length], data: distances },
    keyBias: { shape: [bucket.molecules, 1, 1, length], data: keyBias },
    pairTokens: indexArray(pairTokens, bucket.pairs, rows - 1),
    pairSubtypes: indexArray(pairSubtypes, bucket.pairs, 0),
    pairScales: valueArray(
      types.map(
        (type, pair) => vocabulary.deviation[pairSubtypes[pair]!]! / scale.deviation[type]!,
      ),
      [bucket.pairs],
    ),
    pairShifts: valueArray(
      types.map(
        (type, pair) =>
          (vocabulary.mean[pairSubtypes[pair]!]! - scale.mean[type]!) / scale.deviation[type]!,
      ),
      [bucket.pairs],
    ),
  }
}
