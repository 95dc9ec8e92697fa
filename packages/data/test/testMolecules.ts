import { coupledPairs } from '../src/coupledPairs.ts'
import type { MoleculeTable } from '../src/MoleculeTable.ts'
import { perceiveBonds } from '../src/perceiveBonds.ts'

const ATOMIC_NUMBERS: Readonly<Record<string, number>> = { H: 1, C: 6, N: 7, O: 8, F: 9 }

/** A molecule as a test writes it: one line per atom, element and coordinates in angstrom. */
export interface TestMolecule {
  readonly name: string
  readonly atomicNumbers: Uint8Array
  readonly positions: Float32Array
}

/** Reads lines `C 0 0 0`. */
export function molecule(name: string, text: string): TestMolecule {
  const atoms = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  return {
    name,
    atomicNumbers: Uint8Array.from(atoms, ([element]) => ATOMIC_NUMBERS[element!]!),
    positions: Float32Array.from(atoms.flatMap((atom) => atom.slice(1).map(Number))),
  }
}

export const methane = molecule(
  'methane',
  `C 0 0 0
   H 0.63 0.63 0.63
   H 0.63 -0.63 -0.63
   H -0.63 0.63 -0.63
   H -0.63 -0.63 0.63`,
)

export const acetylene = molecule(
  'acetylene',
  `C 0 0 0.6
   C 0 0 -0.6
   H 0 0 1.66
   H 0 0 -1.66`,
)

/** A quarter of a turn about O-O, clockwise seen from the front: dihedral +90 degrees. */
export const hydrogenPeroxide = molecule(
  'hydrogen peroxide',
  `H 0.95 0 -0.15
   O 0 0 0
   O 0 0 1.45
   H 0 0.95 1.6`,
)

/** Hydrogen cyanide: the only one with a 2JHN here. */
export const hydrogenCyanide = molecule(
  'hydrogen cyanide',
  `C 0 0 0
   N 0 0 1.15
   H 0 0 -1.07`,
)

/** A four-membered ring of slightly unequal bonds: two shortest paths lead from a hydrogen to the opposite carbon. */
export const cyclobutane = molecule(
  'cyclobutane',
  [
    [1.1, 0],
    [0.02, 1.08],
    [-1.12, 0.01],
    [0, -1.13],
  ]
    .flatMap(([x, y]) => [
      `C ${x} ${y} 0`,
      ...[0.9, -0.9].map((z) => `H ${1.55 * x!} ${1.55 * y!} ${z}`),
    ])
    .join('\n'),
)

/** Staggered ethane; atoms C C H H H H H H. */
export const ethane = molecule(
  'ethane',
  [
    'C 0 0 0.765',
    'C 0 0 -0.765',
    ...[0, 120, 240].map((degrees) => methylHydrogen(degrees, 1.16)),
    ...[60, 180, 300].map((degrees) => methylHydrogen(degrees, -1.16)),
  ].join('\n'),
)

function methylHydrogen(degrees: number, z: number): string {
  const turn = (degrees * Math.PI) / 180
  return `H ${1.02 * Math.cos(turn)} ${1.02 * Math.sin(turn)} ${z}`
}

/** A table of molecules with the rule's bonds and pairs, and made-up values in every optional column. */
export function tableOf(...molecules: readonly TestMolecule[]): MoleculeTable {
  const bonds = molecules.map(({ atomicNumbers, positions }) =>
    perceiveBonds(atomicNumbers, positions),
  )
  const pairs = molecules.map(({ atomicNumbers }, index) =>
    coupledPairs(atomicNumbers, bonds[index]!),
  )
  const atomOffsets = offsets(molecules.map(({ atomicNumbers }) => atomicNumbers.length))
  const pairOffsets = offsets(pairs.map(({ types }) => types.length))
  const atoms = atomOffsets.at(-1)!
  const pairCount = pairOffsets.at(-1)!
  return {
    names: molecules.map(({ name }) => name),
    atomOffsets,
    atomicNumbers: Uint8Array.from(molecules.flatMap((one) => Array.from(one.atomicNumbers))),
    positions: Float32Array.from(molecules.flatMap((one) => Array.from(one.positions))),
    bondOffsets: offsets(bonds.map((list) => list.length / 2)),
    bondAtoms: Uint16Array.from(bonds.flatMap((list) => Array.from(list))),
    pairOffsets,
    pairIds: Uint32Array.from({ length: pairCount }, (_, pair) => 1000 + pair),
    pairAtoms: Uint16Array.from(pairs.flatMap((list) => Array.from(list.atoms))),
    pairTypes: Uint8Array.from(pairs.flatMap((list) => Array.from(list.types))),
    couplings: Float32Array.from({ length: pairCount }, (_, pair) => pair + 0.5),
    contributions: Float32Array.from({ length: 4 * pairCount }, (_, value) => value),
    mullikenCharges: Float32Array.from({ length: atoms }, (_, atom) => -atom),
    shieldingTensors: Float32Array.from({ length: 9 * atoms }, (_, value) => 2 * value),
    dipoleMoments: Float32Array.from({ length: 3 * molecules.length }, (_, value) => 3 * value),
    potentialEnergies: Float64Array.from(molecules, (_, index) => -40 - index),
  }
}

function offsets(lengths: readonly number[]): Uint32Array {
  const result = new Uint32Array(lengths.length + 1)
  for (const [index, length] of lengths.entries()) result[index + 1] = result[index]! + length
  return result
}

/** The molecule with its atoms in another order: new atom `a` is old atom `order[a]`. */
export function reordered(one: TestMolecule, order: readonly number[]): TestMolecule {
  return {
    name: one.name,
    atomicNumbers: Uint8Array.from(order, (atom) => one.atomicNumbers[atom]!),
    positions: Float32Array.from(
      order.flatMap((atom) => Array.from(one.positions.subarray(3 * atom, 3 * atom + 3))),
    ),
  }
}

/** The molecule turned about an axis that is none of its own, and moved. */
export function moved(one: TestMolecule): TestMolecule {
  const rotation = [
    [2 / 3, -1 / 3, 2 / 3],
    [2 / 3, 2 / 3, -1 / 3],
    [-1 / 3, 2 / 3, 2 / 3],
  ]
  const shift = [1.7, -2.3, 0.9]
  return {
    ...one,
    positions: Float32Array.from(one.positions, (_, index) => {
      const atom = Math.floor(index / 3)
      const row = rotation[index % 3]!
      const [x, y, z] = one.positions.subarray(3 * atom, 3 * atom + 3)
      return row[0]! * x! + row[1]! * y! + row[2]! * z! + shift[index % 3]!
    }),
  }
}
