import { describe, expect, test } from 'vitest'
import { binFeatures } from '../src/Bins.ts'
import { fitTrees, type TreeOptions } from '../src/fitTrees.ts'
import { predictTrees, treeArrays, treesOf } from '../src/Trees.ts'

const options: TreeOptions = {
  rounds: 200,
  leaves: 8,
  learningRate: 0.1,
  minimumRows: 2,
  featureShare: 1,
  bins: 64,
  seed: 3,
}

/** Two features on a grid, and a third that means nothing. */
const rows = Array.from({ length: 400 }, (_, row) => [
  (row % 20) / 20,
  Math.floor(row / 20) / 20,
  Math.sin(row * 91.7),
])
const features = Float32Array.from(rows.flat())
const error = (predicted: Float32Array, targets: readonly number[]): number =>
  targets.reduce((sum, target, row) => sum + Math.abs(target - predicted[row]!), 0) / targets.length

describe('fitTrees', () => {
  test('learns a step exactly', () => {
    const targets = rows.map(([x]) => (x! > 0.475 ? 5 : -3))
    const predicted = predictTrees(fitTrees(features, 3, targets, options), features, 3)
    expect(error(predicted, targets)).toBeLessThan(1e-5)
  })

  test('learns a product of two features, which no sum of one-feature curves can', () => {
    const targets = rows.map(([x, y]) => Math.sin(4 * x!) * Math.cos(3 * y!))
    const predicted = predictTrees(fitTrees(features, 3, targets, options), features, 3)
    expect(error(predicted, targets)).toBeLessThan(0.03)
  })

  test('one absurd label moves its neighbours little', () => {
    const clean = rows.map(([x]) => (x! > 0.475 ? 5 : -3))
    const dirty = clean.map((target, row) => (row === 137 ? 1e6 : target))
    const few = { ...options, minimumRows: 10 }
    const predicted = predictTrees(fitTrees(features, 3, dirty, few), features, 3)
    predicted.forEach((value, row) => {
      expect(Math.abs(value - clean[row]!)).toBeLessThan(0.5)
    })
  })

  test('more rounds never fit the training rows worse by much, and equal seeds give equal trees', () => {
    const targets = rows.map(([x, y]) => x! ** 2 + y!)
    const some = fitTrees(features, 3, targets, { ...options, rounds: 20 })
    const more = fitTrees(features, 3, targets, options)
    expect(error(predictTrees(more, features, 3), targets)).toBeLessThan(
      error(predictTrees(some, features, 3), targets),
    )
    expect(fitTrees(features, 3, targets, options)).toEqual(more)
  })

  test('keeps to the number of leaves and the rows of a leaf', () => {
    const targets = rows.map(([x, y]) => Math.sin(9 * x! * y!))
    const small = { ...options, leaves: 5, minimumRows: 40, rounds: 3 }
    const trees = fitTrees(features, 3, targets, small)
    const ends = [...trees.roots.slice(1), trees.features.length]
    trees.roots.forEach((root, tree) => {
      const leaves = trees.features.subarray(root, ends[tree]).filter((feature) => feature < 0)
      expect(leaves.length).toBeLessThanOrEqual(5)
    })
    // Rows in each leaf of the first tree.
    const counts = new Map<number, number>()
    for (const row of rows) {
      let node = trees.roots[0]!
      while (trees.features[node]! >= 0) {
        const left = row[trees.features[node]!]! <= trees.thresholds[node]!
        node = (left ? trees.lefts : trees.rights)[node]!
      }
      counts.set(node, (counts.get(node) ?? 0) + 1)
    }
    for (const count of counts.values()) expect(count).toBeGreaterThanOrEqual(40)
  })

  test('constant labels need no tree', () => {
    const predicted = predictTrees(
      fitTrees(
        features,
        3,
        rows.map(() => 7),
        options,
      ),
      features,
      3,
    )
    expect(predicted.every((value) => value === 7)).toBe(true)
  })
})

test('bins keep the order of values, and equal values together', () => {
  const values = Float32Array.of(3, 1, 2, 2, 2, 9, -4, 2)
  const { codes, edges } = binFeatures(values, 1, 8)
  const order = [...values.keys()].toSorted((one, other) => values[one]! - values[other]!)
  const sorted = order.map((row) => codes[row]!)
  expect(sorted).toEqual(sorted.toSorted((one, other) => one - other))
  const twos = [...values.keys()].filter((row) => values[row] === 2)
  expect(new Set(twos.map((row) => codes[row])).size).toBe(1)
  expect(edges[0]!.length).toBeLessThan(8)
})

test('trees survive a checkpoint', () => {
  const trees = fitTrees(
    features,
    3,
    rows.map(([x]) => x!),
    { ...options, rounds: 4 },
  )
  const again = treesOf(treeArrays(trees, 'a/b'), 'a/b')!
  expect(predictTrees(again, features, 3)).toEqual(predictTrees(trees, features, 3))
  expect(treesOf({}, 'a/b')).toBeUndefined()
})
