import { describe, expect, test } from 'vitest'
import {
  axisSizes,
  Buckets,
  epochBatches,
  shuffled,
  totalSizes,
  type AxisSizes,
} from '../src/batches.ts'
import { trainingMolecules } from '../src/conformance/molecules.ts'
import { ModelError } from '../src/ModelError.ts'

/** Molecules of 3 to 29 atoms with edges between all of them and about as many pairs as real ones have. */
const sizes: AxisSizes = madeUp(500)

function madeUp(molecules: number): AxisSizes {
  const atoms = Uint32Array.from({ length: molecules }, (_, m) => 3 + ((m * 7919) % 27))
  return {
    atoms,
    edges: atoms.map((n) => n * (n - 1)),
    pairs: atoms.map((n) => (n < 5 ? 0 : 3 * n)),
  }
}

const [batch, workers] = [20, 2]
/** The molecules of each step, sorted. */
function members(count: number): number[][] {
  const steps = epochBatches(sizes, batch, count, 4)
  return steps.map((shards) => shards.flat().toSorted((a, b) => a - b))
}

/** Rows of a shard on all axes together. */
function work(shard: readonly number[]): number {
  return Object.values(sizes).reduce(
    (sum, column) => sum + shard.reduce((rows, molecule) => rows + column[molecule]!, 0),
    0,
  )
}

test('the longest of very many molecules is found', () => {
  const longestTokens = new Uint32Array(200_000).fill(3)
  longestTokens[123_456] = 5
  const all = [...longestTokens.keys()]
  expect(totalSizes({ longestTokens }, all)).toEqual({ molecules: 200_001, longestTokens: 5 })
})

describe('shuffled', () => {
  test('is a permutation, fixed by the seed', () => {
    expect(shuffled(100, 3).toSorted((a, b) => a - b)).toEqual([...Array(100).keys()])
    expect(shuffled(100, 3)).toEqual(shuffled(100, 3))
    expect(shuffled(100, 3)).not.toEqual(shuffled(100, 4))
  })

  test('puts every item last about equally often over neighbouring seeds', () => {
    const counts = [0, 0, 0, 0]
    for (let seed = 0; seed < 4000; seed++) counts[shuffled(4, seed)[3]!]! += 1
    // Five standard deviations of a fair draw: 5 * sqrt(4000 / 4 * 3 / 4).
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(137)
  })
})

describe('axisSizes', () => {
  test('adds the pairs of each molecule', () => {
    const molecules = trainingMolecules()
    const own = { atoms: Uint32Array.of(10, 8, 6, 7) }
    expect(axisSizes(molecules, own)).toEqual({ ...own, pairs: Uint32Array.of(36, 27, 9, 15) })
  })
})

describe('epochBatches', () => {
  test('has every molecule once', () => {
    const all = epochBatches(sizes, batch, workers, 1).flat(2)
    expect(all.toSorted((a, b) => a - b)).toEqual([...sizes['atoms']!.keys()])
  })

  test('is fixed by the seed', () => {
    expect(epochBatches(sizes, batch, workers, 9)).toEqual(epochBatches(sizes, batch, workers, 9))
    expect(epochBatches(sizes, batch, workers, 9)).not.toEqual(
      epochBatches(sizes, batch, workers, 8),
    )
  })

  test('has the same molecules in a step however many workers share it', () => {
    expect(members(2)).toEqual(members(1))
    expect(members(7)).toEqual(members(1))
  })

  test('gives the workers work of like size', () => {
    for (const [one, other] of epochBatches(sizes, batch, workers, 5)) {
      expect(one).toHaveLength(other!.length)
      expect(work(one!) / work(other!)).toBeGreaterThan(0.85)
      expect(work(one!) / work(other!)).toBeLessThan(1.18)
    }
  })

  test('has no empty shard where molecules are fewer than workers', () => {
    const few = { pairs: Uint32Array.of(4, 5, 6) }
    expect(epochBatches(few, 2, 4, 0).map((shards) => shards.length)).toEqual([2, 1])
  })
})

