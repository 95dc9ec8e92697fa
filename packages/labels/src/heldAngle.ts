import { dihedral } from '@couplet/data'
import type { HeldTorsion } from './LabelInput.ts'
import { WorkerFailure } from './WorkerFailure.ts'

/** Degrees by which the angle may differ from the one that was asked for. */
const TOLERANCE = 1.5

/**
 * The angle in degrees that a torsion has in a geometry.
 * @throws WorkerFailure where it is not the one that was to be held.
 */
export function heldAngle(
  positions: readonly (readonly number[])[],
  { atoms, degrees }: HeldTorsion,
): number {
  const [i, j, k, l] = atoms as [number, number, number, number]
  const radians = dihedral(Float64Array.from(positions.flat()), i, j, k, l)
  if (radians === undefined) throw new WorkerFailure('the held torsion became straight')
  const found = (radians * 180) / Math.PI
  // Either side of 180 degrees is near the other.
  const off = Math.abs(((((found - degrees) % 360) + 540) % 360) - 180)
  if (off > TOLERANCE) {
    throw new WorkerFailure(
      `the torsion was to be held at ${degrees} degrees, but is at ${found.toFixed(1)}`,
    )
  }
  return Number(found.toFixed(3))
}
