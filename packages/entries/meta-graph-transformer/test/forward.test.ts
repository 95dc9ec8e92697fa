import { buildTable, COUPLING_TYPES, moleculeAt } from '@couplet/data'
import { perceiveChemistry } from '@couplet/data/chemistry'
import type { Context, HostArrays } from '@couplet/engine'
import { typeScale } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import {
  addTables,
  affine,
  compute,
  expectRows,
  mapRows,
  normalise,
  randomParameters,
  sumOf,
  sumRows,
  toRows,
  toTensors,
  type Rows,
} from '../../../layers/test/bruteForce.ts'
import { places, table as plain } from '../../../data/test/asymmetricMethanol.ts'
import { featurize } from '../src/featurize.ts'
import { metaGraphTransformer } from '../src/index.ts'
import { CLASSES, metaGraph } from '../src/metaGraph.ts'
import { forward, parameters, type MetaGraphTransformerConfig } from '../src/network.ts'
import { tokenDistances } from '../src/tokenDistances.ts'
import { buildVocabulary } from '../src/vocabulary.ts'

/** Two layers of the published network, a few channels wide. */
const config: MetaGraphTransformerConfig = {
  ...metaGraphTransformer.published,
  width: 6,
  layers: 2,
  heads: 2,
  innerWidth: 5,
  headWidth: 3,
  headBlocks: 2,
  fastest: 3,
  dropout: 0,
  headDropout: 0,
}
const { width, heads } = config
const size = width / heads

const pairs = plain.pairTypes.length
const table = {
  ...plain,
  couplings: Float32Array.from({ length: pairs }, (_, pair) => 100 - 7 * pair + pair * pair),
}
const vocabulary = buildVocabulary(table, Infinity, 1)
const scale = typeScale(table)
const graph = metaGraph(table, perceiveChemistry(table), 0, Infinity)
const distances = tokenDistances(graph, moleculeAt(table, 0).positions)
const tokens = CLASSES.flatMap((name, index) =>
  graph[name].map((token) => ({ ...token, name, index })),
)
const all = [...tokens.keys()]
const bucket = { molecules: 2, pairs: pairs + 1, longestTokens: tokens.length + 1 }
const nearAndFar = randomParameters(parameters(config, vocabulary))
const blind = randomParameters(parameters({ ...config, distanceBias: false }, vocabulary))

/** Kernel and bias of a subtype on a row of values. */
function ofSubtype(
  weights: HostArrays,
  name: string,
  subtype: number,
  x: readonly number[],
): number[] {
  const { shape, data } = weights[`readout/${name}/kernel`]!
  const [, inputs, outputs] = shape as [number, number, number]
  const bias = toRows(weights[`readout/${name}/bias`]!)[subtype]!
  return bias.map((own, column) => {
    const place = (k: number): number => (subtype * inputs + k) * outputs + column
    return own + sumOf(x.map((value, k) => value * data[place(k)]!))
  })
}

