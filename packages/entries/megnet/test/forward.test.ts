import { COUPLING_TYPES, neighbourLists } from '@couplet/data'
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
  perceptron,
  randomParameters,
  sumOf,
  sumRows,
  toRows,
  toTensors,
  type Rows,
} from '../../../layers/test/bruteForce.ts'
import { places, table } from '../../../data/test/asymmetricMethanol.ts'
import { featurize, sizes } from '../src/featurize.ts'
import { megnet } from '../src/index.ts'
import { forward, parameters, type MegnetConfig } from '../src/network.ts'

/** Two blocks of the published network, a few channels wide. */
const narrow: MegnetConfig = { ...megnet.published, width: 4, blocks: 2, gaussians: 6 }

const all = [...places.keys()]
const pairs = table.pairTypes.length
const neighbours = neighbourLists(places.length, table.bondAtoms)
const softplus = (x: number): number => Math.log1p(Math.exp(x))

const arm = (from: number, to: number): number[] =>
  places[to]!.map((value, axis) => value - places[from]![axis]!)
const length = (vector: readonly number[]): number => Math.hypot(...vector)
const mean = (rows: Rows): number[] =>
  sumRows(rows, rows[0]!.length).map((value) => value / rows.length)

/** The chain of bonds from one atom to another. */
function chain(from: number, to: number, before: readonly number[] = []): number[] {
  const path = [...before, from]
  if (from === to) return path
  const ways = neighbours[from]!.filter((next) => !path.includes(next)).map((next) =>
    chain(next, to, path),
  )
  return ways.find((way) => way.at(-1) === to) ?? path
}

function expectEqual(config: MegnetConfig): void {
  const axes = Object.entries(sizes(table, config)).map(([axis, [size]]) => [axis, size! + 1])
  const bucket = { molecules: 2, pairs: pairs + 1, ...Object.fromEntries(axes) }
  const features = featurize(table, config, bucket)
  const weights = randomParameters(parameters(config))
  const couplings = compute(() => {
    const result = forward(toTensors(weights), toTensors(features), {} as Context, config)
    return tf.reshape(tf.slice(result.couplings, 0, pairs), [pairs, 1])
  })
  const expected = bruteForce()
  expectRows(
    couplings,
    expected.map((value) => [value]),
  )
  expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.1)

  /** Number by number what the reference says: the coupling of every pair. */
  function bruteForce(): number[] {
    const edges = all.flatMap((i) => all.filter((j) => j !== i).map((j) => ({ i, j })))
    const edgeOf = (i: number, j: number): number =>
      edges.findIndex((edge) => edge.i === i && edge.j === j)
    /** Layer normalisation before each of two linear layers, softplus between them. */
    const phi = (name: string, x: Rows): Rows => {
      const hidden = affine(weights, `${name}/0`, normalise(weights, `${name}/norm-0`, x))
      const inner = normalise(weights, `${name}/norm-1`, mapRows(hidden, softplus))
      return affine(weights, `${name}/1`, inner)
    }
    /** `sum_k V(x_k) tanh(w . body(x_k))`. */
    const gated = (name: string, x: Rows): number[] => {
      const both = affine(weights, `${name}/in`, normalise(weights, `${name}/norm`, x))
      const gate = toRows(weights[`${name}/gate/kernel`]!)
      const weighed = both.map((row) => {
        const body = row.slice(config.width).map(softplus)
        const factor = Math.tanh(sumOf(body.map((value, k) => value * gate[k]![0]!)))
        return row.slice(0, config.width).map((value) => value * factor)
      })
      return sumRows(weighed, config.width)
    }
    const { gaussians, firstCentre, lastCentre, gaussianWidth } = config
    const flags = toRows(features['edgeFlags']!)
    let v = affine(weights, 'embedding/atoms', toRows(features['atomFlags']!).slice(0, all.length))
    let e = affine(
      weights,
      'embedding/edges',
      edges.map(({ i, j }, at) => [
        ...Array.from({ length: gaussians }, (_, k) => {
          const centre = firstCentre + (k * (lastCentre - firstCentre)) / (gaussians - 1)
          return Math.exp(-((length(arm(i, j)) - centre) ** 2) / gaussianWidth)
        }),
        ...flags[at]!,
      ]),
    )
    let u = affine(weights, 'embedding/molecules', toRows(features['moleculeValues']!).slice(0, 1))
    /** Bonds that share an atom with an edge, from the shared atom outwards, with what is known of the angle. */
    const angles = edges.map(({ i, j }) =>
      [
        [i, j],
        [j, i],
      ].flatMap(([shared, far]) =>
        neighbours[shared!]!.filter((outer) => outer !== far).map((outer) => {
          const [one, other] = [arm(shared!, far!), arm(shared!, outer)]
          const product = sumOf(one.map((value, axis) => value * other[axis]!))
          const lengths = [length(one), length(other)]
          const measures = [
            product / (lengths[0]! * lengths[1]!),
            ...lengths,
            length(arm(far!, outer)),
          ]
          const [known] = config.angleMessages
            ? perceptron(weights, 'embedding/angles', [measures], softplus)
            : []
          return { bond: edgeOf(shared!, outer), known }
        }),
      ),
    )
    for (let block = 0; block < config.blocks; block++) {
      const name = `block-${block}`
      const dense = (kind: string, x: Rows): Rows => {
        const passed = phi(`${name}/dense/${kind}`, x)
        return config.skip ? addTables(x, passed) : passed
      }
      ;[v, e, u] = [dense('atoms', v), dense('edges', e), dense('molecules', u)]
      const received = edges.map((_, edge) =>
        config.angleMessages
          ? gated(
              `${name}/angles`,
              angles[edge]!.map(({ bond, known }) => [...known!, ...e[edge]!, ...e[bond]!]),
            )
          : [],
      )
      const [global] = u
      e = addTables(
        e,
        phi(
          `${name}/edges`,
          edges.map(({ i, j }, at) => [v[i]!, v[j]!, e[at]!, global!, received[at]!].flat()),
        ),
      )
      const collected = all.map((atom) =>
        gated(
          `${name}/collect`,
          e.filter((_, at) => edges[at]!.j === atom),
        ),
      )
      v = addTables(
        v,
        phi(
          `${name}/atoms`,
          all.map((atom) => [collected[atom]!, v[atom]!, global!].flat()),
        ),
      )
      u = addTables(u, phi(`${name}/molecules`, [[global!, mean(v), mean(e)].flat()]))
    }
    return Array.from(table.pairTypes, (type, pair) => {
      const read = (from: number, to: number): number => {
        const path = chain(from, to)
        const steps = path.slice(1).map((atom, at) => e[edgeOf(path[at]!, atom)]!)
        const direct = steps.length > 1 ? [e[edgeOf(from, to)]!] : []
        const x = [u[0]!, ...path.map((atom) => v[atom]!), ...direct, ...steps].flat()
        const name = `readout-${COUPLING_TYPES[type]!.toLowerCase()}`
        return perceptron(weights, name, [x], softplus)[0]![0]!
      }
      const [from, to] = [table.pairAtoms[2 * pair]!, table.pairAtoms[2 * pair + 1]!]
      return (read(from, to) + read(to, from)) / 2
    })
  }
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('computes what the description says, step by step', () => {
  expectEqual(narrow)
})

test('and so with angle messages, and with first networks that are added to the states', () => {
  expectEqual({ ...narrow, angleMessages: true, skip: true })
})
