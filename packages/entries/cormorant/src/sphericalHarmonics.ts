/** Number of components of all degrees from 0 to `degree`. */
export function componentCount(degree: number): number {
  return (degree + 1) ** 2
}

/**
 * Real spherical harmonics of a direction, degree by degree, orders -l to l, in Racah's normalisation (the squares of each degree add
 * up to 1). Their orders and signs are those of {@link realClebschGordan}.
 * @param direction unit vector `x, y, z`.
 * @param degree largest degree, at most 3.
 * @returns `[(degree + 1)^2]`.
 */
export function sphericalHarmonics(
  [x, y, z]: readonly [number, number, number],
  degree: number,
): number[] {
  const [xx, yy, zz] = [x * x, y * y, z * z]
  const degrees = [
    [1],
    [y, z, x],
    [
      Math.sqrt(3) * x * y,
      Math.sqrt(3) * y * z,
      (3 * zz - 1) / 2,
      Math.sqrt(3) * x * z,
      (Math.sqrt(3) / 2) * (xx - yy),
    ],
    [
      Math.sqrt(5 / 8) * y * (3 * xx - yy),
      Math.sqrt(15) * x * y * z,
      Math.sqrt(3 / 8) * y * (5 * zz - 1),
      (5 * zz - 3) * z * 0.5,
      Math.sqrt(3 / 8) * x * (5 * zz - 1),
      (Math.sqrt(15) / 2) * z * (xx - yy),
      Math.sqrt(5 / 8) * x * (xx - 3 * yy),
    ],
  ]
  return degrees.slice(0, degree + 1).flat()
}
