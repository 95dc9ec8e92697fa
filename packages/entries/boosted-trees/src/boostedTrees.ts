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

/**
 * Gradient-boosted trees on geometric features, one model for each coupling type, in two stages: the first predicts the Fermi
 * contact part, the second the coupling, with the first's prediction among its features.
 *
 * In training that prediction comes from trees that have not seen the molecule (inner folds by constitution), as it will be for
 * a new molecule. Where the labels have no contributions there is no first stage.
 */
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
    const arrays = COUPLING_TYPES.map((name, type) => {
      const rows = rowsOf(descriptors, train.pairTypes, type)
      return fitType(train, descriptors, rows, parts, config, name.toLowerCase())
    })
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
      const rows = rowsOf(descriptors, molecules.pairTypes, type)
      const values = rowsAt(descriptors.values, rows)
      const contact = treesOf(fitted, `${prefix}/contact`)
      const first = contact ? predictTrees(contact, values, PAIR_VALUES) : undefined
      const predicted = predictTrees(trees, withColumn(values, first), widthOf(first))
      rows.forEach((row, place) => {
        sums[descriptors.pairs[row]!]! += predicted[place]!
        counts[descriptors.pairs[row]!]! += 1
      })
    })
    return Float32Array.from(molecules.pairTypes, (type, pair) =>
      counts[pair]! > 0 ? sums[pair]! / counts[pair]! : scale.mean[type]!,
    )
  },
}

/** Both stages of one type; nothing where the training molecules have no pair of it. */
function fitType(
  train: MoleculeTable,
  descriptors: PairDescriptors,
  rows: readonly number[],
  parts: Uint8Array,
  config: BoostedTreesConfig,
  prefix: string,
): Fitted {
  if (rows.length === 0) return {}
  const options: TreeOptions = { ...config, seed: 1 }
  const values = rowsAt(descriptors.values, rows)
  const pairOf = (row: number): number => descriptors.pairs[row]!
  const contact = rows.map((row) => train.contributions?.[4 * pairOf(row)] ?? Number.NaN)
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
      rows.map((row) => parts[pairOf(row)]!),
      fitContact,
    )
    arrays = treeArrays(fitContact([...rows.keys()]), `${prefix}/contact`)
  }
  const couplings = rows.map((row) => train.couplings![pairOf(row)]!)
  const trees = fitTrees(withColumn(values, first), widthOf(first), couplings, options)
  return { ...arrays, ...treeArrays(trees, `${prefix}/coupling`) }
}

/** Prediction of every row by trees that were fitted to the rows of all other parts; where there are none, by all rows. */
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

function rowsOf({ pairs }: PairDescriptors, pairTypes: Uint8Array, type: number): number[] {
  return [...pairs.keys()].filter((row) => pairTypes[pairs[row]!] === type)
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
