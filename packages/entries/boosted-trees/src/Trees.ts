import type { HostArrays } from '@couplet/engine'

/** A sum of regression trees as flat columns over the nodes of all trees. */
export interface Trees {
  /** First node of each tree, `[trees]`. */
  readonly roots: Int32Array
  /** Feature that a node asks for, `[nodes]`; -1 in a leaf. */
  readonly features: Int32Array
  /** A value up to the threshold goes left, `[nodes]`. */
  readonly thresholds: Float32Array
  /** Left and right node, `[nodes]`; 0 in a leaf. */
  readonly lefts: Int32Array
  readonly rights: Int32Array
  /** What a leaf adds, `[nodes]`; 0 elsewhere. */
  readonly values: Float32Array
  /** What every prediction starts from, `[1]`. */
  readonly start: Float32Array
}

const COLUMNS = ['roots', 'features', 'thresholds', 'lefts', 'rights', 'values', 'start'] as const

/**
 * The sum of all trees at every row.
 * @param features `[rows, columns]`, row by row.
 */
export function predictTrees(trees: Trees, features: Float32Array, columns: number): Float32Array {
  const { roots, features: asked, thresholds, lefts, rights, values, start } = trees
  return Float32Array.from({ length: features.length / columns }, (_, row) => {
    let sum = start[0]!
    for (const root of roots) {
      let node = root
      while (asked[node]! >= 0) {
        const value = features[row * columns + asked[node]!]!
        node = value <= thresholds[node]! ? lefts[node]! : rights[node]!
      }
      sum += values[node]!
    }
    return sum
  })
}

/** The columns under names that begin with `prefix`, for a checkpoint. */
export function treeArrays(trees: Trees, prefix: string): HostArrays {
  return Object.fromEntries(
    COLUMNS.map((column) => {
      const data = trees[column]
      return [`${prefix}/${column}`, { shape: [data.length], data }]
    }),
  )
}

/** The trees that {@link treeArrays} wrote; nothing where there are none. */
export function treesOf(arrays: HostArrays, prefix: string): Trees | undefined {
  if (!arrays[`${prefix}/start`]) return undefined
  return Object.fromEntries(
    COLUMNS.map((column) => [column, arrays[`${prefix}/${column}`]!.data]),
  ) as unknown as Trees
}
