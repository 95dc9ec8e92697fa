import { CholeskyDecomposition, Matrix } from 'ml-matrix'

/** A linear function: `intercept + sum_k coefficients[k] * (features[k] - centres[k])`. */
export interface LinearFit {
  /** Mean of the targets. */
  readonly intercept: number
  /** Slope along each feature, `[features]`; 0 for a feature that is the same in every example. */
  readonly coefficients: readonly number[]
  /** Mean of each feature, `[features]`. */
  readonly centres: readonly number[]
}

/** Below this standard deviation a feature counts as constant: rounding errors, not information. */
const CONSTANT = 1e-6

/** Collects examples one by one and keeps only their sums, so that millions of them fit. */
export class LeastSquares {
  readonly #width: number
  readonly #sums: Float64Array
  /** Upper triangle of the sums of products, `[features, features]`. */
  readonly #products: Float64Array
  readonly #targetProducts: Float64Array
  #targets = 0
  #count = 0

  /** @param width number of features of each example. */
  constructor(width: number) {
    this.#width = width
    this.#sums = new Float64Array(width)
    this.#products = new Float64Array(width * width)
    this.#targetProducts = new Float64Array(width)
  }

  /** Adds an example. */
  add(features: readonly number[], target: number): void {
    this.#count += 1
    this.#targets += target
    for (let row = 0; row < this.#width; row++) {
      const value = features[row]!
      // Most places of the classes are empty.
      if (value === 0) continue
      this.#sums[row]! += value
      this.#targetProducts[row]! += value * target
      for (let column = row; column < this.#width; column++) {
        this.#products[row * this.#width + column]! += value * features[column]!
      }
    }
  }

  /**
   * The linear function with the smallest sum of squared errors plus `ridge` times the sum of its squared slopes in units of each
   * feature's standard deviation (Hoerl and Kennard 1970). The second term makes the solution unique where features depend on one
   * another or outnumber the examples.
   * @param ridge more than 0. At least one example must have been added.
   */
  solve(ridge: number): LinearFit {
    const count = this.#count
    const centres = Array.from(this.#sums, (sum) => sum / count)
    const intercept = this.#targets / count
    const covariance = (row: number, column: number): number =>
      this.#products[Math.min(row, column) * this.#width + Math.max(row, column)]! / count -
      centres[row]! * centres[column]!
    const spreads = centres.map((_, k) => Math.sqrt(Math.max(0, covariance(k, k))))
    const varying = [...spreads.keys()].filter((k) => spreads[k]! > CONSTANT)
    const coefficients = centres.map(() => 0)
    if (varying.length === 0) return { intercept, coefficients, centres }
    const normal = varying.map((row) =>
      varying.map((column) => {
        const correlation = covariance(row, column) / (spreads[row]! * spreads[column]!)
        return count * correlation + (row === column ? ridge : 0)
      }),
    )
    const right = varying.map(
      (k) => (this.#targetProducts[k]! - count * centres[k]! * intercept) / spreads[k]!,
    )
    const slopes = new CholeskyDecomposition(normal).solve(Matrix.columnVector(right))
    for (const [row, k] of varying.entries()) coefficients[k] = slopes.get(row, 0) / spreads[k]!
    return { intercept, coefficients, centres }
  }
}
