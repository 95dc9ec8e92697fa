import { dihedral } from '../geometry.ts'
import type { BondGraph } from './BondGraph.ts'
import type { LewisInput, LewisStructure } from './lewisStructure.ts'
import type { SmallestRings } from './smallestRings.ts'

/** Rings are fused to at most so many: azulene is two, its rings alone have no 4n + 2 electrons. */
const MOST_FUSED = 3

/**
 * Largest sine of a dihedral angle within a ring that counts as planar: 30 degrees. Bent benzene rings of cyclophanes stay
 * below; tub-shaped rings such as oxonine are beyond.
 */
const PLANAR = 0.5

/** Which atoms and bonds of one molecule are aromatic. */
export interface Aromaticity {
  /** 1 for the atoms of aromatic rings, `[atoms]`. */
  readonly aromaticAtoms: Uint8Array
  /** 1 for the bonds of aromatic rings, `[bonds]`. */
  readonly aromaticBonds: Uint8Array
}

/**
 * Finds aromatic rings by Hückel's rule: rings, and the outlines of two or three fused rings, with 4n + 2 p electrons in which
 * every atom takes part, if they are planar. An atom gives one electron if it has a double bond in a ring; none if its double bond leads out of the
 * rings to a more electronegative atom (the carbonyl of a pyridone); two if it has a lone pair and no double bond (pyrrole,
 * furan). Any other atom, such as the carbon of a C=C that leads out of the ring (fulvene), breaks the ring.
 */
export function aromaticity(
  { atomicNumbers, positions, graph }: LewisInput,
  lewis: LewisStructure,
  { rings, bondRingSizes }: SmallestRings,
): Aromaticity {
  const electrons = pElectrons(atomicNumbers, graph, lewis, bondRingSizes)
  const aromaticAtoms = new Uint8Array(graph.atomCount)
  const aromaticBonds = new Uint8Array(bondRingSizes.length)
  const closed = rings
    .filter((ring) => ring.every((atom) => electrons[atom] !== undefined))
    .map((ring) => new Set(ringBonds(graph, ring)))

  let sets: Outline[] = closed.map((bonds, ring) => ({ rings: [ring], bonds }))
  for (let size = 1; size <= MOST_FUSED && sets.length > 0; size += 1) {
    for (const { bonds } of sets) {
      const atoms = circuit(graph, bonds)
      const sum = atoms?.reduce((total, atom) => total + electrons[atom]!, 0)
      if (sum === undefined || sum % 4 !== 2 || !isPlanar(positions, atoms!)) continue
      // Lone pairs alone, as of triaziridine, make no ring aromatic; those of isocyanuric acid have empty p orbitals between them.
      if (atoms!.every((atom) => electrons[atom] === 2)) continue
      for (const atom of atoms!) aromaticAtoms[atom] = 1
      for (const bond of bonds) aromaticBonds[bond] = 1
    }
    sets = size < MOST_FUSED ? fuse(sets, closed, aromaticBonds) : []
  }
  return { aromaticAtoms, aromaticBonds }
}

/** Whether no bond of a ring is twisted. */
function isPlanar(positions: Float32Array, ring: readonly number[]): boolean {
  return ring.every((_, index) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((step) => ring[(index + step) % ring.length]!)
    const twist = ring.length > 3 ? dihedral(positions, a!, b!, c!, d!) : 0
    return twist !== undefined && Math.abs(Math.sin(twist)) < PLANAR
  })
}

/** Some fused rings, and the bonds that only one of them has. */
interface Outline {
  readonly rings: readonly number[]
  readonly bonds: ReadonlySet<number>
}

/** The p electrons that each atom gives to a ring, `[atoms]`; undefined for atoms that cannot be part of an aromatic one. */
function pElectrons(
  atomicNumbers: Uint8Array,
  { neighbours, bondsOf }: BondGraph,
  { bondOrders }: LewisStructure,
  bondRingSizes: Uint8Array,
): (number | undefined)[] {
  return bondsOf.map((bonds, atom) => {
    const multiple = bonds.findIndex((bond) => bondOrders[bond]! > 1)
    if (bonds.length > 3) return undefined
    if (multiple < 0) return atomicNumbers[atom]! > 1 ? 2 : undefined
    const total = bonds.reduce((sum, bond) => sum + bondOrders[bond]! - 1, 0)
    if (total > 1) return undefined
    if (bondRingSizes[bonds[multiple]!]! > 0) return 1
    return atomicNumbers[neighbours[atom]![multiple]!]! > atomicNumbers[atom]! ? 0 : undefined
  })
}

function ringBonds({ neighbours, bondsOf }: BondGraph, ring: readonly number[]): number[] {
  return ring.map((atom, index) => {
    const next = ring[(index + 1) % ring.length]!
    return bondsOf[atom]![neighbours[atom]!.indexOf(next)]!
  })
}

/** Atoms of the bonds, if they form one ring. */
function circuit({ bonds: ends }: BondGraph, bonds: ReadonlySet<number>): number[] | undefined {
  const partners = new Map<number, number[]>()
  for (const bond of bonds) {
    const [first, second] = [ends[2 * bond]!, ends[2 * bond + 1]!]
    partners.set(first, [...(partners.get(first) ?? []), second])
    partners.set(second, [...(partners.get(second) ?? []), first])
  }
  const start = partners.keys().next().value
  if (start === undefined) return undefined
  const around = [start]
  for (const atom of around) {
    const pair = partners.get(atom)!
    if (pair.length !== 2) return undefined
    const next = pair.find((other) => !around.includes(other))
    if (next !== undefined) around.push(next)
  }
  return around.length === bonds.size ? around : undefined
}

/** Every set with one more ring that shares a bond with it; only where that can make a bond aromatic that is not yet. */
function fuse(
  sets: readonly Outline[],
  closed: readonly ReadonlySet<number>[],
  aromaticBonds: Uint8Array,
): Outline[] {
  const fused = new Map<string, Outline>()
  for (const { rings, bonds } of sets) {
    for (const [ring, ringBondSet] of closed.entries()) {
      if (rings.includes(ring)) continue
      const own = [...ringBondSet].filter((bond) => !bonds.has(bond))
      const rest = [...bonds].filter((bond) => !ringBondSet.has(bond))
      const outline = new Set([...own, ...rest])
      const shared = own.length < ringBondSet.size
      if (!shared || [...outline].every((bond) => aromaticBonds[bond])) continue
      const all = [...rings, ring].toSorted((one, other) => one - other)
      fused.set(all.join(' '), { rings: all, bonds: outline })
    }
  }
  return [...fused.values()]
}
