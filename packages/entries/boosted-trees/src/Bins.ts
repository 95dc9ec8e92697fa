/** Feature values as small whole numbers: how a histogram sees them. */
export interface Bins {
  /** Bin of every row, feature by feature, `[features, rows]`. */
  readonly codes: Uint8Array
  /** Upper edge of every bin but the last of each feature: values up to it, itself included, lie in that bin or before. */
  readonly edges: readonly Float32Array[]
  /** Most bins that a feature has. */
  readonly most: number
}

/**
 * Cuts every feature at quantiles of its values, at most `bins` to a feature; equal values share a bin.
 * @param features `[rows, columns]`, row by row, finite.
 */
export function binFeatures(features: Float32Array, columns: number, bins: number): Bins {
  const rows = features.length / columns
  const codes = new Uint8Array(features.length)
  const edges = Array.from({ length: columns }, (_, column) => {
    const values = Float32Array.from(
      { length: rows },
      (_unused, row) => features[row * columns + column]!,
    )
    const cuts = quantileCuts(values.toSorted(), bins)
    for (let row = 0; row < rows; row++) codes[column * rows + row] = binOf(values[row]!, cuts)
    return cuts
  })
  return { codes, edges, most: 1 + Math.max(0, ...edges.map(({ length }) => length)) }
}

/** Number of edges below a value. */
function binOf(value: number, edges: Float32Array): number {
  let [low, high] = [0, edges.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= edges[middle]!) high = middle
    else low = middle + 1
  }
  return low
}

/** Midpoints between different neighbours at the quantiles. */
function quantileCuts(sorted: Float32Array, bins: number): Float32Array {
  const cuts = new Set<number>()
  for (let bin = 1; bin < bins; bin++) {
    const place = Math.floor((sorted.length * bin) / bins)
    const value = sorted[place]
    if (value === undefined) break
    let next = place + 1
    while (next < sorted.length && sorted[next] === value) next++
    if (next < sorted.length) cuts.add(Math.fround((value + sorted[next]!) / 2))
  }
  return Float32Array.from(cuts).toSorted()
}
