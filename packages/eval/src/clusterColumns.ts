import { EvalError } from './EvalError.ts'
import { alignErrors, type ErrorTable } from './errorTable.ts'
import { TYPE_COUNT } from './score.ts'

/** What a bootstrap over constitutions adds up. */
export interface ClusterColumns {
  /** Number of constitutions that have pairs. */
  readonly clusters: number
  /** Indices of the types that the data have. */
  readonly types: readonly number[]
  /** Number of error tables. */
  readonly entries: number
  /** Length of a row of `columns`: `types * (1 + entries)`. */
  readonly width: number
  /** `[clusters, width]`: numbers of pairs of each type, then the sums of |error| of each table. */
  readonly columns: Float64Array
}

/**
 * Counts and every table's error sums of the present types side by side, one row per constitution that has pairs.
 * @throws EvalError when the tables differ in molecules or counts, or hold no pair.
 */
export function stackColumns(tables: readonly ErrorTable[]): ClusterColumns {
  const reference = tables.find((table) => table.foldKeys) ?? tables[0]
  if (!reference) throw new EvalError('There is no error table to resample. Give at least one.')
  const aligned = tables.map((table) =>
    table === reference ? table : alignErrors(reference, table),
  )
  const { counts } = reference
  const types = Array.from({ length: TYPE_COUNT }, (_, type) => type).filter((type) =>
    reference.names.some((_, molecule) => counts[molecule * TYPE_COUNT + type]! > 0),
  )
  const rows = [...reference.names.keys()].filter((molecule) =>
    types.some((type) => counts[molecule * TYPE_COUNT + type]! > 0),
  )
  if (rows.length === 0) {
    throw new EvalError(
      'There is no pair to resample. Give molecules with at least one labelled pair.',
    )
  }
  const keys = reference.foldKeys ?? reference.names
  const clusters = new Map<string, number>()
  for (const molecule of rows) {
    if (!clusters.has(keys[molecule]!)) clusters.set(keys[molecule]!, clusters.size)
  }
  const width = types.length * (1 + aligned.length)
  const columns = new Float64Array(clusters.size * width)
  for (const molecule of rows) {
    const offset = clusters.get(keys[molecule]!)! * width
    for (const [place, type] of types.entries()) {
      const index = molecule * TYPE_COUNT + type
      columns[offset + place]! += counts[index]!
      for (const [entry, table] of aligned.entries()) {
        columns[offset + (entry + 1) * types.length + place]! += table.errorSums[index]!
      }
    }
  }
  return { clusters: clusters.size, types, entries: aligned.length, width, columns }
}

/**
 * Influence of each constitution on each table's score, `[entries][clusters]`: how fast the score changes with the weight of the
 * constitution. The squares of an entry's influences add up to the variance of its score under the choice of constitutions.
 */
export function scoreInfluences({
  clusters,
  types,
  entries,
  width,
  columns,
}: ClusterColumns): Float64Array[] {
  const totals = new Float64Array(width)
  for (const [index, value] of columns.entries()) totals[index % width]! += value
  return Array.from({ length: entries }, (_, entry) =>
    Float64Array.from({ length: clusters }, (__, cluster) => {
      let sum = 0
      for (const place of types.keys()) {
        const column = (entry + 1) * types.length + place
        // Where an entry makes no error the metric's floor holds, which nothing moves.
        if (totals[column] === 0) continue
        sum += columns[cluster * width + column]! / totals[column]!
        sum -= columns[cluster * width + place]! / totals[place]!
      }
      return sum / types.length
    }),
  )
}
