import type { Context } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { places, table } from '../../../data/test/asymmetricMethanol.ts'
import {
  compute,
  expectRows,
  perceptron,
  randomParameters,
  sumOf,
  toRows,
  toTensors,
  type Rows,
} from '../../../layers/test/bruteForce.ts'
import { realClebschGordan } from '../src/clebschGordan.ts'
import { featurize } from '../src/featurize.ts'
import { forward, parameters, type CormorantConfig } from '../src/network.ts'

/** Three levels and degrees to 2, a few channels wide. */
const config: CormorantConfig = {
  channels: 2,
  degree: 2,
  levels: 3,
  waves: 3,
  powers: 2,
  headWidth: 5,
  idleParts: true,
}

type Complex = readonly [re: number, im: number]
/** By channel. */
type Scalars = Complex[]
/** By degree, channel and order. */
type Vectors = Complex[][][]

const add = ([a, b]: Complex, [c, d]: Complex): Complex => [a + c, b + d]
const times = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c]
const scale = (factor: number, [a, b]: Complex): Complex => [factor * a, factor * b]
const total = (values: readonly Complex[]): Complex => values.reduce(add, [0, 0])

// Products of products: with mixtures of the usual size, couplings would be in the millions.
const weights = Object.fromEntries(
  Object.entries(randomParameters(parameters(config))).map(([name, { shape, data }]) => [
    name,
    { shape, data: name.includes('/mix/') ? data.map((value) => 0.3 * value) : data },
  ]),
)
const numbers = (name: string): number[] => [...weights[name]!.data]
const channels = Array.from({ length: config.channels }, (_, channel) => channel)
const degrees = Array.from({ length: config.degree + 1 }, (_, degree) => degree)
const atoms = places.map((_, atom) => atom)
const edges = atoms.flatMap((i) => atoms.filter((j) => j !== i).map((j) => ({ i, j })))

/** `x W` in complex numbers. */
function mix(name: string, x: readonly Complex[]): Complex[] {
  const [real, imaginary] = [
    toRows(weights[`${name}/real`]!),
    toRows(weights[`${name}/imaginary`]!),
  ]
  return channels.map((channel) =>
    total(x.map((value, k) => times(value, [real[k]![channel]!, imaginary[k]![channel]!]))),
  )
}

/** Solid harmonics of a unit vector: squares of a degree add up to 1. */
function harmonics([x, y, z]: readonly number[]): number[][] {
  const root = Math.sqrt(3)
  const second = [root * x! * y!, root * y! * z!, 1.5 * z! * z! - 0.5, root * x! * z!]
  return [[1], [y!, z!, x!], [...second, (root / 2) * (x! * x! - y! * y!)]]
}

/** All couplings of two lists of vectors to a degree, path by path: by path, channel and order. */
function couplings(one: Vectors, other: Vectors, result: number): Complex[][][] {
  return one.flatMap((first, l1) =>
    other.flatMap((second, l2) => {
      if (result < Math.abs(l1 - l2) || result > l1 + l2) return []
      const factors = realClebschGordan(l1, l2, result)
      const path = channels.map((channel) =>
        Array.from({ length: 2 * result + 1 }, (_, c) =>
          total(
            first[channel]!.flatMap((a, i) =>
              second[channel]!.map((b, j) => scale(factors[i]![j]![c]!, times(a, b))),
            ),
          ),
        ),
      )
      return [path]
    }),
  )
}

