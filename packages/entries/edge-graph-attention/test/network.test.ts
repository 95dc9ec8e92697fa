import { buildTable } from '@couplet/data'
import { initialiseParameters, type Context, type HostArrays, type Tensors } from '@couplet/engine'
import { presetConfig } from '@couplet/model'
import { Subject } from '@couplet/model/conformance'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { edgeScale } from '../src/edgeScale.ts'
import { featurize } from '../src/featurize.ts'
import { edgeGraphAttention } from '../src/index.ts'
import { forward, parameters, type EdgeGraphAttentionConfig } from '../src/network.ts'
import { segmentSoftmax } from '../src/segmentSoftmax.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const published = presetConfig(edgeGraphAttention, 'published') as EdgeGraphAttentionConfig
const tiny = presetConfig(edgeGraphAttention, 'tiny') as EdgeGraphAttentionConfig

/** Number of values of each block, shapes alone. */
function blockCounts(config: EdgeGraphAttentionConfig): Map<string, number> {
  const blocks = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(config))) {
    const block = name.split('/')[0]!
    blocks.set(block, (blocks.get(block) ?? 0) + sizeOf(shape))
  }
  return blocks
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1)

test('the published sizes have 57,833,611 parameters within 0.01 percent, block by block', () => {
  const blocks = blockCounts(published)
  const total = [...blocks.values()].reduce((sum, size) => sum + size, 0)
  console.log([...blocks].map(([block, size]) => `${block} ${size}`).join('\n'), `\nall ${total}`)
  // Heads: 24 (144 + 48 * 144); norm 2 * 1152; slope 1. A gate: 2 * 1152^2 + 1152.
  const [heads, gate] = [24 * (144 + 48 * 144) + 2 * 1152 + 1, 2 * 1152 ** 2 + 1152]
  expect(blocks.get('embedding')).toBe(5 * 44 + 7 * 45)
  expect(blocks.get('block-0')).toBe(2 * 48 * 1152 + heads)
  for (let block = 1; block < 8; block++) {
    expect(blocks.get(`block-${block}`)).toBe(2 * 1152 ** 2 + heads + 2 * gate)
  }
  expect(blocks.get('readout')).toBe(1152 * 512 + 512 + 1 + 512 * 8 + 8)
  expect(total).toBe(57_833_256)
  expect(Math.abs(total / 57_833_611 - 1)).toBeLessThan(1e-4)
})

test('of these, the 1,354,752 that never got a gradient in 2019 are not trained, nor is the idle gate', () => {
  const fixed = Object.entries(parameters(published)).filter(
    ([, { trainable }]) => trainable === false,
  )
  const countOf = (part: RegExp) =>
    fixed.reduce((sum, [name, { shape }]) => sum + (part.test(name) ? sizeOf(shape) : 0), 0)
  expect(countOf(/\/(score|update)\//)).toBe(1_354_752)
  expect(countOf(/^block-7\/atom-gate\//)).toBe(2 * 1152 ** 2 + 1152)
  expect(countOf(/./)).toBe(1_354_752 + 2 * 1152 ** 2 + 1152)
})

test('a frozen scorer stays at its start while the rest learns; idle parts change nothing else', async () => {
  const subject = new Subject(edgeGraphAttention)
  const config = { ...tiny, scorer: 'frozen', idleParts: true }
  const fresh = await subject.trainSteps(0, { config })
  const trained = await subject.trainSteps(3, { config })
  const changed = Object.keys(fresh.weights).filter(
    (name) => fresh.weights[name]!.data.join() !== trained.weights[name]!.data.join(),
  )
  expect(changed.some((name) => /score|update|block-1\/atom-gate/.test(name))).toBe(false)
  const spec = Object.entries(parameters(config as EdgeGraphAttentionConfig))
  expect(changed).toEqual(
    spec.flatMap(([name, { trainable }]) => (trainable === false ? [] : [name])),
  )
  await subject.close()
})

/** A fluorohydroxylamine without any symmetry. */
const table = buildTable([
  {
    name: 'molecule',
    atomicNumbers: Uint8Array.of(9, 7, 8, 1, 1),
    positions: Float32Array.of(
      -0.5,
      1.25,
      0.1,
      0,
      0,
      0,
      1.4,
      0.1,
      -0.05,
      1.75,
      0.5,
      0.8,
      -0.4,
      -0.5,
      0.8,
    ),
  },
])
const bucket = { molecules: 2, atoms: 6, edges: 26, pairs: table.pairTypes.length + 1 }

function tensors(arrays: HostArrays): Tensors {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )
}

function couplings(
  change: (features: HostArrays) => HostArrays = (features) => features,
): number[] {
  const weights = tensors(initialiseParameters(parameters(tiny), 3).toArrays())
  const features = change(featurize(table, edgeScale(table, 'all'), bucket, false))
  const context: Context = {
    training: false,
    random: (shape) => tf.zeros([...shape]),
    dropout: (values) => values,
  }
  const prediction = forward(weights, tensors(features), context, tiny)
  return [...prediction.couplings.dataSync()].slice(0, table.pairTypes.length)
}

test('a pair is read in both directions and averaged', () => {
  const both = couplings()
  const swapped = couplings(({ pairEdges, pairReverseEdges, ...rest }) => {
    return { ...rest, pairEdges: pairReverseEdges!, pairReverseEdges: pairEdges! }
  })
  const there = couplings(({ pairEdges, ...rest }) => {
    return { ...rest, pairEdges: pairEdges!, pairReverseEdges: pairEdges! }
  })
  const back = couplings(({ pairReverseEdges, ...rest }) => {
    return { ...rest, pairEdges: pairReverseEdges!, pairReverseEdges: pairReverseEdges! }
  })
  for (const [pair, value] of both.entries()) {
    expect(swapped[pair]).toBeCloseTo(value, 5)
    expect((there[pair]! + back[pair]!) / 2).toBeCloseTo(value, 5)
  }
  expect(there.some((value, pair) => Math.abs(value - back[pair]!) > 1e-3)).toBe(true)
})

test('the kind of a bond is read', () => {
  const known = couplings()
  const other = couplings(({ edgeKinds, ...rest }) => {
    // Every single bond becomes a double one.
    const data = edgeKinds!.data.map((_, index, all) => {
      const place = index % 7
      return place === 0 ? 0 : place === 1 ? all[index - 1]! : all[index]!
    })
    return { ...rest, edgeKinds: { ...edgeKinds!, data } }
  })
  expect(known.some((value, pair) => Math.abs(value - other[pair]!) > 1e-3)).toBe(true)
})

test('attention weights over the edges that arrive at an atom add up to 1, in every head', () => {
  const scores = tf.tensor2d([1, 2, 3, -1, 0, 40, 5, 5], [4, 2])
  const weights = segmentSoftmax(scores, tf.tensor1d([0, 1, 0, 0], 'int32'), 2).arraySync()
  for (const head of [0, 1]) {
    expect(weights[0]![head]! + weights[2]![head]! + weights[3]![head]!).toBeCloseTo(1, 6)
    expect(weights[1]![head]).toBeCloseTo(1, 6)
  }
  expect(weights[0]![0]! / weights[2]![0]!).toBeCloseTo(Math.exp(1 - 0), 5)
})
