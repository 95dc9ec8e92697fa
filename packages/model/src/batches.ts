import type { MoleculeTable } from '@couplet/data'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { Bucket, Sizes } from './Model.ts'
import { ModelError } from './ModelError.ts'

/** Most different shapes of a run: each is compiled once. */
const MAXIMUM_BUCKETS = 6

/** Batches whose molecules are sorted by size together, where an entry has an axis of the longest molecule. */
const POOL = 16

/** Most places at which the cuts between two buckets are tried. */
const MOST_CUTS = 128

/** Sizes of molecules along every axis of a batch, `pairs` included. */
export type AxisSizes = Readonly<Record<string, Uint32Array>>

/** An entry's own sizes with the pairs that every batch has. */
export function axisSizes(molecules: MoleculeTable, sizes: Sizes): AxisSizes {
  const pairs = Uint32Array.from(
    molecules.names,
    (_, m) => molecules.pairOffsets[m + 1]! - molecules.pairOffsets[m]!,
  )
  return { ...sizes, pairs }
}

/** A random order of `0 .. count`, fixed by the seed (Fisher and Yates). */
export function shuffled(count: number, seed: number): number[] {
  const generator = mersenne(seed)
  const order = Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const other = uniformInt(generator, 0, last)
    ;[order[last], order[other]] = [order[other]!, order[last]!]
  }
  return order
}

/**
 * The batches of one epoch: a shuffle cut into runs of `batch` molecules, each dealt to `workers` shards of near equal size. Where an
 * axis is as long as the longest molecule, molecules of like size share a batch, so that little of it is padding.
 * @returns `[batches][shards]` lists of molecules.
 */
export function epochBatches(
  sizes: AxisSizes,
  batch: number,
  workers: number,
  seed: number,
): number[][][] {
  const count = sizes['pairs']!.length
  const weight = workOf(sizes)
  const order = shuffled(count, seed)
  const batches: number[][][] = []
  for (const group of Object.keys(sizes).some(isLongest)
    ? groupsOfLikeSize(order, weight, batch, seed)
    : runsOf(order, batch)) {
    const members = group.toSorted((a, b) => weight[b]! - weight[a]!)
    const shards: number[][] = Array.from({ length: Math.min(workers, members.length) }, () => [])
    // Dealt forth and back, largest first, so that the workers finish at about the same time.
    members.forEach((molecule, index) => {
      const round = Math.floor(index / shards.length)
      const place = index % shards.length
      shards[round % 2 === 0 ? place : shards.length - 1 - place]!.push(molecule)
    })
    batches.push(shards)
  }
  return batches
}

function runsOf(order: readonly number[], length: number): number[][] {
  return Array.from({ length: Math.ceil(order.length / length) }, (_, run) =>
    order.slice(run * length, (run + 1) * length),
  )
}

/** Batches of molecules of like size, in random order; who is with whom changes from epoch to epoch. */
function groupsOfLikeSize(
  order: readonly number[],
  weight: Float64Array,
  batch: number,
  seed: number,
): number[][] {
  const groups = runsOf(order, POOL * batch).flatMap((pool) =>
    runsOf(
      pool.toSorted((a, b) => weight[a]! - weight[b]!),
      batch,
    ),
  )
  return shuffled(groups.length, seed).map((index) => groups[index]!)
}

/** How long a molecule takes, roughly: the sum of its sizes. */
function workOf(sizes: AxisSizes): Float64Array {
  const columns = Object.values(sizes)
  return Float64Array.from(columns[0]!, (_, molecule) =>
    columns.reduce((sum, column) => sum + column[molecule]!, 0),
  )
}

/**
 * The few shapes to which batches are padded. Sampled groups are sorted by work and cut where the least is
 * padded; a bucket is as large as the largest group of its part, on every axis. The last bucket holds the largest group there can be, so that no other shape
 * ever appears and a resumed run pads as the uninterrupted one did.
 */
export class Buckets {
  readonly #levels: Bucket[]
  readonly #used = new Set<string>()
  #real = 0
  #padded = 0

  private constructor(levels: Bucket[]) {
    this.#levels = levels
  }

  /** Buckets for groups of molecules, which are samples of the batches to come. */
  static from(sizes: AxisSizes, groups: readonly (readonly number[])[]): Buckets {
    const totals = groups.map((group) => totalSizes(sizes, group))
    totals.sort((a, b) => volume(a) - volume(b))
    const levels = leastPadding(totals, MAXIMUM_BUCKETS - 1)
    const members = groups.reduce((most, group) => Math.max(most, group.length), 0)
    levels.push(worstCase(sizes, members))
    return new Buckets(levels)
  }

