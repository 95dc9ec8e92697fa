import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { mersenne } from 'pure-rand/generator/mersenne'
import { binFeatures, type Bins } from './Bins.ts'
import type { Trees } from './Trees.ts'

/** How trees are grown. */
export interface TreeOptions {
  /** Number of trees. */
  readonly rounds: number
  /** Most leaves of a tree; the leaf whose split gains most is split next. */
  readonly leaves: number
  /** Share of each tree's step that is taken. */
  readonly learningRate: number
  /** Fewest rows of a leaf. */
  readonly minimumRows: number
  /** Share of the features that a tree may ask for, drawn anew for each. */
  readonly featureShare: number
  /** Most bins of a feature, at most 256. */
  readonly bins: number
  /** Seed of the drawing. */
  readonly seed: number
}

/**
 * Gradient boosting for the mean absolute error (Friedman 2001, Annals of Statistics 29, 1189): every tree is grown on the
 * residuals of the sum so far, by histograms (Ke et al. 2017), and a leaf adds the median of its rows' residuals.
 *
 * The splits are those of least squares on the residuals, held to three times their mean absolute value, so that single
 * outliers do not decide.
 * @param features `[rows, columns]`, row by row, finite.
 * @param targets `[rows]`.
 */
export function fitTrees(
  features: Float32Array,
  columns: number,
  targets: ArrayLike<number>,
  options: TreeOptions,
): Trees {
  const bins = binFeatures(features, columns, options.bins)
  const start = median(Float64Array.from(targets))
  const residuals = Float64Array.from(targets, (target) => target - start)
  const nodes = new Nodes()
  const roots: number[] = []
  const generator = mersenne(options.seed)
  const chosen = Array.from({ length: columns }, (_, column) => column)
  const count = Math.max(1, Math.round(options.featureShare * columns))
  const space = new Workspace(residuals.length, count, bins.most, options.leaves)
  for (let round = 0; round < options.rounds; round++) {
    for (let place = 0; place < count; place++) {
      const other = uniformInt(generator, place, columns - 1)
      ;[chosen[place], chosen[other]] = [chosen[other]!, chosen[place]!]
    }
    roots.push(growTree(nodes, bins, residuals, chosen.slice(0, count), space, options))
  }
  return { ...nodes.columns(), roots: Int32Array.from(roots), start: Float32Array.of(start) }
}

/** Memory that every tree uses anew: to allocate it would take longer than to fill it. */
class Workspace {
  /** All rows; those of a leaf stand together. */
  readonly order: Int32Array
  readonly spare: Int32Array
  /** Bins of the chosen features, row by row, `[rows, chosen]`: leaves hold scattered rows. */
  readonly codes: Uint8Array
  readonly values: Float64Array
  readonly #histograms: readonly Float64Array[]
  #taken = 0

  constructor(rows: number, chosen: number, bins: number, leaves: number) {
    this.order = new Int32Array(rows)
    this.spare = new Int32Array(rows)
    this.codes = new Uint8Array(rows * chosen)
    this.values = new Float64Array(rows)
    // The root's, and one more for every split.
    this.#histograms = Array.from({ length: leaves }, () => new Float64Array(2 * bins * chosen))
  }

  /** For a new tree. */
  clear(): void {
    for (let row = 0; row < this.order.length; row++) this.order[row] = row
    this.#taken = 0
  }

  /** A histogram of zeros, `[chosen, bins, 2]`. */
  takeHistogram(): Float64Array {
    return this.#histograms[this.#taken++]!.fill(0)
  }
}

/** A leaf that may still be split. */
interface Leaf {
  readonly node: number
  /** Its part of the order of rows. */
  readonly rows: Int32Array
  readonly histogram: Float64Array
  readonly split: Split | undefined
}

interface Split {
  readonly gain: number
  readonly feature: number
  /** Last bin that goes left. */
  readonly bin: number
}

/** Grows one tree, takes its step off the residuals, and returns its root. */
function growTree(
  nodes: Nodes,
  bins: Bins,
  residuals: Float64Array,
  chosen: readonly number[],
  space: Workspace,
  options: TreeOptions,
): number {
  const steps = wholeSteps(residuals)
  space.clear()
  copyRowwise(space.codes, bins, chosen)
  const histogramOf = (rows: Int32Array): Float64Array => {
    const histogram = space.takeHistogram()
    addRows(histogram, 2 * bins.most, space.codes, rows, steps, chosen.length)
    return histogram
  }
  const leafOf = (node: number, rows: Int32Array, histogram: Float64Array): Leaf => {
    const split = bestSplit(bins, histogram, rows.length, chosen, options)
    return { node, rows, histogram, split }
  }
  const root = nodes.add()
  const leaves = [leafOf(root, space.order, histogramOf(space.order))]
  while (leaves.length < options.leaves) {
    const best = leaves.reduce((one, other) =>
      (other.split?.gain ?? 0) > (one.split?.gain ?? 0) ? other : one,
    )
    if (!best.split) break
    const { feature, bin } = best.split
    const [left, right] = [nodes.add(), nodes.add()]
    nodes.split(best.node, feature, bins.edges[feature]![bin]!, left, right)
    const middle = partition(best.rows, codesOf(bins, feature), bin, space.spare)
    const [before, after] = [best.rows.subarray(0, middle), best.rows.subarray(middle)]
    // What the smaller part does not hold lies in the other (Ke et al. 2017): only one of both is counted.
    const small = before.length < after.length ? before : after
    const counted = histogramOf(small)
    subtract(best.histogram, counted)
    leaves.splice(
      leaves.indexOf(best),
      1,
      leafOf(left, before, before === small ? counted : best.histogram),
      leafOf(right, after, after === small ? counted : best.histogram),
    )
  }
  for (const { node, rows } of leaves) {
    const values = space.values.subarray(0, rows.length)
    rows.forEach((row, place) => {
      values[place] = residuals[row]!
    })
    const step = Math.fround(options.learningRate * median(values))
    nodes.setValue(node, step)
    for (const row of rows) residuals[row]! -= step
  }
  return root
}

