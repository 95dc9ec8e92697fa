import { completeGraph, pathScale } from '@couplet/data'
import type { Context, HostArrays } from '@couplet/engine'
import { typeScale, type TypeScale } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import {
  addTables,
  affine,
  compute,
  expectRows,
  mapRows,
  perceptron,
  randomParameters,
  sumOf,
  sumRows,
  toRows,
  toTensors,
  type Rows,
} from '../../../layers/test/bruteForce.ts'
import { table as plain } from '../../../data/test/asymmetricMethanol.ts'
import { EDGE_FEATURES, featurize, SECOND_STAGE_EDGE_FEATURES } from '../src/featurize.ts'
import { edgeUpdateSchnet } from '../src/index.ts'
import { forward, parameters, type EdgeUpdateSchnetConfig } from '../src/network.ts'

/** The published network, a few channels wide. */
const narrow: EdgeUpdateSchnetConfig = {
  ...edgeUpdateSchnet.published,
  width: 4,
  interactions: 2,
  headWidth: 3,
}

const pairs = plain.pairTypes.length
const table = {
  ...plain,
  couplings: Float32Array.from({ length: pairs }, (_, pair) => 10 + pair),
  firstStageCouplings: Float32Array.from({ length: pairs }, (_, pair) => 12 - 2 * pair),
}
/** Row of each atom's element in the embedding. */
const ELEMENT_ROWS = [1, 3, 0, 0, 0, 0]
const bucket = { molecules: 2, atoms: 7, edges: 31, pairs: pairs + 1 }
const softplus = (x: number): number => Math.log1p(Math.exp(x)) - Math.LN2

/** Number by number what the reference says. */
function bruteForce(weights: HostArrays, config: EdgeUpdateSchnetConfig, edgeFeatures: Rows): Rows {
  const { width, gaussians, cutoff, gaussianWidth, messageCutoff } = config
  const { sources, targets, distances, pairEdges, pairReverseEdges } = completeGraph(table)
  const elements = toRows(weights['embedding/elements']!)
  let atoms = ELEMENT_ROWS.map((row) => elements[row]!)
  let edges = affine(
    weights,
    'embedding/edges',
    Array.from(distances, (distance, edge) => [
      ...Array.from({ length: gaussians }, (_, k) => {
        const centre = (k * cutoff) / (gaussians - 1)
        return Math.exp(-((distance - centre) ** 2) / gaussianWidth)
      }),
      ...edgeFeatures[edge]!,
    ]),
  )
  /** `W [x_i ; x_j ; e_ij] + b`, whose matrix the network holds in three parts. */
  const ofThree = (name: string, parts: readonly string[], [i, j, e]: Rows[]): Rows => {
    const kernel = parts.flatMap((part) => toRows(weights[`${name}/${part}/kernel`]!))
    const bias = [...weights[`${name}/${parts[2]}/bias`]!.data]
    const rows = e!.map((edge, at) => [...i![at]!, ...j![at]!, ...edge])
    return rows.map((row) =>
      bias.map((own, column) => own + sumOf(row.map((value, k) => value * kernel[k]![column]!))),
    )
  }
  const ends = (states: Rows, at: ArrayLike<number>): Rows =>
    Array.from(at, (atom) => states[atom]!)
  for (let index = 0; index < config.interactions; index++) {
    const name = `interaction-${index}`
    const threes = [ends(atoms, sources), ends(atoms, targets), edges]
    const hidden = mapRows(ofThree(`${name}/edge`, ['source', 'target', 'self'], threes), softplus)
    const update = affine(weights, `${name}/edge/output`, hidden)
    edges = config.edgeResidual ? addTables(edges, update) : update
    const filters = mapRows(perceptron(weights, `${name}/filter`, edges, softplus), softplus)
    const values = affine(weights, `${name}/message`, atoms)
    const messages = atoms.map((_, atom) => {
      const arriving = [...targets.keys()].filter((edge) => targets[edge] === atom)
      return sumRows(
        arriving.map((edge) => {
          const reach = Math.min(distances[edge]!, messageCutoff) / messageCutoff
          const fading = messageCutoff > 0 ? 0.5 * (1 + Math.cos(Math.PI * reach)) : 1
          const value = values[sources[edge]!]!
          return filters[edge]!.map((filter, channel) => filter * fading * value[channel]!)
        }),
        width,
      )
    })
    atoms = addTables(atoms, perceptron(weights, `${name}/atom`, messages, softplus))
  }
  const [head, output, bias] = ['hidden', 'output', 'type'].map((part) =>
    part === 'type'
      ? toRows(weights['readout/head/type-bias']!)
      : toRows(weights[`readout/head/${part}/kernel`]!),
  )
  return Array.from(table.pairTypes, (type, pair) => {
    const direction = (edge: number): number[] => {
      const threes = [[atoms[sources[edge]!]!], [atoms[targets[edge]!]!], [edges[edge]!]]
      return mapRows(ofThree('readout', ['source', 'target', 'edge'], threes), softplus)[0]!
    }
    const [there, back] = [direction(pairEdges[pair]!), direction(pairReverseEdges[pair]!)]
    const read = there.map((value, at) => (value + back[at]!) / 2)
    // The head of the pair's own type, or the only one.
    const row = config.privateHeads === false ? 0 : type
    const own = Array.from({ length: config.headWidth }, (_, k) => {
      const column = row * config.headWidth + k
      const offset = weights['readout/head/hidden/bias']!.data[column]!
      return softplus(offset + sumOf(read.map((value, at) => value * head![at]![column]!)))
    })
    return bias![row]!.map(
      (offset, part) =>
        offset + sumOf(own.map((value, k) => value * output![row * config.headWidth + k]![part]!)),
    )
  })
}

