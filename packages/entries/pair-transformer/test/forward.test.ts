import { COUPLING_TYPES } from '@couplet/data'
import type { Context } from '@couplet/engine'
import type { TypeScale } from '@couplet/model'
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
import { featurize, sizes } from '../src/featurize.ts'
import { forward, parameters, type PairTransformerConfig } from '../src/network.ts'
import { pairTokens } from '../src/pairTokens.ts'

/** Two layers of the published network, a few channels wide. */
const config: PairTransformerConfig = {
  elementWidth: 2,
  typeWidth: 3,
  positionWidth: 4,
  distanceWidth: 3,
  chargeWidth: 1,
  layers: 2,
  heads: 4,
  innerWidth: 9,
  headWidth: 5,
  dropout: 0,
  shift: 0,
}
const width = 2 * (2 + 4 + 1) + 3 + 3
const size = width / config.heads

/** The oxygen couples with none. */
const table = {
  ...plain,
  mullikenCharges: Float32Array.of(-0.1, -0.5, 0.11, 0.12, 0.13, 0.24),
}
/** Row of each atom's element in the embedding: H, C, N, O, F. */
const ELEMENT_ROWS = [1, 3, 0, 0, 0, 0]
const pairs = table.pairTypes.length
/** Spreads in hertz, different for every type and contribution. */
const scale: TypeScale = {
  mean: COUPLING_TYPES.map(() => 0),
  deviation: COUPLING_TYPES.map((_, type) => 2 + type),
  contributionMean: COUPLING_TYPES.map(() => [0, 0, 0, 0]),
  contributionDeviation: COUPLING_TYPES.map((_, type) => [3 + type, 0.5, 1 + 0.1 * type, 0.25]),
  count: COUPLING_TYPES.map(() => 1),
}
const axes = Object.entries(sizes(table)).map(([axis, [own]]) => [axis, own! + 1])
// One token of each block is padding, and one block.
const bucket = { molecules: 2, pairs: pairs + 1, ...Object.fromEntries(axes) }
const weights = randomParameters(parameters(config))

/**
 * What the reference says, number by number: the direct coupling and the contributions of every pair.
 * @param shift by which the whole molecule is moved, in angstrom.
 */
function bruteForce(shift = [0, 0, 0]): { direct: number; contributions: number[] }[] {
  const { atoms, types } = pairTokens(table, 0)
  const centre = [0, 1, 2].map((axis) => sumOf(places.map((place) => place[axis]!)) / places.length)
  const of = (name: string, values: number[]): number[] =>
    affine(weights, `embedding/${name}`, [values])[0]!
  const centred = (atom: number): number[] =>
    places[atom]!.map((value, axis) => value - centre[axis]! + shift[axis]!)
  const elements = toRows(weights['embedding/elements']!)
  let x = atoms.map(([one, other], token) => [
    ...elements[ELEMENT_ROWS[one]!]!,
    ...elements[ELEMENT_ROWS[other]!]!,
    ...toRows(weights['embedding/types']!)[types[token]!]!,
    ...of('positions', centred(one)),
    ...of('positions', centred(other)),
    ...of('distance', [
      Math.hypot(...places[one]!.map((value, axis) => value - places[other]![axis]!)),
    ]),
    ...of('charge', [table.mullikenCharges[one]!]),
    ...of('charge', [table.mullikenCharges[other]!]),
  ])
  const tokens = [...x.keys()]
  for (let layer = 0; layer < config.layers; layer++) {
    const [attention, inner] = [`layer-${layer}/attention`, `layer-${layer}/inner`]
    const projected = affine(weights, `${attention}/in`, x)
    const part = (token: number, which: number, head: number): number[] =>
      projected[token]!.slice(which * width + head * size).slice(0, size)
    const attended = tokens.map((query) =>
      Array.from({ length: config.heads }, (_, head) => {
        const own = part(query, 0, head)
        const shares = tokens.map((key) =>
          Math.exp(sumOf(own.map((value, k) => value * part(key, 1, head)[k]!)) / Math.sqrt(size)),
        )
        return sumRows(
          tokens.map((key) => part(key, 2, head).map((value) => value * shares[key]!)),
          size,
        ).map((value) => value / sumOf(shares))
      }).flat(),
    )
    const mapped = affine(weights, `${attention}/out`, attended)
    const y = normalise(weights, `${attention}/norm`, addTables(x, mapped))
    const hidden = mapRows(affine(weights, `${inner}/in`, y), gelu)
    x = normalise(weights, `${inner}/norm`, addTables(y, affine(weights, `${inner}/out`, hidden)))
  }
  const perceptron = (name: string, row: number[]): number[] => {
    let values: Rows = [row]
    for (const layer of [0, 1]) {
      const hidden = normalise(
        weights,
        `${name}/norm-${layer}`,
        affine(weights, `${name}/${layer}`, values),
      )
      values = mapRows(hidden, (value) => (value > 0 ? value : 0.01 * value))
    }
    return affine(weights, `${name}/output`, values)[0]!
  }
  // Coupled pairs are the first tokens, in their order.
  return Array.from(table.pairTypes, (type, pair) => {
    const name = `head-${COUPLING_TYPES[type]!.toLowerCase()}`
    const [direct] = perceptron(`${name}/coupling`, x[pair]!)
    const contributions = perceptron(`${name}/contributions`, x[pair]!).map(
      (value, part) => (value * scale.contributionDeviation[type]![part]!) / scale.deviation[type]!,
    )
    return { direct: direct!, contributions }
  })
}

