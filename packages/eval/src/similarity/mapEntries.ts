import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** Entries as points of the plane. */
export interface EntryMap {
  /** `[entries][2]`; the first entry has no negative coordinate. */
  readonly points: readonly (readonly [number, number])[]
  /** Share of the squared distances that the plane holds. */
  readonly share: number
}

/**
 * Classical scaling (Torgerson 1952) of the distances sqrt(2 (1 - correlation)), those between standardised residuals: entries
 * that err alike lie near each other.
 */
export function mapEntries(correlation: readonly (readonly number[])[]): EntryMap {
  const count = correlation.length
  if (count === 1) return { points: [[0, 0]], share: 1 }
  const squares = new Matrix(correlation.map((row) => row.map((value) => 2 * (1 - value))))
  const centring = Matrix.eye(count).sub(1 / count)
  const products = centring.mmul(squares).mmul(centring).mul(-0.5)
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(products, {
    assumeSymmetric: true,
  })
  const positive = realEigenvalues.map((value) => Math.max(value, 0))
  const axes = [...positive.keys()].toSorted((a, b) => positive[b]! - positive[a]!).slice(0, 2)
  const columns = axes.map((axis) => {
    const sign = eigenvectorMatrix.get(0, axis) < 0 ? -1 : 1
    const scale = sign * Math.sqrt(positive[axis]!)
    return Array.from({ length: count }, (_, row) => scale * eigenvectorMatrix.get(row, axis))
  })
  const total = positive.reduce((sum, value) => sum + value, 0)
  const held = axes.reduce((sum, axis) => sum + positive[axis]!, 0)
  return {
    points: Array.from({ length: count }, (_, row) => [columns[0]![row]!, columns[1]![row]!]),
    share: total === 0 ? 1 : held / total,
  }
}
