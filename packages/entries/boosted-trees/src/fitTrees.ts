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
  for (let round = 0; round < options.rounds; round++) {
    for (let place = 0; place < count; place++) {
      const other = uniformInt(generator, place, columns - 1)
      ;[chosen[place], chosen[other]] = [chosen[other]!, chosen[place]!]
    }
    roots.push(growTree(nodes, bins, residuals, chosen.slice(0, count), options))
  }
  return { ...nodes.columns(), roots: Int32Array.from(roots), start: Float32Array.of(start) }
}

/** A leaf that may still be split. */
interface Leaf {
  readonly node: number
  readonly rows: Int32Array
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
  options: TreeOptions,
): number {
  const rowCount = residuals.length
  const steps = clipped(residuals)
  const leafOf = (node: number, rows: Int32Array): Leaf => ({
    node,
    rows,
    split: bestSplit(bins, rowCount, rows, steps, chosen, options),
  })
  const root = nodes.add()
  let leaves = [
    leafOf(
      root,
      Int32Array.from({ length: rowCount }, (_, row) => row),
    ),
  ]
  while (leaves.length < options.leaves) {
    const best = leaves.reduce((one, other) =>
      (other.split?.gain ?? 0) > (one.split?.gain ?? 0) ? other : one,
    )
    if (!best.split) break
    const { feature, bin } = best.split
    const goesLeft = (row: number): boolean => bins.codes[feature * rowCount + row]! <= bin
    const [left, right] = [nodes.add(), nodes.add()]
    nodes.split(best.node, feature, bins.edges[feature]![bin]!, left, right)
    leaves = [
      ...leaves.filter((leaf) => leaf !== best),
      leafOf(left, best.rows.filter(goesLeft)),
      leafOf(
        right,
        best.rows.filter((row) => !goesLeft(row)),
      ),
    ]
  }
  for (const { node, rows } of leaves) {
    const own = Float64Array.from(rows, (row) => residuals[row]!)
    const step = Math.fround(options.learningRate * median(own))
    nodes.setValue(node, step)
    for (const row of rows) residuals[row]! -= step
  }
  return root
}

/** The split of these rows that lowers the squared error most; nothing where none does. */
function bestSplit(
  { codes, edges }: Bins,
  rowCount: number,
  rows: Int32Array,
  steps: Float64Array,
  chosen: readonly number[],
  { minimumRows }: TreeOptions,
): Split | undefined {
  if (rows.length < 2 * minimumRows) return undefined
  const total = rows.reduce((sum, row) => sum + steps[row]!, 0)
  const before = total ** 2 / rows.length
  let best: Split | undefined
  const sums = new Float64Array(256)
  const counts = new Int32Array(256)
  for (const feature of chosen) {
    const cuts = edges[feature]!.length
    if (cuts === 0) continue
    sums.fill(0, 0, cuts + 1)
    counts.fill(0, 0, cuts + 1)
    const offset = feature * rowCount
    for (const row of rows) {
      const bin = codes[offset + row]!
      sums[bin]! += steps[row]!
      counts[bin]! += 1
    }
    let [sum, count] = [0, 0]
    for (let bin = 0; bin < cuts; bin++) {
      sum += sums[bin]!
      count += counts[bin]!
      const rest = rows.length - count
      if (count < minimumRows) continue
      if (rest < minimumRows) break
      const gain = sum ** 2 / count + (total - sum) ** 2 / rest - before
      if (gain > (best?.gain ?? 1e-12)) best = { gain, feature, bin }
    }
  }
  return best
}

function clipped(residuals: Float64Array): Float64Array {
  const bound = (3 * residuals.reduce((sum, value) => sum + Math.abs(value), 0)) / residuals.length
  return residuals.map((value) => Math.max(-bound, Math.min(bound, value)))
}

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
