import type { MoleculeTable } from '@couplet/data'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { mersenne } from 'pure-rand/generator/mersenne'

/**
 * The molecules, each turned about its centre by a rotation drawn uniformly from all rotations (Shoemake 1992: a random unit
 * quaternion). The centre stays where it is.
 */
export function rotateMolecules(molecules: MoleculeTable, seed: number): MoleculeTable {
  const generator = mersenne(seed)
  const positions = Float32Array.from(molecules.positions)
  for (let molecule = 0; molecule < molecules.names.length; molecule++) {
    const from = 3 * molecules.atomOffsets[molecule]!
    const to = 3 * molecules.atomOffsets[molecule + 1]!
    rotateAboutCentre(
      positions.subarray(from, to),
      randomRotation(() => uniformFloat64(generator)),
    )
  }
  return { ...molecules, positions }
}

function randomRotation(uniform: () => number): number[] {
  const split = uniform()
  const one = 2 * Math.PI * uniform()
  const two = 2 * Math.PI * uniform()
  const x = Math.sqrt(1 - split) * Math.sin(one)
  const y = Math.sqrt(1 - split) * Math.cos(one)
  const z = Math.sqrt(split) * Math.sin(two)
  const w = Math.sqrt(split) * Math.cos(two)
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ].flat()
}

function rotateAboutCentre(positions: Float32Array, rotation: readonly number[]): void {
  const atoms = positions.length / 3
  const centre = [0, 0, 0]
  positions.forEach((value, index) => {
    centre[index % 3]! += value / atoms
  })
  for (let atom = 0; atom < positions.length; atom += 3) {
    const arm = centre.map((value, axis) => positions[atom + axis]! - value)
    for (let axis = 0; axis < 3; axis++) {
      const [x, y, z] = rotation.slice(3 * axis, 3 * axis + 3)
      positions[atom + axis] = centre[axis]! + x! * arm[0]! + y! * arm[1]! + z! * arm[2]!
    }
  }
}
