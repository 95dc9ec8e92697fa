import { EvalError } from '../EvalError.ts'
import { randomGenerator, type RandomGenerator } from '../randomGenerator.ts'
import { MAE_FLOOR, TYPE_COUNT } from '../score.ts'
import type { BlendData } from './blend.ts'

/**
 * How weights are searched for. `softmax`: as in 2021, the logits of a softmax by Adam. `pairwise`: weight is moved between the two
 * entries that gain most by it, by exact line search, until no move helps.
 */
export type WeightSearch = 'softmax' | 'pairwise'

/** Adam as in 2021: learning rate, passes, batches of a pass, and how many last passes are averaged. */
const RATE = 0.32
const PASSES = 200
const BATCHES = 10
const AVERAGED = 50
const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8]

/** Moves of weight at most, steps of a line search, and the gain below which the search ends. */
const MOST_MOVES = 400
const LINE_STEPS = 40
const LEAST_GAIN = 1e-9

/**
 * Weights of entries, none negative and 1 in sum, that minimise the competition's metric itself over some pairs: the mean
 * over the present types of ln(MAE).
 *
 * @param rows the pairs to fit to; of one type alone, they give weights for that type.
 * @param seed of the order of the batches of `softmax`.
 * @returns `[entries]`.
 * @throws EvalError without pairs.
 */
export function fitWeights(
  data: BlendData,
  rows: Uint32Array,
  search: WeightSearch,
  seed: number,
): Float64Array {
  if (rows.length === 0) {
    throw new EvalError(
      'There is no pair to fit the weights of an ensemble to. Give more molecules.',
    )
  }
  if (data.predictions.length === 1) return Float64Array.of(1)
  return search === 'softmax' ? fitSoftmax(data, rows, seed) : fitPairwise(data, rows)
}

function fitSoftmax(data: BlendData, rows: Uint32Array, seed: number): Float64Array {
  const entries = data.predictions.length
  const random = randomGenerator(seed)
  const logits = new Float64Array(entries)
  const average = new Float64Array(entries)
  const first = new Float64Array(entries)
  const second = new Float64Array(entries)
  const order = rows.slice()
  const size = Math.ceil(rows.length / BATCHES)
  let step = 0
  for (let pass = 0; pass < PASSES; pass++) {
    shuffle(order, random)
    for (let start = 0; start < order.length; start += size) {
      const weights = softmax(logits)
      const { gradient } = metric(data, order.subarray(start, start + size), weights)
      const centre = gradient.reduce((sum, value, entry) => sum + value * weights[entry]!, 0)
      step++
      for (let entry = 0; entry < entries; entry++) {
        // Of the metric by the logit: w (g - sum w g).
        const slope = weights[entry]! * (gradient[entry]! - centre)
        first[entry] = BETA_1 * first[entry]! + (1 - BETA_1) * slope
        second[entry] = BETA_2 * second[entry]! + (1 - BETA_2) * slope * slope
        const mean = first[entry]! / (1 - BETA_1 ** step)
        const square = second[entry]! / (1 - BETA_2 ** step)
        logits[entry]! -= (RATE * mean) / (Math.sqrt(square) + EPSILON)
      }
    }
    if (pass < PASSES - AVERAGED) continue
    for (let entry = 0; entry < entries; entry++) average[entry]! += logits[entry]! / AVERAGED
  }
  return softmax(average)
}

function fitPairwise(data: BlendData, rows: Uint32Array): Float64Array {
  const entries = data.predictions.length
  const weights = new Float64Array(entries).fill(1 / entries)
  const residuals = Float64Array.from(rows, (row) => {
    const mean = data.predictions.reduce((sum, values) => sum + values[row]! / entries, 0)
    return mean - data.couplings[row]!
  })
  const difference = new Float64Array(rows.length)
  for (let move = 0; move < MOST_MOVES; move++) {
    const { value, gradient } = metric(data, rows, weights)
    const to = gradient.indexOf(Math.min(...gradient))
    const from = gradient.reduce(
      (worst, slope, entry) =>
        weights[entry]! > 0 && (worst < 0 || slope > gradient[worst]!) ? entry : worst,
      -1,
    )
    if (from === to) break
    for (const [place, row] of rows.entries()) {
      difference[place] = data.predictions[to]![row]! - data.predictions[from]![row]!
    }
    const along = (moved: number): number => metricAlong(data, rows, residuals, difference, moved)
    const moved = minimise(along, weights[from]!)
    if (value - along(moved) < LEAST_GAIN) break
    weights[to]! += moved
    // The whole weight leaves exactly nothing.
    weights[from] = moved === weights[from] ? 0 : weights[from]! - moved
    for (const place of rows.keys()) residuals[place]! += moved * difference[place]!
  }
  return weights
}

/** Golden-section search for the least value between 0 and `most`, the ends included. */
function minimise(value: (at: number) => number, most: number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let [low, high] = [0, most]
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)]
  let [atLeft, atRight] = [value(left), value(right)]
  for (let step = 0; step < LINE_STEPS; step++) {
    if (atLeft < atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - golden * (high - low)
      atLeft = value(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + golden * (high - low)
      atRight = value(right)
    }
  }
  const middle = (low + high) / 2
  return value(most) <= value(middle) ? most : middle
}

/** The metric of a blend over some pairs, and its gradient by the weights. */
function metric(data: BlendData, rows: Uint32Array, weights: Float64Array) {
  const { predictions, couplings, types } = data
  const sums = new Float64Array(TYPE_COUNT)
  const counts = new Float64Array(TYPE_COUNT)
  const slopes = predictions.map(() => new Float64Array(TYPE_COUNT))
  for (const row of rows) {
    let error = -couplings[row]!
    for (let entry = 0; entry < weights.length; entry++) {
      error += weights[entry]! * predictions[entry]![row]!
    }
    const type = types[row]!
    sums[type]! += Math.abs(error)
    counts[type]! += 1
    const sign = Math.sign(error)
    for (let entry = 0; entry < weights.length; entry++) {
      slopes[entry]![type]! += sign * predictions[entry]![row]!
    }
  }
  const present = counts.filter((count) => count > 0).length
  const gradient = Float64Array.from(slopes, (slope) => {
    let sum = 0
    for (let type = 0; type < TYPE_COUNT; type++) {
      if (sums[type]! > MAE_FLOOR * counts[type]!) sum += slope[type]! / sums[type]!
    }
    return sum / present
  })
  return { value: meanLog(sums, counts), gradient }
}

/** The metric after weight was moved. */
function metricAlong(
  { types }: BlendData,
  rows: Uint32Array,
  residuals: Float64Array,
  difference: Float64Array,
  moved: number,
): number {
  const sums = new Float64Array(TYPE_COUNT)
  const counts = new Float64Array(TYPE_COUNT)
  for (let place = 0; place < rows.length; place++) {
    const type = types[rows[place]!]!
    sums[type]! += Math.abs(residuals[place]! + moved * difference[place]!)
    counts[type]! += 1
  }
  return meanLog(sums, counts)
}

function meanLog(sums: Float64Array, counts: Float64Array): number {
  let sum = 0
  let present = 0
  for (let type = 0; type < TYPE_COUNT; type++) {
    if (counts[type] === 0) continue
    sum += Math.log(Math.max(sums[type]! / counts[type]!, MAE_FLOOR))
    present++
  }
  return sum / present
}

function softmax(logits: Float64Array): Float64Array {
  const top = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - top))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

function shuffle(values: Uint32Array, random: RandomGenerator): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random.next() * (last + 1))
    ;[values[last], values[other]] = [values[other]!, values[last]!]
  }
}
