import { dihedral } from '@couplet/data'
import { Molecule } from 'openchemlib'

type Point = readonly [number, number, number]

/**
 * Turns one side of a molecule about a bond, in place, until a torsion has an angle.
 *
 * @param atoms the four atoms in a row; the bond between the middle ones is in no ring.
 * @param degrees the angle in degrees.
 * @throws Error in words for people where three of the atoms are in line.
 */
export function turnTorsion(molecule: Molecule, atoms: readonly number[], degrees: number): void {
  const [i, j, k, l] = atoms as [number, number, number, number]
  const count = molecule.getAllAtoms()
  const points = Array.from({ length: count }, (_, atom) => pointOf(molecule, atom))
  const now = dihedral(Float64Array.from(points.flat()), i, j, k, l)
  if (now === undefined) throw new Error('three atoms of the torsion are in line: it has no angle')
  const turn = (degrees * Math.PI) / 180 - now
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)]
  const origin = points[k]!
  const bond = minus(origin, points[j]!)
  const length = Math.hypot(...bond)
  const axis = bond.map((x) => x / length) as unknown as Point
  for (const atom of sideOf(molecule, k, j)) {
    // The formula of Rodrigues.
    const arm = minus(points[atom]!, origin)
    const across = cross(axis, arm)
    const along = axis.reduce((sum, x, at) => sum + x * arm[at]!, 0) * (1 - cosine)
    const [x, y, z] = [0, 1, 2].map(
      (at) => origin[at]! + arm[at]! * cosine + across[at]! * sine + axis[at]! * along,
    )
    molecule.setAtomX(atom, x!)
    molecule.setAtomY(atom, y!)
    molecule.setAtomZ(atom, z!)
  }
}

/** The atoms that hang on `start` when its bond to `without` is cut. */
function sideOf(molecule: Molecule, start: number, without: number): Set<number> {
  molecule.ensureHelperArrays(Molecule.cHelperNeighbours)
  const side = new Set([start])
  for (const atom of side) {
    for (let index = 0; index < molecule.getAllConnAtoms(atom); index++) {
      const neighbour = molecule.getConnAtom(atom, index)
      if (atom !== start || neighbour !== without) side.add(neighbour)
    }
  }
  return side
}

const pointOf = (molecule: Molecule, atom: number): Point => [
  molecule.getAtomX(atom),
  molecule.getAtomY(atom),
  molecule.getAtomZ(atom),
]

const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]]

const cross = (a: Point, b: Point): Point => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
