import { readFile } from 'node:fs/promises'
import type { CouplingType } from '@couplet/data'
import type { HeldTorsion } from './LabelInput.ts'

/** How the geometry that was labelled was found: as given, by GFN2-xTB, or by DFT at the level of the couplings. */
export type Optimisation = 'none' | 'xtb' | 'dft'

/** One coupled pair with the four parts of its coupling in hertz; their sum is the coupling. */
export interface LabelledPair {
  /** The two atoms, hydrogen first, counted from 0. */
  readonly atoms: readonly [number, number]
  readonly type: CouplingType
  readonly fc: number
  readonly sd: number
  readonly pso: number
  readonly dso: number
}

/** What is kept of one molecule: its labels or why it has none, how they were computed, and what they cost. */
export interface LabelRecord {
  /** Version of this form. */
  readonly schema: 1
  readonly name: string
  /** SMILES string or file that it was given as. */
  readonly source: string
  /** Its SMILES, where it was given as one. */
  readonly smiles?: string
  /** Checksum of what was asked: geometry, bonds, optimisation, torsion. */
  readonly key: string
  readonly optimise: Optimisation
  /** Why there are no labels; absent where there are. */
  readonly failure?: string
  /** Things to know, such as a geometry that is not fully converged. */
  readonly notes: readonly string[]
  readonly elements: readonly string[]
  /** The geometry that was labelled (of a failure: the start), in angstrom, `[atoms][3]`. */
  readonly positions: readonly (readonly number[])[]
  readonly pairs: readonly LabelledPair[]
  /** The torsion that was held, with the angle that was asked for. */
  readonly torsion?: HeldTorsion & {
    /** The angle in degrees that the geometry has. */
    readonly found: number
  }
  /** In hartree. */
  readonly energy?: number
  /** Mulliken charges in elementary charges, `[atoms]`. */
  readonly mulliken?: readonly number[]
  /** Dipole moment in debye in the frame of the geometry, `[3]`. */
  readonly dipole?: readonly number[]
  /** Versions, level, grids and tolerances. */
  readonly method: Readonly<Record<string, unknown>>
  /** Steps and forces of the optimisation. */
  readonly geometry?: Readonly<Record<string, unknown>>
  /** Convergence, stability, sizes and CPU seconds by phase of the couplings. */
  readonly calculation?: Readonly<Record<string, unknown>>
  readonly cost: {
    /** CPU seconds of the couplings, and of the geometry. */
    readonly couplings: number
    readonly geometry: number
    readonly wallSeconds: number
    readonly peakMb: number
  }
}

/** Reads a record; undefined if the file is missing or is not one of this version. */
export async function readRecord(path: string): Promise<LabelRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as Partial<LabelRecord> | null
    const whole =
      record?.schema === 1 &&
      typeof record.name === 'string' &&
      typeof record.key === 'string' &&
      Array.isArray(record.pairs) &&
      Array.isArray(record.positions) &&
      typeof record.cost === 'object'
    return whole ? (record as LabelRecord) : undefined
  } catch {
    return undefined
  }
}
