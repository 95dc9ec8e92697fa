import { completeGraph, COUPLING_TYPES } from '@couplet/data'
import type { Context, HostArrays } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import {
  addTables,
  affine,
  compute,
  expectRows,
  mapRows,
  normalise,
  perceptron,
  randomParameters,
  sumOf,
  sumRows,
  toRows,
  toTensors,
  type Rows,
} from '../../../layers/test/bruteForce.ts'
import { places, table } from '../../../data/test/asymmetricMethanol.ts'
import { featurize } from '../src/featurize.ts'
import { tripletNetwork } from '../src/index.ts'
import { forward, parameters, type TripletNetworkConfig } from '../src/network.ts'

/** Two layers of the published network, a few channels wide. */
const config: TripletNetworkConfig = {
  ...tripletNetwork.published,
  atomWidth: 5,
  edgeWidth: 4,
  tripletWidth: 3,
  layers: 2,
  headWidth: 6,
  gaussians: 7,
  tripletGaussians: 5,
}

const atomCount = places.length
const pairs = table.pairTypes.length
const bucket = { molecules: 2, atoms: 7, edges: 31, triplets: 121, pairs: pairs + 1 }
const softplus = (x: number): number => Math.log1p(Math.exp(x)) - Math.LN2

const weights = randomParameters(parameters(config))

/** Values on Gaussians `exp(-gamma (x - c)^2)` with evenly spaced centres from 0. */
function gaussians(x: number, count: number, last: number, gamma: number): number[] {
  return Array.from({ length: count }, (_, k) =>
    Math.exp(-gamma * (x - (k * last) / (count - 1)) ** 2),
  )
}

/** Vector from one atom to another. */
const arm = (from: number, to: number): number[] =>
  places[to]!.map((value, axis) => value - places[from]![axis]!)
const length = (vector: readonly number[]): number => Math.hypot(...vector)

/** Number by number what the reference says: contributions of every pair. */
function bruteForce(features: HostArrays): Rows {
  const all = Array.from({ length: atomCount }, (_, atom) => atom)
  const edges = all.flatMap((i) => all.filter((j) => j !== i).map((j) => ({ i, j })))
  const edgeOf = (i: number, j: number): number =>
    edges.findIndex((edge) => edge.i === i && edge.j === j)
  const triples = edges.flatMap(({ i, j }) =>
    all.filter((k) => k !== i && k !== j).map((k) => ({ i, j, k })),
  )
  const flags = toRows(features['edgeFlags']!)
  let n = affine(weights, 'embedding/atoms', toRows(features['atomFlags']!).slice(0, atomCount))
  let e = affine(
    weights,
    'embedding/edges',
    edges.map(({ i, j }, at) => [
      ...gaussians(length(arm(i, j)), config.gaussians, 5, 20),
      ...flags[at]!,
    ]),
  )
  let t = affine(
    weights,
    'embedding/triplets',
    triples.map(({ i, j, k }) => {
      const [one, other] = [arm(j, i), arm(j, k)]
      const [x, y, z] = [0, 1, 2].map((axis) => {
        const [next, last] = [(axis + 1) % 3, (axis + 2) % 3]
        return one[next]! * other[last]! - one[last]! * other[next]!
      })
      const product = sumOf(one.map((value, axis) => value * other[axis]!))
      const angle = Math.acos(product / (length(one) * length(other)))
      return [
        ...gaussians(angle, config.tripletGaussians, 3.5, 20),
        ...gaussians(length([x!, y!, z!]) / 2, config.tripletGaussians, 5, 10),
      ]
    }),
  )
  /** `state + LN f(W f(W[…; state]))`. */
  const update = (name: string, state: Rows, others: Rows[]): Rows => {
    const whole = state.map((own, at) => [...others.flatMap((rows) => rows[at]!), ...own])
    const inner = mapRows(affine(weights, `${name}/in`, whole), softplus)
    const outer = mapRows(affine(weights, `${name}/out`, inner), softplus)
    return addTables(state, normalise(weights, `${name}/norm`, outer))
  }
  const fOf = (name: string, rows: Rows): Rows => mapRows(affine(weights, name, rows), softplus)
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `layer-${layer}`
    const [we, wn] = [
      affine(weights, `${name}/triplets/project-edges`, e),
      affine(weights, `${name}/triplets/project-atoms`, n),
    ]
    t = update(`${name}/triplets`, t, [
      triples.map(({ j, k }) => we[edgeOf(j, k)]!),
      triples.map(({ i, k }) => we[edgeOf(i, k)]!),
      triples.map(({ i, j }) => we[edgeOf(i, j)]!),
      triples.map(({ i }) => wn[i]!),
      triples.map(({ j }) => wn[j]!),
      triples.map(({ k }) => wn[k]!),
    ])
    const ofEdges = fOf(`${name}/atoms/edges-1`, fOf(`${name}/atoms/edges-0`, e))
    const ofTriples = fOf(`${name}/atoms/triplets`, t)
    n = update(`${name}/atoms`, n, [
      all.map((i) =>
        sumRows(
          ofEdges.filter((_, at) => edges[at]!.i === i),
          config.atomWidth,
        ),
      ),
      affine(
        weights,
        `${name}/atoms/triplets-sum`,
        all.map((i) =>
          sumRows(
            ofTriples.filter((_, at) => triples[at]!.i === i),
            config.tripletWidth,
          ),
        ),
      ),
    ])
    const ends = affine(weights, `${name}/edges/project-atoms`, n)
    const messages = fOf(`${name}/edges/triplets`, t)
    e = update(`${name}/edges`, e, [
      edges.map(({ i }) => ends[i]!),
      edges.map(({ j }) => ends[j]!),
      affine(
        weights,
        `${name}/edges/triplets-sum`,
        edges.map(({ i, j }) =>
          sumRows(
            messages.filter((_, at) => triples[at]!.i === i && triples[at]!.j === j),
            config.tripletWidth,
          ),
        ),
      ),
    ])
  }
  return Array.from(table.pairTypes, (type, pair) => {
    const [i, j] = [table.pairAtoms[2 * pair]!, table.pairAtoms[2 * pair + 1]!]
    const ofType = COUPLING_TYPES.map((_, other) => (other === type ? 1 : 0))
    const read = (a: number, b: number): number[] => {
      const own = [n[a]!, n[b]!, e[edgeOf(a, b)]!, e[edgeOf(b, a)]!, [length(arm(a, b))], ofType]
      return perceptron(weights, 'readout', [own.flat()], (x) => (x > 0 ? x : 0.2 * x))[0]!
    }
    const [there, back] = [read(i, j), read(j, i)]
    return there.map((value, part) => (value + back[part]!) / 2)
  })
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('computes what the description says, step by step', () => {
  const features = featurize(table, bucket)
  const run = (): ReturnType<typeof forward> =>
    forward(toTensors(weights), toTensors(features), {} as Context, config)
  const expected = bruteForce(features)
  expectRows(
    compute(() => tf.slice(run().contributions!, 0, pairs)),
    expected,
  )
  expectRows(
    compute(() => tf.reshape(tf.slice(run().couplings, 0, pairs), [pairs, 1])),
    expected.map((parts) => [sumOf(parts)]),
  )
  const values = expected.map(([first]) => first!)
  expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.1)
})

test('edges of the features are in the order of this test', () => {
  const { sources, targets } = completeGraph(table)
  expect([...sources]).toEqual([0, 1, 2, 3, 4, 5].flatMap((i) => [i, i, i, i, i]))
  expect([...targets].slice(0, 10)).toEqual([1, 2, 3, 4, 5, 0, 2, 3, 4, 5])
})