/** `x Phi(x)`, the normal distribution's integral by Simpson's rule. */
function gelu(x: number): number {
  const steps = 2000
  const density = (value: number): number => Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)
  const weighed = Array.from({ length: steps + 1 }, (_, step) => {
    const factor = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2
    return factor * density((x * step) / steps)
  })
  return x * (0.5 + (sumOf(weighed) * x) / steps / 3)
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('computes what the description says, step by step', () => {
  const features = featurize(table, { charges: true, scale }, bucket)
  const context: Context = {
    training: false,
    random: (shape) => tf.zeros([...shape]),
    dropout: (values) => values,
  }
  const run = (): ReturnType<typeof forward> =>
    forward(toTensors(weights), toTensors(features), context, config)
  const expected = bruteForce()
  expectRows(
    compute(() => tf.slice(run().contributions!, 0, pairs)),
    expected.map(({ contributions }) => contributions),
  )
  const couplings = expected.map(({ direct, contributions }) => (direct + sumOf(contributions)) / 2)
  expectRows(
    compute(() => tf.reshape(tf.slice(run().couplings, 0, pairs), [pairs, 1])),
    couplings.map((value) => [value]),
  )
  expect(Math.max(...couplings) - Math.min(...couplings)).toBeGreaterThan(0.1)
})

test('while training, a molecule is shifted as a whole by normal numbers of the given deviation', () => {
  // Different at every place, so that a shift of single tokens would be seen.
  const uniform = (call: number, place: number): number => (0.13 + 0.29 * place + 0.41 * call) % 1
  let call = 0
  const context: Context = {
    training: true,
    random: (shape) => {
      const count = shape.reduce((product, length) => product * length, 1)
      const values = Array.from({ length: count }, (_, place) => uniform(call, place))
      call += 1
      return tf.tensor(values, [...shape])
    },
    dropout: (values) => values,
  }
  const features = featurize(table, { charges: true, scale }, bucket)
  const contributions = compute(() => {
    const shifted = { ...config, shift: 1.5 }
    const run = forward(toTensors(weights), toTensors(features), context, shifted)
    return tf.slice(run.contributions!, 0, pairs)
  })
  // Box and Muller: two uniform numbers make a normal one.
  const shift = [0, 1, 2].map(
    (axis) =>
      1.5 *
      Math.sqrt(-2 * Math.log(1 - uniform(0, axis))) *
      Math.cos(2 * Math.PI * uniform(1, axis)),
  )
  const expected = bruteForce(shift)
  expectRows(
    contributions,
    expected.map((own) => own.contributions),
  )
  const still = bruteForce()
  const moved = expected.flatMap((own, pair) =>
    own.contributions.map((value, part) => Math.abs(value - still[pair]!.contributions[part]!)),
  )
  expect(Math.max(...moved)).toBeGreaterThan(1e-3)
})

test('an atom that couples with none has a mute token with its nearest neighbour', () => {
  const { atoms, types } = pairTokens(table, 0)
  expect(atoms).toHaveLength(pairs + 1)
  expect(atoms.at(-1)).toEqual([1, 5])
  expect(types.at(-1)).toBe(COUPLING_TYPES.length + 5 * 3)
})
