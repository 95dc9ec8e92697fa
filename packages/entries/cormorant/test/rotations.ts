import { sphericalHarmonics } from '../src/sphericalHarmonics.ts'

type Vector = readonly [number, number, number]

/** A rotation about a skew axis. */
export const rotation: readonly Vector[] = turnAbout([0.36, 0.48, 0.8], 1.1)

/** Matrix times vector. */
export function rotate(
  matrix: readonly (readonly number[])[],
  vector: readonly number[],
): number[] {
  return matrix.map((row) => row.reduce((sum, value, index) => sum + value * vector[index]!, 0))
}

/** A direction that depends on the number alone. */
export function randomDirection(number: number): Vector {
  const [x, y, z] = [
    Math.sin(number * 12.9),
    Math.sin(number * 78.2 + 1),
    Math.sin(number * 3.7 + 2),
  ]
  const length = Math.hypot(x, y, z)
  return [x / length, y / length, z / length]
}

/** The components of one degree. */
export function degreesOf(values: readonly number[], degree: number): number[] {
  return values.slice(degree ** 2, (degree + 1) ** 2)
}

/** How {@link rotation} acts on vectors of a degree: the matrix with `Y(R x) = D Y(x)`, by least squares over many directions. */
export function wignerMatrix(degree: number): number[][] {
  const directions = Array.from({ length: 40 }, (_, index) => randomDirection(index + 1))
  const before = directions.map((direction) =>
    degreesOf(sphericalHarmonics(direction, degree), degree),
  )
  const after = directions.map((direction) =>
    degreesOf(sphericalHarmonics(rotate(rotation, direction) as unknown as Vector, degree), degree),
  )
  const gram = (left: number[][], right: number[][]): number[][] =>
    left[0]!.map((_, i) =>
      right[0]!.map((_unused, j) => left.reduce((sum, row, k) => sum + row[i]! * right[k]![j]!, 0)),
    )
  return transpose(solve(gram(before, before), gram(before, after)))
}

function transpose(matrix: readonly (readonly number[])[]): number[][] {
  return matrix[0]!.map((_, column) => matrix.map((row) => row[column]!))
}

/** Gauss-Jordan elimination with pivots. */
function solve(matrix: readonly number[][], right: readonly number[][]): number[][] {
  const rows = matrix.map((row, index) => [...row, ...right[index]!])
  for (let column = 0; column < matrix.length; column++) {
    const pivot = rows
      .map((row, index) => [Math.abs(row[column]!), index] as const)
      .slice(column)
      .toSorted((a, b) => b[0] - a[0])[0]![1]
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    const scale = rows[column]![column]!
    rows[column] = rows[column]!.map((value) => value / scale)
    rows.forEach((row, index) => {
      if (index === column) return
      const factor = row[column]!
      rows[index] = row.map((value, k) => value - factor * rows[column]![k]!)
    })
  }
  return rows.map((row) => row.slice(matrix.length))
}

/** Rodrigues' formula. */
function turnAbout([x, y, z]: Vector, angle: number): Vector[] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)]
  const d = 1 - c
  return [
    [c + x * x * d, x * y * d - z * s, x * z * d + y * s],
    [y * x * d + z * s, c + y * y * d, y * z * d - x * s],
    [z * x * d - y * s, z * y * d + x * s, c + z * z * d],
  ]
}