/** Number by number what the equations say: one coupling for each pair. */
function bruteForce(): Rows {
  const arm = (i: number, j: number): number[] =>
    places[j]!.map((value, axis) => value - places[i]![axis]!)
  let vectors: Vectors[] = atoms.map((atom) => {
    const number = table.atomicNumbers[atom]!
    const flags = [1, 6, 7, 8, 9].flatMap((element) =>
      [0, 1, 2].map((power): Complex => [element === number ? (number / 9) ** power : 0, 0]),
    )
    return [mix('embedding/atoms', flags).map((scalar) => [scalar])]
  })
  let before: Scalars[][] | undefined
  const read: number[][] = edges.map(() => [])
  for (let level = 0; level < config.levels; level++) {
    const scalars = edges.map(({ i, j }, edge) => {
      const distance = Math.hypot(...arm(i, j))
      const products = vectors[i]!.flatMap((ofI, degree) =>
        channels.map((channel) =>
          total(
            ofI[channel]!.map((value, order) =>
              times(value, vectors[j]![degree]![channel]![order]!),
            ),
          ),
        ),
      )
      return degrees.map((degree): Scalars => {
        const name = `level-${level}/edges/${degree}`
        const [frequency, phase] = [
          numbers(`${name}/waves/frequency`),
          numbers(`${name}/waves/phase`),
        ]
        const waves = frequency.flatMap((value, wave) => {
          const turn = 2 * Math.PI * value * distance + phase[wave]!
          return Array.from({ length: config.powers }, (_, power): Complex =>
            scale(distance ** -power, [Math.sin(turn), Math.cos(turn)]),
          )
        })
        const mixed = mix(`${name}/mix`, [
          ...(before?.[edge]![degree] ?? []),
          ...products,
          ...waves,
        ])
        const [reach, width] = [numbers(`${name}/fading/reach`), numbers(`${name}/fading/width`)]
        return mixed.map((value, channel) =>
          scale(1 / (1 + Math.exp((distance - reach[channel]!) / width[channel]!)), value),
        )
      })
    })
    scalars.forEach((ofEdge, edge) => {
      for (const values of ofEdge) {
        read[edge]!.push(...values.map(([re]) => re), ...values.map(([, im]) => im))
      }
    })
    vectors = atoms.map((i): Vectors => {
      const own = vectors[i]!
      return degrees.map((degree) => {
        const around = edges.flatMap((edge, at) => {
          if (edge.i !== i) return []
          const direction = arm(i, edge.j)
          const unit = direction.map((value) => value / Math.hypot(...direction))
          const ofEdge = harmonics(unit).map((values, l) =>
            channels.map((channel) =>
              values.map((value) => scale(value, scalars[at]![l]![channel]!)),
            ),
          )
          return [couplings(ofEdge, vectors[edge.j]!, degree)]
        })
        const collected = around[0]!.map((path, at) =>
          path.map((ofChannel, channel) =>
            ofChannel.map((_, order) => total(around.map((one) => one[at]![channel]![order]!))),
          ),
        )
        const kept = own[degree] ? [own[degree]] : []
        const parts = [...collected, ...couplings(own, own, degree), ...kept]
        const byOrder = Array.from({ length: 2 * degree + 1 }, (_, order) =>
          mix(
            `level-${level}/atoms/${degree}/mix`,
            parts.flatMap((part) => channels.map((channel) => part[channel]![order]!)),
          ),
        )
        return channels.map((channel) => byOrder.map((values) => values[channel]!))
      })
    })
    before = scalars
  }
  return Array.from(table.pairTypes, (type, pair) => {
    const [i, j] = [table.pairAtoms[2 * pair]!, table.pairAtoms[2 * pair + 1]!]
    const edge = edges.findIndex((one) => one.i === i && one.j === j)
    const outputs = perceptron(weights, 'readout', [read[edge]!], (x) => (x > 0 ? x : 0.01 * x))
    return [outputs[0]![type]!]
  })
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('computes what the equations say, step by step', () => {
  const pairs = table.pairTypes.length
  const features = featurize(table, config.degree, {
    molecules: 2,
    atoms: 7,
    edges: 31,
    pairs: pairs + 1,
  })
  const couplingsOf = (): tf.Tensor =>
    forward(toTensors(weights), toTensors(features), {} as Context, config).couplings
  const expected = bruteForce()
  expectRows(
    compute(() => tf.reshape(tf.slice(couplingsOf(), 0, pairs), [pairs, 1])),
    expected,
  )
  const values = expected.flat()
  expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.1)
  expect(Math.abs(sumOf(values))).toBeLessThan(1e3)
})
