import type { HostArrays } from '../src/arrays.ts'
import type { Network } from '../src/Network.ts'
import type { Objective } from '../src/Objective.ts'
import type { ParameterSpec } from '../src/ParameterSpec.ts'
import { cutBatch } from './networks/cutBatch.ts'
import { graphTransformer, graphTransformerSpec } from './networks/graphTransformer.ts'
import { messagePassing, messagePassingSpec } from './networks/messagePassing.ts'
import {
  createRandom,
  denseBatch,
  drawSizes,
  MAXIMUM_ATOMS,
  sparseBatch,
  TYPES,
} from './networks/molecules.ts'

/** One batch, whole and cut into a shard for each of two workers. */
export interface BenchmarkBatch {
  readonly whole: HostArrays
  readonly shards: readonly HostArrays[]
}

/** A network with the batches that one call goes over. */
export interface BenchmarkCase {
  readonly name: string
  /** What it is, for the table. */
  readonly title: string
  /** Name of the peer's function. */
  readonly peerNetwork: 'graphTransformer' | 'messagePassing'
  /** What the peer needs to know; the shapes are in the arrays. */
  readonly config: Readonly<Record<string, number | string>>
  readonly network: Network
  readonly spec: ParameterSpec
  readonly objective: Objective
  batches(): BenchmarkBatch[]
}

const BATCH = 32
/** Sizes to which batches of molecules sorted by size are padded. */
const BUCKETS = [16, 18, 19, 21, MAXIMUM_ATOMS] as const
const SHARDS = 2

const logOfErrors: Objective = {
  kind: 'log',
  weights: Array(TYPES).fill(1 / TYPES),
  floors: Array(TYPES).fill(1e-9),
}

/** Everything that is measured. */
export function benchmarkCases(): BenchmarkCase[] {
  return [128, 64].flatMap((width) => [
    ...cases(width, 'padded to 29 atoms', ''),
    ...(width === 128 ? cases(width, 'bucketed by size, five batches', '-bucketed') : []),
  ])
}

function cases(width: number, batches: string, suffix: string): BenchmarkCase[] {
  const bucketed = suffix !== ''
  const dense = { width, heads: width / 16, layers: 4, pairWidth: 64 }
  const sparse = { width, steps: 3 }
  return [
    {
      name: `graph-transformer-${width}${suffix}`,
      title: `graph transformer, width ${width}, ${batches}`,
      peerNetwork: 'graphTransformer',
      config: { ...dense, loss: 'log' },
      network: graphTransformer(dense),
      spec: graphTransformerSpec(dense),
      objective: logOfErrors,
      batches: () => (bucketed ? denseBuckets() : [denseOfAllSizes()]),
    },
    {
      name: `message-passing-${width}${suffix}`,
      title: `message passing, width ${width}, ${batches}`,
      peerNetwork: 'messagePassing',
      config: { ...sparse, loss: 'sum' },
      network: messagePassing(sparse),
      spec: messagePassingSpec(sparse),
      objective: { kind: 'sum', weights: [1] },
      batches: () => (bucketed ? BUCKETS : [MAXIMUM_ATOMS]).map(sparseOfSize),
    },
  ]
}

/** One batch of molecules of 12 to 29 atoms, 54 pairs each. */
function denseOfAllSizes(): BenchmarkBatch {
  const random = createRandom(7)
  const sizes = Array.from({ length: BATCH }, () => 12 + random.below(MAXIMUM_ATOMS - 11))
  return cut(denseBatch(sizes, MAXIMUM_ATOMS, 54, random))
}

/** Molecules sorted by size in five batches: each padded to the smallest bucket that holds its largest molecule. */
function denseBuckets(): BenchmarkBatch[] {
  const random = createRandom(7)
  const sizes = drawSizes(BUCKETS.length * BATCH, random).toSorted((a, b) => a - b)
  return BUCKETS.map((_, index) => {
    const own = sizes.slice(index * BATCH, (index + 1) * BATCH)
    const size = BUCKETS.find((bucket) => bucket >= own.at(-1)!)!
    return cut(denseBatch(own, size, 3 * size, random))
  })
}

function sparseOfSize(size: number): BenchmarkBatch {
  return cut(sparseBatch(BATCH, size, createRandom(size)))
}

function cut(whole: HostArrays): BenchmarkBatch {
  const shards = Array.from({ length: SHARDS }, (_, part) => cutBatch(whole, part, SHARDS))
  return { whole, shards }
}
