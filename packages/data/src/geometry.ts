/** Coordinates in angstrom, `[atoms, 3]`, flat; all arithmetic on them is float64. */
export type Positions = Float32Array | Float64Array

/** Below this sine (1 degree from straight) the plane through three atoms, and with it a dihedral angle, is not determined. */
const STRAIGHT = Math.sin(Math.PI / 180)

type Vector = readonly [number, number, number]

function vector(positions: Positions, from: number, to: number): Vector {
  return [
    positions[3 * to]! - positions[3 * from]!,
    positions[3 * to + 1]! - positions[3 * from + 1]!,
    positions[3 * to + 2]! - positions[3 * from + 2]!,
  ]
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]

const norm = (a: Vector): number => Math.sqrt(dot(a, a))

/** Distance of atoms `i` and `j` in angstrom. */
export function distance(positions: Positions, i: number, j: number): number {
  return norm(vector(positions, i, j))
}

/**
 * Angle i-j-k at atom `j` in radians, 0 to pi.
 *
 * Computed from sine and cosine together, so that it keeps full precision at 0 and pi. 0 if two of the atoms coincide.
 */
export function angle(positions: Positions, i: number, j: number, k: number): number {
  const a = vector(positions, j, i)
  const b = vector(positions, j, k)
  return Math.atan2(norm(cross(a, b)), dot(a, b))
}

/**
 * Dihedral angle i-j-k-l about the axis j-k in radians, -pi to pi, with the sign of the IUPAC: positive if, seen from `j`
 * towards `k`, the nearer bond must turn clockwise to cover the farther one. A mirror image has the opposite sign.
 * @returns `undefined` where the angle does not exist: i-j-k or j-k-l within 1 degree of straight, or coinciding atoms.
 */
export function dihedral(
  positions: Positions,
  i: number,
  j: number,
  k: number,
  l: number,
): number | undefined {
  const a = vector(positions, i, j)
  const b = vector(positions, j, k)
  const c = vector(positions, k, l)
  const ab = cross(a, b)
  const bc = cross(b, c)
  const axis = norm(b)
  // Written so that zero lengths fail the comparison too.
  const determined = norm(ab) > STRAIGHT * norm(a) * axis && norm(bc) > STRAIGHT * norm(c) * axis
  return determined ? Math.atan2(axis * dot(a, bc), dot(ab, bc)) : undefined
}
