import { checkTable } from './checkTable.ts'
import { coupledPairs } from './coupledPairs.ts'
import { DataError } from './DataError.ts'
import type { MoleculeTable } from './MoleculeTable.ts'
import { perceiveBonds } from './perceiveBonds.ts'

/** The coupled pairs of one molecule and what is known of them. */
export interface PairRecord {
  /** Row id of each pair; left out by all molecules of a table, they are running numbers. */
  readonly ids?: Uint32Array | undefined
  /** The two atoms of each pair, hydrogen first, `[pairs, 2]`. */
  readonly atoms: Uint16Array
  /** Index of each pair's type in {@link COUPLING_TYPES}, `[pairs]`. */
  readonly types: Uint8Array
  /** Scalar coupling constants in hertz, `[pairs]`. */
  readonly couplings?: Float32Array | undefined
  /** Fermi contact, spin-dipolar, paramagnetic and diamagnetic spin-orbit parts in hertz, `[pairs, 4]`. */
  readonly contributions?: Float32Array | undefined
}

/** One molecule as a reader found it; the units are those of {@link MoleculeTable}. */
export interface MoleculeRecord {
  readonly name: string
  /** Atomic number of each atom, `[atoms]`. */
  readonly atomicNumbers: Uint8Array
  /** Coordinates in angstrom, `[atoms, 3]`. */
  readonly positions: Float32Array
  /** Bonds `[bonds, 2]`; perceived from the geometry if left out. */
  readonly bonds?: Uint16Array | undefined
  /** Coupled pairs; by the competition's rule if left out. */
  readonly pairs?: PairRecord | undefined
  /** `[atoms]` */
  readonly mullikenCharges?: Float32Array | undefined
  /** `[atoms, 9]` */
  readonly shieldingTensors?: Float32Array | undefined
  /** `[3]` */
  readonly dipoleMoment?: Float32Array | undefined
  readonly potentialEnergy?: number | undefined
}

/**
 * Puts molecules into one table, perceiving the bonds and finding the coupled pairs where a record has none. An optional
 * column exists if any molecule brings it, and is NaN for the others.
 *
 * @throws DataError for what {@link checkTable} refuses, for arrays of the wrong length, and if some molecules bring pair
 *   ids and others do not.
 */
export function buildTable(records: readonly MoleculeRecord[]): MoleculeTable {
  const bonds = records.map(
    (record) => record.bonds ?? perceiveBonds(record.atomicNumbers, record.positions, record.name),
  )
  const pairs = records.map(
    (record, molecule): PairRecord =>
      record.pairs ?? coupledPairs(record.atomicNumbers, bonds[molecule]!),
  )
  const atomOffsets = offsets(records.map((record) => record.atomicNumbers.length))
  const pairOffsets = offsets(pairs.map((pair) => pair.types.length))
  const bondOffsets = offsets(bonds.map((bond) => bond.length / 2))

  /** One column of the table from one array for each molecule, each `width` long for each atom, pair or molecule. */
  const column = <T extends NumericArray>(
    what: string,
    starts: Uint32Array,
    width: number,
    parts: readonly (ArrayLike<number> | undefined)[],
    make: (length: number) => T,
  ): T => {
    const all = make(starts.at(-1)! * width)
    for (const [molecule, part] of parts.entries()) {
      if (part === undefined) continue
      const start = starts[molecule]! * width
      if (part.length !== starts[molecule + 1]! * width - start) {
        throw new DataError(
          `${records[molecule]!.name}: ${what} has ${part.length} numbers instead of ` +
            `${starts[molecule + 1]! * width - start}. Give ${width} for each row.`,
        )
      }
      all.set(part, start)
    }
    return all
  }
  const floats = (
    what: string,
    starts: Uint32Array,
    width: number,
    parts: readonly (Float32Array | undefined)[],
  ): Float32Array | undefined =>
    parts.some((part) => part !== undefined)
      ? column(what, starts, width, parts, (length) => new Float32Array(length).fill(Number.NaN))
      : undefined

  const molecules = Uint32Array.from({ length: records.length + 1 }, (_, index) => index)
  const energies = records.map((record) => record.potentialEnergy)
  const optional = {
    couplings: floats('couplings', pairOffsets, 1, pick(pairs, 'couplings')),
    contributions: floats('contributions', pairOffsets, 4, pick(pairs, 'contributions')),
    mullikenCharges: floats('mullikenCharges', atomOffsets, 1, pick(records, 'mullikenCharges')),
    shieldingTensors: floats('shieldingTensors', atomOffsets, 9, pick(records, 'shieldingTensors')),
    dipoleMoments: floats('dipoleMoment', molecules, 3, pick(records, 'dipoleMoment')),
    potentialEnergies: energies.some((energy) => energy !== undefined)
      ? Float64Array.from(energies, (energy) => energy ?? Number.NaN)
      : undefined,
  }
  const table: MoleculeTable = {
    names: records.map((record) => record.name),
    atomOffsets,
    atomicNumbers: column(
      'atomicNumbers',
      atomOffsets,
      1,
      pick(records, 'atomicNumbers'),
      (length) => new Uint8Array(length),
    ),
    positions: column(
      'positions',
      atomOffsets,
      3,
      pick(records, 'positions'),
      (length) => new Float32Array(length),
    ),
    bondOffsets,
    bondAtoms: column('bonds', bondOffsets, 2, bonds, (length) => new Uint16Array(length)),
    pairOffsets,
    pairIds: column(
      'pair ids',
      pairOffsets,
      1,
      pairIds(records, pairs, pairOffsets),
      (length) => new Uint32Array(length),
    ),
    pairAtoms: column(
      'pair atoms',
      pairOffsets,
      2,
      pick(pairs, 'atoms'),
      (length) => new Uint16Array(length),
    ),
    pairTypes: column(
      'pair types',
      pairOffsets,
      1,
      pick(pairs, 'types'),
      (length) => new Uint8Array(length),
    ),
    ...Object.fromEntries(Object.entries(optional).filter(([, values]) => values !== undefined)),
  }
  checkTable(table)
  return table
}

type NumericArray = Uint8Array | Uint16Array | Uint32Array | Float32Array

const pick = <R, K extends keyof R>(records: readonly R[], key: K): R[K][] =>
  records.map((record) => record[key])

function offsets(lengths: readonly number[]): Uint32Array {
  const starts = new Uint32Array(lengths.length + 1)
  for (const [index, length] of lengths.entries()) starts[index + 1] = starts[index]! + length
  return starts
}

function pairIds(
  records: readonly MoleculeRecord[],
  pairs: readonly PairRecord[],
  pairOffsets: Uint32Array,
): Uint32Array[] {
  const without = pairs.findIndex((pair) => pair.ids === undefined)
  if (without >= 0 && pairs.some((pair) => pair.ids !== undefined)) {
    throw new DataError(
      `${records[without]!.name} has no pair ids, but other molecules of the table have. Give all of them ids, or none.`,
    )
  }
  return pairs.map((pair, molecule) => {
    const start = pairOffsets[molecule]!
    return pair.ids ?? Uint32Array.from({ length: pair.types.length }, (_, index) => start + index)
  })
}