/** Bin of every row for one feature, `[rows]`. */
function codesOf({ codes, edges }: Bins, feature: number): Uint8Array {
  const rowCount = codes.length / edges.length
  return codes.subarray(feature * rowCount, (feature + 1) * rowCount)
}

function copyRowwise(target: Uint8Array, bins: Bins, chosen: readonly number[]): void {
  for (const [place, feature] of chosen.entries()) {
    const codes = codesOf(bins, feature)
    let at = place
    for (let row = 0; row < codes.length; row++) {
      target[at] = codes[row]!
      at += chosen.length
    }
  }
}

/** Brings the rows up to a bin of a feature to the front, both parts in their order; returns how many they are. */
function partition(rows: Int32Array, codes: Uint8Array, bin: number, spare: Int32Array): number {
  let low = 0
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!
    if (codes[row]! <= bin) rows[low++] = row
    else spare[place - low] = row
  }
  rows.set(spare.subarray(0, rows.length - low), low)
  return low
}

/** Adds the steps and the number of some rows to the bins of each chosen feature. */
function addRows(
  histogram: Float64Array,
  stride: number,
  codes: Uint8Array,
  rows: Int32Array,
  steps: Float64Array,
  width: number,
): void {
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place]!
    const step = steps[row]!
    let start = 0
    for (let at = row * width; at < (row + 1) * width; at++) {
      const cell = start + 2 * codes[at]!
      histogram[cell]! += step
      histogram[cell + 1]! += 1
      start += stride
    }
  }
}

function subtract(histogram: Float64Array, part: Float64Array): void {
  for (let cell = 0; cell < histogram.length; cell++) histogram[cell]! -= part[cell]!
}

/** The split of a leaf's rows that lowers the squared error most; nothing where none does. */
function bestSplit(
  { edges, most }: Bins,
  histogram: Float64Array,
  rowCount: number,
  chosen: readonly number[],
  { minimumRows }: TreeOptions,
): Split | undefined {
  if (rowCount < 2 * minimumRows) return undefined
  let best: Split | undefined
  for (const [index, feature] of chosen.entries()) {
    const cuts = edges[feature]!.length
    if (cuts === 0) continue
    const own = histogram.subarray(2 * most * index, 2 * most * (index + 1))
    let total = 0
    for (let bin = 0; bin <= cuts; bin++) total += own[2 * bin]!
    const before = total ** 2 / rowCount
    let [sum, count] = [0, 0]
    for (let bin = 0; bin < cuts; bin++) {
      sum += own[2 * bin]!
      count += own[2 * bin + 1]!
      const rest = rowCount - count
      if (count < minimumRows) continue
      if (rest < minimumRows) break
      const gain = sum ** 2 / count + (total - sum) ** 2 / rest - before
      if (gain > (best?.gain ?? LEAST_GAIN * (1 + before))) best = { gain, feature, bin }
    }
  }
  return best
}

/** Share of what is there below which rounding alone may have made a gain. */
const LEAST_GAIN = 1e-9

/**
 * The residuals, held to three times their mean absolute value, as whole numbers of that bound's millionth part or so: sums of whole
 * numbers are exact in any order, so that equal splits stay equal.
 */
function wholeSteps(residuals: Float64Array): Float64Array {
  const bound = (3 * residuals.reduce((sum, value) => sum + Math.abs(value), 0)) / residuals.length
  if (bound === 0) return residuals
  return residuals.map((value) => {
    return Math.round((STEPS / bound) * Math.max(-bound, Math.min(bound, value)))
  })
}

/** Whole numbers up to the bound of a residual. */
const STEPS = 2 ** 20

/** The middle of the values; the mean of the two in the middle where their number is even. The values are sorted in place. */
function median(values: Float64Array): number {
  values.sort()
  const middle = values.length / 2
  return Number.isInteger(middle)
    ? (values[middle - 1]! + values[middle]!) / 2
    : values[Math.floor(middle)]!
}

/** Nodes of all trees while they grow. */
class Nodes {
  readonly #features: number[] = []
  readonly #thresholds: number[] = []
  readonly #lefts: number[] = []
  readonly #rights: number[] = []
  readonly #values: number[] = []

  /** A new leaf. */
  add(): number {
    this.#features.push(-1)
    this.#thresholds.push(0)
    this.#lefts.push(0)
    this.#rights.push(0)
    return this.#values.push(0) - 1
  }

  split(node: number, feature: number, threshold: number, left: number, right: number): void {
    this.#features[node] = feature
    this.#thresholds[node] = threshold
    this.#lefts[node] = left
    this.#rights[node] = right
  }

  setValue(node: number, value: number): void {
    this.#values[node] = value
  }

  columns(): Omit<Trees, 'roots' | 'start'> {
    return {
      features: Int32Array.from(this.#features),
      thresholds: Float32Array.from(this.#thresholds),
      lefts: Int32Array.from(this.#lefts),
      rights: Int32Array.from(this.#rights),
      values: Float32Array.from(this.#values),
    }
  }
}
