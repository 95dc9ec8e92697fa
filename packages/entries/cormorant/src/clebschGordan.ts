/** A complex number. */
type Complex = readonly [real: number, imaginary: number]

/**
 * Clebsch-Gordan coefficients between real spherical harmonics: of the products of a vector of degree `first` with one of degree
 * `second`, those sums that turn like a vector of degree `result`.
 *
 * The complex coefficients (Racah's formula; Condon-Shortley phase) are brought to the real basis by the unitary matrices
 * between complex and real harmonics. They come out real, or, where the three degrees add up to an odd number, imaginary; then
 * the factor i is left out, which rotations do not see.
 * @returns `[2 first + 1][2 second + 1][2 result + 1]`; all zero unless the degrees form a triangle.
 */
export function realClebschGordan(first: number, second: number, result: number): number[][][] {
  const [left, right, out] = [realBasis(first), realBasis(second), realBasis(result)]
  const odd = (first + second + result) % 2 === 1
  return orders(first).map((_a, a) =>
    orders(second).map((_b, b) =>
      orders(result).map((_c, c) => {
        let sum: Complex = [0, 0]
        for (const [one, m1] of orders(first).entries()) {
          for (const [other, m2] of orders(second).entries()) {
            if (Math.abs(m1 + m2) > result) continue
            const both = multiply(left[a]![one]!, right[b]![other]!)
            const [real, imaginary] = out[c]![m1 + m2 + result]!
            const term = multiply(both, [real, -imaginary])
            const coefficient = complexClebschGordan(first, m1, second, m2, result)
            sum = [sum[0] + coefficient * term[0], sum[1] + coefficient * term[1]]
          }
        }
        return sum[odd ? 1 : 0]
      }),
    ),
  )
}

/** Orders -l to l of a degree. */
function orders(degree: number): number[] {
  return Array.from({ length: 2 * degree + 1 }, (_, index) => index - degree)
}

/** Rows: real harmonics; columns: complex ones, both by order. */
function realBasis(degree: number): Complex[][] {
  return orders(degree).map((order) =>
    orders(degree).map((column): Complex => {
      if (order === 0) return [column === 0 ? 1 : 0, 0]
      const sign = order % 2 === 0 ? 1 : -1
      if (order > 0) {
        if (column === order) return [sign * Math.SQRT1_2, 0]
        return [column === -order ? Math.SQRT1_2 : 0, 0]
      }
      if (column === order) return [0, Math.SQRT1_2]
      return [0, column === -order ? -sign * Math.SQRT1_2 : 0]
    }),
  )
}

/** `<j1 m1 j2 m2 | j m1+m2>` by Racah's formula (for example Edmonds 1957, eq. 3.6.11). */
function complexClebschGordan(j1: number, m1: number, j2: number, m2: number, j: number): number {
  const m = m1 + m2
  if (j < Math.abs(j1 - j2) || j > j1 + j2 || Math.abs(m) > j) return 0
  const triangle =
    ((2 * j + 1) * factorial(j + j1 - j2) * factorial(j - j1 + j2) * factorial(j1 + j2 - j)) /
    factorial(j1 + j2 + j + 1)
  const spread =
    factorial(j + m) *
    factorial(j - m) *
    factorial(j1 - m1) *
    factorial(j1 + m1) *
    factorial(j2 - m2) *
    factorial(j2 + m2)
  let sum = 0
  for (let k = 0; k <= j1 + j2 - j; k++) {
    const factors = [k, j1 + j2 - j - k, j1 - m1 - k, j2 + m2 - k, j - j2 + m1 + k, j - j1 - m2 + k]
    if (factors.some((value) => value < 0)) continue
    const product = factors.reduce((all, value) => all * factorial(value), 1)
    sum += (k % 2 === 0 ? 1 : -1) / product
  }
  return Math.sqrt(triangle * spread) * sum
}

function factorial(value: number): number {
  return value <= 1 ? 1 : value * factorial(value - 1)
}

function multiply([a, b]: Complex, [c, d]: Complex): Complex {
  return [a * c - b * d, a * d + b * c]
}

/** One way to couple two degrees to a third. */
export interface CouplingPath {
  readonly first: number
  readonly second: number
  readonly result: number
}

/** Every way to couple vectors of the given degrees to degrees of at most `largest`, by result, then first, then second. */
export function couplingPaths(
  firsts: readonly number[],
  seconds: readonly number[],
  largest: number,
): CouplingPath[] {
  return Array.from({ length: largest + 1 }, (_, result) =>
    firsts.flatMap((first) =>
      seconds
        .filter((second) => result >= Math.abs(first - second) && result <= first + second)
        .map((second) => ({ first, second, result })),
    ),
  ).flat()
}

/**
 * The linear map from all products of two stacks of vectors to their coupled vectors: rows are pairs of components (first stack
 * slowest), columns the components of the paths, one path after the other.
 * @returns values `[components(firsts) * components(seconds), sum of (2 result + 1)]`, row by row.
 */
export function couplingMatrix(
  firsts: readonly number[],
  seconds: readonly number[],
  paths: readonly CouplingPath[],
): { values: Float32Array; shape: readonly [number, number] } {
  const place = (degrees: readonly number[], degree: number): number =>
    degrees.filter((other) => other < degree).reduce((sum, other) => sum + 2 * other + 1, 0)
  const components = (degrees: readonly number[]): number =>
    degrees.reduce((sum, degree) => sum + 2 * degree + 1, 0)
  const inner = components(seconds)
  const columns = paths.reduce((sum, { result }) => sum + 2 * result + 1, 0)
  const shape = [components(firsts) * inner, columns] as const
  const values = new Float32Array(shape[0] * columns)
  let column = 0
  for (const { first, second, result } of paths) {
    const coefficients = realClebschGordan(first, second, result)
    coefficients.forEach((plane, a) =>
      plane.forEach((line, b) => {
        const row = (place(firsts, first) + a) * inner + place(seconds, second) + b
        values.set(line, row * columns + column)
      }),
    )
    column += 2 * result + 1
  }
  return { values, shape }
}