  /**
   * The smallest bucket that holds these molecules.
   * @throws ModelError for more molecules than any sampled group had.
   */
  bucketFor(sizes: AxisSizes, molecules: readonly number[]): Bucket {
    const needed = totalSizes(sizes, molecules)
    const bucket = this.#levels.find((level) =>
      Object.entries(needed).every(([axis, length]) => length <= level[axis]!),
    )
    if (!bucket) {
      throw new ModelError(
        `a batch of ${molecules.length} molecules does not fit the largest shape. Make batches no larger than those sampled.`,
      )
    }
    this.#used.add(Object.values(bucket).join())
    this.#real += volume(needed)
    this.#padded += volume(bucket)
    return bucket
  }

  /** Share of all rows handed out so far that is padding. */
  get padding(): number {
    return this.#padded > 0 ? 1 - this.#real / this.#padded : 0
  }

  /** Number of different shapes handed out so far. */
  get used(): number {
    return this.#used.size
  }

  /** The shapes chosen beforehand, smallest first. */
  get levels(): readonly Bucket[] {
    return this.#levels
  }
}

/** Whether an axis has the length of the longest molecule, not the sum over all, by its name. */
export function isLongest(axis: string): boolean {
  return axis.startsWith('longest')
}

/** Length of an axis for molecules of these sizes: their sum and a dead row, or the largest of them. */
function lengthOf(axis: string, sizes: ArrayLike<number>): number {
  const list = Array.from(sizes)
  return isLongest(axis)
    ? list.reduce((most, size) => Math.max(most, size), 1)
    : list.reduce((sum, size) => sum + size, 1)
}

/** Rows that a batch needs, one dead row on each flat axis included. */
export function totalSizes(sizes: AxisSizes, molecules: readonly number[]): Bucket {
  const axes = Object.entries(sizes).map(([axis, column]): [string, number] => [
    axis,
    lengthOf(
      axis,
      molecules.map((molecule) => column[molecule]!),
    ),
  ])
  return { molecules: molecules.length + 1, ...Object.fromEntries(axes) } as Bucket
}

/** Rows of a bucket on all axes; an axis of the longest molecule stands there once for each molecule. */
export function volume(bucket: Bucket): number {
  return Object.entries(bucket).reduce(
    (sum, [axis, length]) => sum + (isLongest(axis) ? bucket.molecules * length : length),
    0,
  )
}

/**
 * The buckets of at most so many parts into which groups, sorted by volume, are cut so that they take up the least rows. Cuts
 * are tried at evenly spaced places; the best cuts of few parts make those of more (dynamic programming).
 */
function leastPadding(totals: readonly Bucket[], parts: number): Bucket[] {
  const count = Math.min(MOST_CUTS, totals.length)
  const ends = Array.from({ length: count }, (_, k) =>
    Math.floor((totals.length * (k + 1)) / count),
  )
  const levels: Bucket[] = []
  for (const [k, end] of ends.entries()) {
    const level = totals.slice(ends[k - 1] ?? 0, end).reduce(largerOf)
    const previous = levels.at(-1)
    levels.push(previous ? largerOf(previous, level) : level)
  }
  const volumes = levels.map(volume)
  // For the groups up to each end: the rows that they take up, and where their parts end.
  let best = ends.map((end, k) => ({ rows: end * volumes[k]!, cuts: [k] }))
  for (let part = 1; part < parts; part++) {
    const fewer = best
    best = fewer.map((least, k) => {
      for (let cut = 0; cut < k; cut++) {
        const rows = fewer[cut]!.rows + (ends[k]! - ends[cut]!) * volumes[k]!
        if (rows < least.rows) least = { rows, cuts: [...fewer[cut]!.cuts, k] }
      }
      return least
    })
  }
  return (best.at(-1)?.cuts ?? []).map((k) => levels[k]!)
}

function largerOf(one: Bucket, other: Bucket): Bucket {
  return Object.fromEntries(
    Object.entries(one).map(([axis, length]) => [axis, Math.max(length, other[axis]!)]),
  ) as unknown as Bucket
}

/** Room for the largest group of so many molecules. */
export function worstCase(sizes: AxisSizes, members: number): Bucket {
  const axes = Object.entries(sizes).map(([axis, column]): [string, number] => {
    const largest = column.toSorted((a, b) => b - a).subarray(0, members)
    return [axis, lengthOf(axis, largest)]
  })
  return { molecules: members + 1, ...Object.fromEntries(axes) } as Bucket
}
