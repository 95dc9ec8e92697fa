/**
 * Gradient-boosted trees on geometric features, after the public kernels of the 2019 CHAMPS competition. Boosting: Friedman, Annals of
 * Statistics 29 (2001); trees by histograms: Ke et al., NeurIPS 2017; symmetry functions: Behler and Parrinello, Physical Review
 * Letters 98 (2007).
 *
 * 1. A pair is described by its distance, the bond lengths, angles and dihedral angle of its path and, for every atom of the path,
 *    element, neighbours, distances to the nearest atoms of each element and radial symmetry functions.
 * 2. A pair of two hydrogens has no first one: it is described from both ends, and its two predictions are averaged.
 * 3. Every coupling type has trees of its own. A tree is grown on what the sum of those before it leaves, and adds in each leaf a share
 *    of the median of the rest.
 * 4. First stage: trees predict the Fermi contact part. A training molecule gets it from trees that have not seen its constitution, as
 *    a new one will. Where the labels have no contributions there is no first stage.
 * 5. Second stage: trees predict the coupling from the description and the first stage's prediction.
 */
import { COUPLING_TYPES, foldKey, type MoleculeTable } from '@couplet/data'
import { parseEntry, typeScale, type Fitted, type FittedModel } from '@couplet/model'
import entry from './entry.json' with { type: 'json' }
import { fitTrees, type TreeOptions } from './fitTrees.ts'
import { PAIR_VALUES, pairDescriptors, type PairDescriptors } from './pairDescriptors.ts'
import { predictTrees, treeArrays, treesOf, type Trees } from './Trees.ts'

/** Hyperparameters; those of the trees are described in `fitTrees.ts`. */
export interface BoostedTreesConfig extends Readonly<Record<string, number>> {
  readonly rounds: number
  readonly leaves: number
  readonly learningRate: number
  readonly minimumRows: number
  readonly featureShare: number
  readonly bins: number
  /** Parts of the training molecules of which each gets its Fermi contact part from trees of the others. */
  readonly innerFolds: number
}

/** Gradient-boosted trees on geometric features in two stages, after the public kernels of the 2019 CHAMPS competition. */
export const boostedTrees: FittedModel<BoostedTreesConfig> = {
  specVersion: 'v1',
  kind: 'fitted',
  entry: parseEntry(entry),
  published: {
    rounds: 1500,
    leaves: 128,
    learningRate: 0.05,
    minimumRows: 20,
    featureShare: 0.7,
    bins: 256,
    innerFolds: 5,
  },
  small: { rounds: 1000, leaves: 24, minimumRows: 5, featureShare: 0.5, bins: 64, innerFolds: 2 },
  tiny: { rounds: 30, leaves: 4, learningRate: 0.2, minimumRows: 1, bins: 16, innerFolds: 2 },
  prepare: (train) => ({ scale: typeScale(train) }),
  fit(train, _state, config) {
    const descriptors = pairDescriptors(train)
    const parts = innerParts(train, config.innerFolds)
    const arrays = COUPLING_TYPES.map((name, type) =>
      fitType(train, descriptors[type]!, parts, config, name.toLowerCase()),
    )
    return Object.assign({}, ...arrays) as Fitted
  },
  predict(fitted, molecules, { scale }) {
    const descriptors = pairDescriptors(molecules)
    const sums = new Float64Array(molecules.pairTypes.length)
    const counts = new Uint8Array(molecules.pairTypes.length)
    COUPLING_TYPES.forEach((name, type) => {
      const prefix = name.toLowerCase()
      const trees = treesOf(fitted, `${prefix}/coupling`)
      if (!trees) return
      const { values, pairs } = descriptors[type]!
      const contact = treesOf(fitted, `${prefix}/contact`)
      const first = contact ? predictTrees(contact, values, PAIR_VALUES) : undefined
      const predicted = predictTrees(trees, withColumn(values, first), widthOf(first))
      pairs.forEach((pair, row) => {
        sums[pair]! += predicted[row]!
        counts[pair]! += 1
      })
    })
    return Float32Array.from(molecules.pairTypes, (type, pair) =>
      counts[pair]! > 0 ? sums[pair]! / counts[pair]! : scale.mean[type]!,
    )
  },
}

/** Steps 3 to 5 for one type; nothing where the training molecules have no pair of it. */
function fitType(
  train: MoleculeTable,
  { values, pairs }: PairDescriptors,
  parts: Uint8Array,
  config: BoostedTreesConfig,
  prefix: string,
): Fitted {
  if (pairs.length === 0) return {}
  const options: TreeOptions = { ...config, seed: 1 }
  const contact = Array.from(pairs, (pair) => train.contributions?.[4 * pair] ?? Number.NaN)
  let first: Float32Array | undefined
  let arrays: Fitted = {}
  if (contact.every((value) => !Number.isNaN(value))) {
    const fitContact = (places: readonly number[]): Trees =>
      fitTrees(
        rowsAt(values, places),
        PAIR_VALUES,
        places.map((place) => contact[place]!),
        options,
      )
    first = outOfPart(
      values,
      Array.from(pairs, (pair) => parts[pair]!),
      fitContact,
    )
    arrays = treeArrays(fitContact([...pairs.keys()]), `${prefix}/contact`)
  }
  const couplings = Array.from(pairs, (pair) => train.couplings![pair]!)
  const trees = fitTrees(withColumn(values, first), widthOf(first), couplings, options)
  return { ...arrays, ...treeArrays(trees, `${prefix}/coupling`) }
}

/** Step 4: prediction of every row by trees that were fitted to the rows of all other parts; where there are none, by all rows. */
function outOfPart(
  values: Float32Array,
  parts: readonly number[],
  fitRows: (places: readonly number[]) => Trees,
): Float32Array {
  const result = new Float32Array(parts.length)
  for (const part of new Set(parts)) {
    const places = [...parts.keys()]
    const others = places.filter((place) => parts[place] !== part)
    const own = places.filter((place) => parts[place] === part)
    const trees = fitRows(others.length > 0 ? others : places)
    predictTrees(trees, rowsAt(values, own), PAIR_VALUES).forEach((value, index) => {
      result[own[index]!] = value
    })
  }
  return result
}

/** Part of every pair: molecules of one constitution share a part. */
function innerParts(train: MoleculeTable, count: number): Uint8Array {
  const parts = new Uint8Array(train.pairTypes.length)
  for (const molecule of train.names.keys()) {
    // Digits of the key that decide no outer fold.
    const part = Number.parseInt(foldKey(train, molecule).slice(16, 24), 16) % count
    parts.fill(part, train.pairOffsets[molecule], train.pairOffsets[molecule + 1])
  }
  return parts
}

function rowsAt(values: Float32Array, rows: readonly number[]): Float32Array {
  const result = new Float32Array(rows.length * PAIR_VALUES)
  rows.forEach((row, place) => {
    result.set(values.subarray(row * PAIR_VALUES, (row + 1) * PAIR_VALUES), place * PAIR_VALUES)
  })
  return result
}

/** The rows with one value more at the end of each. */
function withColumn(values: Float32Array, column: Float32Array | undefined): Float32Array {
  if (!column) return values
  const result = new Float32Array(column.length * (PAIR_VALUES + 1))
  column.forEach((value, row) => {
    const at = row * (PAIR_VALUES + 1)
    result.set(values.subarray(row * PAIR_VALUES, (row + 1) * PAIR_VALUES), at)
    result[at + PAIR_VALUES] = value
  })
  return result
}

function widthOf(column: Float32Array | undefined): number {
  return column ? PAIR_VALUES + 1 : PAIR_VALUES
}
