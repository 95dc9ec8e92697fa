/**
 * Coordinates in angstrom of a fluorohydroxylamine without any symmetry: fluorine, nitrogen, oxygen, and a hydrogen at the oxygen and at
 * the nitrogen each. F-N-O-H is a chain of three bonds.
 */
export const HYDROXYLAMINE: readonly (readonly [number, number, number])[] = [
  [-0.5, 1.25, 0.1],
  [0, 0, 0],
  [1.4, 0.1, -0.05],
  [1.75, 0.5, 0.8],
  [-0.4, -0.5, 0.8],
]
