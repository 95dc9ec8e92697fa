/** A straight line through scores against ln(molecules). */
export interface ScoreLine {
  /** Score at one molecule. */
  readonly intercept: number
  /** Change of the score for each factor e of molecules. */
  readonly slope: number
  /** Standard deviation of the points about the line. */
  readonly deviation: number
}

/**
 * Least-squares line `score = intercept + slope ln(molecules)`: the metric is the mean of ln(MAE), so that a line is a power law of the MAE.
 *
 * @returns null with fewer than three sizes, through which any line would pass.
 */
export function scoreLine(
  points: readonly { readonly molecules: number; readonly score: number }[],
): ScoreLine | null {
  if (new Set(points.map(({ molecules }) => molecules)).size < 3) return null
  const xs = points.map(({ molecules }) => Math.log(molecules))
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(xs), mean(points.map(({ score }) => score))]
  let products = 0
  let squares = 0
  for (const [index, { score }] of points.entries()) {
    products += (xs[index]! - x) * (score - y)
    squares += (xs[index]! - x) ** 2
  }
  const slope = products / squares
  const intercept = y - slope * x
  const residuals = points.map(({ score }, index) => (score - intercept - slope * xs[index]!) ** 2)
  const sum = residuals.reduce((total, residual) => total + residual, 0)
  return { intercept, slope, deviation: Math.sqrt(sum / (points.length - 2)) }
}