function expectEqual(config: EdgeUpdateSchnetConfig, couplings?: TypeScale): void {
  const width = couplings ? SECOND_STAGE_EDGE_FEATURES : EDGE_FEATURES
  const weights = randomParameters(parameters(config, width))
  const features = featurize(table, pathScale(table), bucket, couplings)
  const edgeFeatures = toRows(features['edgeFeatures']!)
  const run = (): ReturnType<typeof forward> =>
    forward(toTensors(weights), toTensors(features), {} as Context, config)
  const contributions = compute(() => tf.slice(run().contributions!, 0, pairs))
  const sums = compute(() => tf.reshape(tf.slice(run().couplings, 0, pairs), [pairs, 1]))
  const expected = bruteForce(weights, config, edgeFeatures)
  const factors = weights['readout/sum']!.data
  expectRows(contributions, expected)
  expectRows(
    sums,
    expected.map((parts) => [sumOf(parts.map((part, k) => part * factors[k]!))]),
  )
  const [first] = expected
  expect(expected.every((row) => Math.abs(row[0]! - first![0]!) < 1e-3)).toBe(false)
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('computes what the description says, step by step', () => {
  expectEqual(narrow)
})

test('and so with edges that keep their state and messages that fade', () => {
  expectEqual({
    ...narrow,
    gaussians: 20,
    cutoff: 6,
    gaussianWidth: 0.03,
    messageCutoff: 2,
    edgeResidual: true,
  })
})

test('and so with one head for all types', () => {
  expectEqual({ ...narrow, privateHeads: false })
})

test('and so in the second stage, whose coupled edges carry what the first predicts', () => {
  const scale = typeScale(table)
  expectEqual(narrow, scale)
  const rows = toRows(featurize(table, pathScale(table), bucket, scale)['edgeFeatures']!)
  const { pairEdges, pairReverseEdges } = completeGraph(table)
  const coupled = new Set<number>()
  for (const [pair, type] of table.pairTypes.entries()) {
    const expected = (table.firstStageCouplings[pair]! - scale.mean[type]!) / scale.deviation[type]!
    for (const edge of [pairEdges[pair]!, pairReverseEdges[pair]!]) {
      expect(rows[edge]!.at(-1)).toBeCloseTo(expected, 4)
      coupled.add(edge)
    }
  }
  const others = rows.filter((_, edge) => !coupled.has(edge))
  expect(others.map((row) => row.at(-1))).toEqual(others.map(() => 0))
  expect(rows.map((row) => row.slice(0, -1))).toEqual(
    toRows(featurize(table, pathScale(table), bucket)['edgeFeatures']!),
  )
})

test('the second stage asks for the first', () => {
  expect(() => featurize(plain, pathScale(plain), bucket, typeScale(table))).toThrow(
    'no firstStageCouplings',
  )
})

test('J is the plain sum of the contributions at the start', () => {
  const { shape, initialiser } = parameters(narrow, EDGE_FEATURES)['readout/sum']!
  expect({ shape, initialiser }).toEqual({
    shape: [4, 1],
    initialiser: { kind: 'constant', value: 1 },
  })
})
