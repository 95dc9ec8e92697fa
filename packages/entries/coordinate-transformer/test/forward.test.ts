import { COUPLING_TYPES } from '@couplet/data'
import type { Context } from '@couplet/engine'
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
import { places, table } from '../../../data/test/asymmetricMethanol.ts'
import { centredSamples } from '../src/centredSamples.ts'
import { featurize } from '../src/featurize.ts'
import { coordinateTransformer } from '../src/index.ts'
import { forward, parameters, type CoordinateTransformerConfig } from '../src/network.ts'

/** Two layers of the published network, a few channels wide. */
const config: CoordinateTransformerConfig = {
  ...coordinateTransformer.published,
  width: 12,
  layers: 2,
  heads: 3,
  innerWidth: 7,
}
const size = config.width / config.heads

const hydrogens = [2, 3, 4, 5]
const all = [...places.keys()]
/** Row of each atom's element in the embedding: H, C, N, O, F. */
const ELEMENT_ROWS = [1, 3, 0, 0, 0, 0]
const SCALE = 1.7
const pairs = table.pairTypes.length
// Seven atoms to a sample, so that one of them is padding; five samples, so that one is dead.
const bucket = { molecules: 2, samples: 5, longestAtoms: 7, pairs: pairs + 1 }
const weights = randomParameters(parameters(config))

/** Type of the coupling between two atoms; one behind the last where there is none. */
function typeBetween(one: number, other: number): number {
  const pair = [...table.pairTypes.keys()].find((at) => {
    const ends = [table.pairAtoms[2 * at]!, table.pairAtoms[2 * at + 1]!]
    return ends.includes(one) && ends.includes(other)
  })
  return pair === undefined || one === other ? COUPLING_TYPES.length : table.pairTypes[pair]!
}

/**
 * What the reference says, number by number: the four summands at every atom, seen from a hydrogen.
 * @param knockedOut atom whose attention is uniform.
 */
function seenFrom(centre: number, knockedOut?: number): Rows {
  let x = all.map((atom) => [
    ...places[atom]!.map((value, axis) => (value - places[centre]![axis]!) / SCALE),
    ...toRows(weights['embedding/types']!)[typeBetween(centre, atom)]!,
    ...toRows(weights['embedding/elements']!)[ELEMENT_ROWS[atom]!]!,
  ])
  for (let layer = 0; layer < config.layers; layer++) {
    const [attention, inner] = [`layer-${layer}/attention`, `layer-${layer}/inner`]
    const projected = affine(weights, `${attention}/in`, x)
    const part = (atom: number, which: number, head: number): number[] =>
      projected[atom]!.slice(which * config.width + head * size).slice(0, size)
    const attended = all.map((query) =>
      Array.from({ length: config.heads }, (_, head) => {
        const scores = all.map((key) =>
          query === knockedOut
            ? 0
            : sumOf(part(query, 0, head).map((value, k) => value * part(key, 1, head)[k]!)),
        )
        const exponentials = scores.map((score) => Math.exp(score - Math.max(...scores)))
        const shares = exponentials.map((value) => value / sumOf(exponentials))
        return sumRows(
          all.map((key) => part(key, 2, head).map((value) => value * shares[key]!)),
          size,
        )
      }).flat(),
    )
    const mapped = affine(
      weights,
      `${attention}/out`,
      affine(weights, `${attention}/heads`, attended),
    )
    const y = normalise(weights, `${attention}/norm`, addTables(x, mapped))
    const hidden = mapRows(
      affine(weights, `${inner}/in`, y),
      (value) => (0.5 * value) / (1 + Math.exp(-value)),
    )
    x = normalise(weights, `${inner}/norm`, addTables(y, affine(weights, `${inner}/out`, hidden)))
  }
  const flags = all.map((atom) =>
    Array.from({ length: COUPLING_TYPES.length + 1 }, (_, type) =>
      type === typeBetween(centre, atom) ? 1 : 0,
    ),
  )
  return affine(
    weights,
    'readout',
    x.map((row, atom) => [...row, ...flags[atom]!]),
  )
}

/** The summands of every pair: what its hydrogens see of the other end, averaged. */
function bruteForce(knockedOut?: (centre: number) => number): Rows {
  const seen = new Map(hydrogens.map((centre) => [centre, seenFrom(centre, knockedOut?.(centre))]))
  return Array.from(table.pairTypes, (_, pair) => {
    const [one, other] = [table.pairAtoms[2 * pair]!, table.pairAtoms[2 * pair + 1]!]
    const views = [seen.get(one)?.[other], seen.get(other)?.[one]].filter(
      (row) => row !== undefined,
    )
    return sumRows(views, 4).map((value) => value / views.length)
  })
}

function expectEqual(contextOf: () => Partial<Context>, expected: Rows): void {
  const features = featurize(table, SCALE, bucket)
  const run = (): ReturnType<typeof forward> =>
    forward(toTensors(weights), toTensors(features), contextOf() as Context, config)
  expectRows(
    compute(() => tf.slice(run().contributions!, 0, pairs)),
    expected,
  )
  expectRows(
    compute(() => tf.reshape(tf.slice(run().couplings, 0, pairs), [pairs, 1])),
    expected.map((parts) => [sumOf(parts)]),
  )
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('computes what the description says, step by step', () => {
  const expected = bruteForce()
  expectEqual(() => ({ training: false }), expected)
  const values = expected.map((parts) => sumOf(parts))
  expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.1)
})

test('while training, one atom of each sample attends uniformly to the real atoms, the same in both layers', () => {
  // By sample: the numbers choose the atoms 3, 0, 5 and 1 of six; a second call would choose others. The last sample is dead.
  const numbers = [
    [0.6, 0.1, 0.95, 0.3, 0.8],
    [0.1, 0.7, 0.4, 0.9, 0.2],
  ]
  const contextOf = (): Partial<Context> => {
    const calls = numbers.values()
    return {
      training: true,
      random: (shape) => tf.tensor(calls.next().value!, [...shape]),
    }
  }
  const samples = centredSamples(table, 0).map(({ centre }) => centre)
  const expected = bruteForce((centre) => [3, 0, 5, 1][samples.indexOf(centre)]!)
  expectEqual(contextOf, expected)
  const whole = bruteForce()
  expect(expected.some((row, pair) => Math.abs(row[0]! - whole[pair]![0]!) > 1e-3)).toBe(true)
})
