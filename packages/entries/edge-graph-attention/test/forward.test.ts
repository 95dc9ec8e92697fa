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
  randomParameters,
  sumOf,
  sumRows,
  toRows,
  toTensors,
  type Rows,
} from '../../../layers/test/bruteForce.ts'
import { table } from '../../../data/test/asymmetricMethanol.ts'
import { edgeScale } from '../src/edgeScale.ts'
import { featurize } from '../src/featurize.ts'
import { edgeGraphAttention } from '../src/index.ts'
import { forward, parameters, type EdgeGraphAttentionConfig } from '../src/network.ts'
import { nearEdges } from '../src/nearEdges.ts'

/** Three blocks of the published network, a few channels wide. */
const config: EdgeGraphAttentionConfig = {
  ...edgeGraphAttention.published,
  embedding: 7,
  heads: 2,
  headWidth: 3,
  blocks: 3,
  readoutWidth: 4,
}
const { heads, headWidth } = config

/** Row of each atom's element in the embedding. */
const ELEMENT_ROWS = [1, 3, 0, 0, 0, 0]
const { sources, targets, pairEdges, pairReverseEdges } = nearEdges(table)
const all = [...ELEMENT_ROWS.keys()]
const edges = [...sources.keys()]
const pairs = table.pairTypes.length
const bucket = { molecules: 2, atoms: 7, edges: edges.length + 1, pairs: pairs + 1 }
const features = featurize(table, edgeScale(table, 'all'), bucket, config.idleParts)
const gating = randomParameters(parameters(config))
const added = randomParameters(parameters({ ...config, gates: false }))
const perHead = (row: readonly number[], head: number): number[] =>
  row.slice(head * headWidth, (head + 1) * headWidth)
const parametric = (weights: HostArrays, name: string, rows: Rows): Rows => {
  const slope = weights[name]!.data[0]!
  return mapRows(rows, (value) => (value > 0 ? value : slope * value))
}

/** A head's own map of `[n_src ; e ; n_dst]`, whose matrix the network holds in three parts. */
function ofTriple(
  weights: HostArrays,
  name: string,
  head: number,
  triple: readonly (readonly number[])[],
): number[] {
  const [, inputs, outputs] = weights[`${name}/source`]!.shape as [number, number, number]
  const kernel = ['source', 'edge', 'target'].flatMap((part) => {
    const rows = toRows(weights[`${name}/${part}`]!)
    return rows.slice(head * inputs, (head + 1) * inputs)
  })
  const values = triple.flatMap((row) => perHead(row, head))
  return Array.from({ length: outputs }, (_, column) =>
    sumOf(values.map((value, k) => value * kernel[k]![column]!)),
  )
}

/** Number by number what the reference says: the coupling of every pair. */
function bruteForce(weights: HostArrays): number[] {
  let n = all.map((atom) => [
    ...toRows(weights['embedding/elements']!)[ELEMENT_ROWS[atom]!]!,
    ...toRows(features['atomConstants']!)[atom]!,
  ])
  let e = edges.map((edge) => {
    const kinds = toRows(features['edgeKinds']!)[edge]!
    const embedded = toRows(weights['embedding/edges']!).map((row, kind) =>
      row.map((value) => value * kinds[kind]!),
    )
    return [...sumRows(embedded, embedded[0]!.length), ...toRows(features['edgeMeasures']!)[edge]!]
  })
  for (let block = 0; block < config.blocks; block++) {
    const name = `block-${block}`
    const before = { n, e }
    const [mapped, mappedEdges] = [
      affine(weights, `${name}/atoms`, n),
      affine(weights, `${name}/edges`, e),
    ]
    const triple = (atoms: Rows, edge: number): number[][] => [
      atoms[sources[edge]!]!,
      mappedEdges[edge]!,
      atoms[targets[edge]!]!,
    ]
    const collected = all.map((atom) => {
      const arriving = edges.filter((edge) => targets[edge] === atom)
      return Array.from({ length: heads }, (_, head) => {
        const scores = arriving.map((edge) => {
          const [score] = ofTriple(weights, `${name}/score`, head, triple(mapped, edge))
          return Math.exp(score! > 0 ? score! : 0.2 * score!)
        })
        const gated = arriving.map((edge, at) => {
          const attention = scores[at]! / sumOf(scores)
          const gate = perHead(mappedEdges[edge]!, head).map((value) => attention * value)
          return perHead(mapped[sources[edge]!]!, head).map((value, k) => value * gate[k]!)
        })
        return sumRows(gated, headWidth)
      }).flat()
    })
    const updated = edges.map((edge) =>
      Array.from({ length: heads }, (_, head) =>
        ofTriple(weights, `${name}/update`, head, triple(collected, edge)),
      ).flat(),
    )
    const finish = (rows: Rows): Rows =>
      parametric(weights, `${name}/slope`, normalise(weights, `${name}/norm`, rows))
    ;[n, e] = [finish(collected), finish(updated)]
    if (block === 0) continue
    const residual = (gate: string, previous: Rows, current: Rows): Rows => {
      if (weights === added) return addTables(previous, current)
      const [p, c] = [
        affine(weights, `${name}/${gate}/previous`, previous),
        affine(weights, `${name}/${gate}/current`, current),
      ]
      return current.map((row, at) =>
        row.map((value, k) => {
          const z = 1 / (1 + Math.exp(-p[at]![k]! - c[at]![k]!))
          return z * value + (1 - z) * previous[at]![k]!
        }),
      )
    }
    e = residual('edge-gate', before.e, e)
    n = residual('atom-gate', before.n, n)
  }
  const hidden = parametric(weights, 'readout/slope', affine(weights, 'readout/hidden', e))
  const outputs = affine(weights, 'readout/output', hidden)
  return Array.from(table.pairTypes, (type, pair) => {
    const [there, back] = [outputs[pairEdges[pair]!]!, outputs[pairReverseEdges[pair]!]!]
    return (there[type]! + back[type]!) / 2
  })
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test.each([
  ['computes what the description says, step by step', gating, config],
  ['and so where states are added, without gates', added, { ...config, gates: false }],
])('%s', (_, weights, own) => {
  const couplings = compute(() => {
    const result = forward(toTensors(weights), toTensors(features), {} as Context, own)
    return tf.reshape(tf.slice(result.couplings, 0, pairs), [pairs, 1])
  })
  const expected = bruteForce(weights)
  expectRows(
    couplings,
    expected.map((value) => [value]),
  )
  expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.1)
})
