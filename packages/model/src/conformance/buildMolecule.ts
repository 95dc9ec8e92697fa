import { atomicNumberOf, type MoleculeRecord } from '@couplet/data'

/**
 * One atom by its internal coordinates: element, then the atom it is bonded to and the bond length in angstrom, a second atom and the angle
 * in degrees, a third atom and the dihedral angle in degrees. The first three atoms have fewer.
 */
export type InternalAtom =
  | readonly [string]
  | readonly [string, number, number]
  | readonly [string, number, number, number, number]
  | readonly [string, number, number, number, number, number, number]

/** Shift of each coordinate in angstrom: breaks every symmetry, so that two atoms never look the same by chance. */
const DISTORTION = 0.02

/** A molecule from internal coordinates (atoms placed one after the other), slightly and repeatably distorted. */
export function buildMolecule(name: string, atoms: readonly InternalAtom[]): MoleculeRecord {
  const placed: Vector[] = []
  for (const atom of atoms) placed.push(place(atom, placed))
  const distorted = placed.flatMap((position, index) =>
    position.map(
      (value, axis) => value + DISTORTION * Math.sin(name.length + 7 * index + 3 * axis),
    ),
  )
  return {
    name,
    atomicNumbers: Uint8Array.from(atoms, ([element]) => atomicNumberOf(element)!),
    positions: Float32Array.from(distorted),
  }
}

type Vector = readonly [number, number, number]

function place(atom: InternalAtom, placed: readonly Vector[]): Vector {
  const [, bondedTo, length = 0, second, angleDegrees = 0, third, dihedralDegrees = 0] = atom
  if (bondedTo === undefined) return [0, 0, 0]
  const origin = placed[bondedTo]!
  if (second === undefined) return [origin[0] + length, origin[1], origin[2]]
  const angle = (angleDegrees * Math.PI) / 180
  const dihedral = (dihedralDegrees * Math.PI) / 180
  const back = unit(minus(placed[second]!, origin))
  // Without a third atom the plane is free: any direction that is not along the bond.
  const reference =
    third === undefined ? ([0.1, 0.9, 0.3] as const) : minus(placed[second]!, placed[third]!)
  const normal = unit(cross(reference, back))
  const side = cross(normal, back)
  const along = Math.cos(angle) * length
  const across = Math.sin(angle) * length
  const [x, y, z] = origin.map(
    (value, axis) =>
      value +
      along * back[axis]! +
      across * (Math.cos(dihedral) * side[axis]! + Math.sin(dihedral) * normal[axis]!),
  )
  return [x!, y!, z!]
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

function unit(a: Vector): Vector {
  const length = Math.hypot(...a)
  return [a[0] / length, a[1] / length, a[2] / length]
}