/** Number by number what the reference says: the coupling of every pair in hertz. */
function bruteForce(weights: HostArrays): number[] {
  let z: Rows = tokens.map(({ symbols, measure, name, index }) => {
    const waves = Array.from(
      { length: width / 2 },
      (_, k) => 3 * measure * 1000 ** ((-2 * k) / width),
    )
    const [measured] = affine(weights, `embedding/${name}/measure`, [
      [...waves.map(Math.cos), ...waves.map(Math.sin)],
    ])
    const embedded = symbols.map((symbol, level) => {
      const row = vocabulary.symbols[index]![level]!.indexOf(symbol)
      return toRows(weights[`embedding/${name}/level-${level}`]!)[row]!
    })
    return sumRows([measured!, ...embedded], width)
  })
  for (let layer = 0; layer < config.layers; layer++) {
    const [attention, inner] = [`layer-${layer}/attention`, `layer-${layer}/inner`]
    const range = weights[`${attention}/range`]
    const ranges = range ? toRows(range) : CLASSES.map(() => CLASSES.map(() => 0))
    const projected = affine(weights, `${attention}/in`, normalise(weights, `${attention}/norm`, z))
    const part = (token: number, which: number, head: number): number[] =>
      projected[token]!.slice(which * width + head * size).slice(0, size)
    const attended = all.map((i) =>
      Array.from({ length: heads }, (_, head) => {
        const scores = all.map(
          (j) =>
            sumOf(part(i, 0, head).map((value, k) => value * part(j, 1, head)[k]!)) /
              Math.sqrt(size) -
            ranges[tokens[i]!.index]![tokens[j]!.index]! * distances[i * all.length + j]!,
        )
        const exponentials = scores.map((score) => Math.exp(score - Math.max(...scores)))
        return sumRows(
          all.map((j) => part(j, 2, head).map((value) => value * exponentials[j]!)),
          size,
        ).map((value) => value / sumOf(exponentials))
      }).flat(),
    )
    z = addTables(
      z,
      affine(
        weights,
        `${attention}/out`,
        mapRows(attended, (value) => (value > 0 ? value : 0.01 * value)),
      ),
    )
    const hidden = affine(weights, `${inner}/in`, normalise(weights, `${inner}/norm`, z))
    z = addTables(
      z,
      affine(
        weights,
        `${inner}/out`,
        mapRows(hidden, (value) => Math.max(0, value)),
      ),
    )
  }
  const read = normalise(weights, 'readout/norm', z)
  const subtypes = vocabulary.symbols[1]![1]!
  return Array.from(table.pairTypes, (_, pair) => {
    // Coupled pairs are the first tokens behind the atoms, in their order.
    const token = places.length + pair
    const subtype = subtypes.indexOf(tokens[token]!.symbols[1]!)
    let g = ofSubtype(weights, 'in', subtype, read[token]!)
    for (let block = 0; block < config.headBlocks; block++) {
      const inner = ofSubtype(weights, `block-${block}/in`, subtype, g).map((value) =>
        Math.max(0, value),
      )
      const update = ofSubtype(weights, `block-${block}/out`, subtype, inner)
      g = g.map((value, k) => value + update[k]!)
    }
    const [own] = ofSubtype(weights, 'out', subtype, g)
    return own! * vocabulary.deviation[subtype]! + vocabulary.mean[subtype]!
  })
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test.each([
  ['computes what the description says, step by step', nearAndFar],
  ['and so where distance does not weaken attention', blind],
])('%s', (_, weights) => {
  const context: Context = {
    training: false,
    random: (shape) => tf.zeros([...shape]),
    dropout: (values) => values,
  }
  const features = featurize(table, vocabulary, scale, Infinity, bucket)
  const standardised = compute(() => {
    const run = forward(toTensors(weights), toTensors(features), context, config)
    return tf.reshape(tf.slice(run.couplings, 0, pairs), [pairs, 1])
  })
  const expected = bruteForce(weights)
  expectRows(
    standardised,
    expected.map((hertz, pair) => {
      const type = table.pairTypes[pair]!
      return [(hertz - scale.mean[type]!) / scale.deviation[type]!]
    }),
  )
  expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(1)
})

test('every coupled pair has the subtype that its heavy atom gives it', () => {
  const subtypes = Array.from(table.pairTypes, (type, pair) => {
    const subtype = graph.pairs[pair]!.symbols[1]!
    return subtype.startsWith(COUPLING_TYPES[type]!) ? subtype.slice(4) : 'another type'
  })
  // Carbon: valence 4, 4 neighbours, single bonds; nothing between two hydrogens.
  expect(new Set(subtypes)).toEqual(new Set(['', ' 4,4,1,1']))
})

test('an angle to equally near atoms does not depend on their order', () => {
  // Carbon between two equally near oxygens and a third; and with the two in the other order.
  const square = [0, 0, 0, 1.2, 0, 0, 0, 1.5, 0, 0, 0, 1.5, -1.5, 0, 0.01]
  const measureOf = (order: readonly number[]): number => {
    const own = buildTable([
      {
        name: 'star',
        atomicNumbers: Uint8Array.from(order, (atom) => [6, 8, 9, 9, 9][atom]!),
        positions: Float32Array.from(order.flatMap((atom) => square.slice(3 * atom, 3 * atom + 3))),
        bonds: new Uint16Array(0),
      },
    ])
    const stars = metaGraph(own, perceiveChemistry(own, { onFailure: 'mark' }), 0, Infinity)
    return stars.atoms[order.indexOf(0)]!.measure
  }
  const [one, other] = [measureOf([0, 1, 2, 3, 4]), measureOf([0, 1, 4, 3, 2])]
  // Angles of 90 (twice) and about 180 degrees between the nearest and the three next.
  expect(one).toBeCloseTo((0.5 + 0.5 + 1) / 3, 2)
  expect(other).toBe(one)
})