describe('an axis of the longest molecule', () => {
  const dense: AxisSizes = { longestTokens: sizes['atoms']!, pairs: sizes['pairs']! }
  const shards = (seed: number) => epochBatches(dense, batch, workers, seed).flat()
  const buckets = Buckets.from(dense, [0, 1, 2, 3].flatMap(shards))

  test('is as long as that molecule, without a dead row', () => {
    for (const shard of shards(9)) {
      const longest = Math.max(...shard.map((molecule) => dense['longestTokens']![molecule]!))
      expect(buckets.bucketFor(dense, shard)['longestTokens']).toBeGreaterThanOrEqual(longest)
    }
    expect(buckets.levels.at(-1)!['longestTokens']).toBe(29)
  })

  test('brings molecules of like size together: little is padding', () => {
    const fresh = Buckets.from(dense, [0, 1, 2, 3].flatMap(shards))
    for (let epoch = 0; epoch < 20; epoch++) {
      for (const shard of shards(epoch)) fresh.bucketFor(dense, shard)
    }
    expect(fresh.padding).toBeLessThan(0.2)
    expect(fresh.used).toBeLessThanOrEqual(6)
  })

  test('has every molecule once, in other company in another epoch', () => {
    const all = (seed: number) => shards(seed).flat()
    expect(all(1).toSorted((a, b) => a - b)).toEqual([...Array(500).keys()])
    const mates = (seed: number) =>
      shards(seed)
        .find((shard) => shard.includes(7))!
        .toSorted((a, b) => a - b)
    expect(mates(1)).not.toEqual(mates(2))
  })
})

describe('Buckets', () => {
  const sample = Array.from({ length: 4 }, (_, epoch) =>
    epochBatches(sizes, batch, workers, epoch),
  ).flat(2)

  test('leaves a dead row on every axis of every batch of fifty epochs', () => {
    const buckets = Buckets.from(sizes, sample)
    for (let epoch = 0; epoch < 50; epoch++) {
      for (const shard of epochBatches(sizes, batch, workers, epoch).flat()) {
        const bucket = buckets.bucketFor(sizes, shard)
        expect(bucket.molecules).toBeGreaterThan(shard.length)
        for (const [axis, column] of Object.entries(sizes)) {
          const rows = shard.reduce((sum, molecule) => sum + column[molecule]!, 0)
          expect(bucket[axis]).toBeGreaterThan(rows)
        }
      }
    }
  })

  test('uses at most six shapes and pads little', () => {
    const buckets = Buckets.from(sizes, sample)
    for (let epoch = 0; epoch < 50; epoch++) {
      for (const shard of epochBatches(sizes, batch, workers, epoch).flat())
        buckets.bucketFor(sizes, shard)
    }
    expect(buckets.levels.length).toBeLessThanOrEqual(6)
    expect(buckets.used).toBeLessThanOrEqual(6)
    expect(buckets.padding).toBeGreaterThan(0)
    expect(buckets.padding).toBeLessThan(0.15)
  })

  test('pads as little as any choice of five shapes', () => {
    // Groups of one molecule with one axis, so that every way to cut them can be tried.
    const rows = [3, 3, 4, 9, 10, 10, 11, 30, 31, 50, 52, 90]
    const groups = rows.map((_, m) => [m])
    const pairs = Uint32Array.from(rows)
    const buckets = Buckets.from({ pairs }, groups)
    for (const group of groups) buckets.bucketFor({ pairs }, group)
    let least = Infinity
    for (let cuts = 0; cuts < 2 ** 11; cuts++) {
      const ends = rows.map((_, m) => m === 11 || ((cuts >> m) & 1) === 1)
      if (ends.filter(Boolean).length > 5) continue
      // A group of one molecule has two rows of molecules, and one dead row beside its pairs.
      const padded = rows.map((_, m) => rows[ends.indexOf(true, m)]! + 3)
      least = Math.min(
        least,
        padded.reduce((sum, size) => sum + size, 0),
      )
    }
    const real = rows.reduce((sum, size) => sum + size + 3, 0)
    expect(buckets.padding).toBeCloseTo(1 - real / least, 12)
  })

  test('gives a batch the same shape whatever came before', () => {
    const [one, other] = [Buckets.from(sizes, sample), Buckets.from(sizes, sample)]
    const later = epochBatches(sizes, batch, workers, 60).flat()
    for (const shard of epochBatches(sizes, batch, workers, 59).flat()) one.bucketFor(sizes, shard)
    for (const shard of later) {
      expect(one.bucketFor(sizes, shard)).toEqual(other.bucketFor(sizes, shard))
    }
  })

  test('holds the largest molecules together, even where no sample did', () => {
    const order = [...sizes['edges']!.keys()].toSorted(
      (a, b) => sizes['edges']![b]! - sizes['edges']![a]!,
    )
    const worst = order.slice(0, batch / workers)
    expect(Buckets.from(sizes, sample).bucketFor(sizes, worst)['edges']).toBe(
      worst.reduce((sum, molecule) => sum + sizes['edges']![molecule]!, 1),
    )
  })

  test('refuses more molecules than it was made for', () => {
    const all = [...sizes['edges']!.keys()]
    expect(() => Buckets.from(sizes, sample).bucketFor(sizes, all)).toThrow(ModelError)
  })
})
