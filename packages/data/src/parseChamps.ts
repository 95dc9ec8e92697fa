import { buildTable, type MoleculeRecord } from './buildTable.ts'
import { DataError } from './DataError.ts'
import { matchContributions } from './champsContributions.ts'
import { parseStructures, type Structures } from './champsStructures.ts'
import { pairsByRule, parsePairRows, type PairRows } from './champsPairs.ts'
import { parseAtomColumn, parseMoleculeColumn, parseSample } from './champsColumns.ts'
import type { MoleculeTable } from './MoleculeTable.ts'

/** The files of the competition that are read, in the order in which they enter a data set's checksum. */
export const CHAMPS_FILES = [
  'structures.csv',
  'train.csv',
  'test.csv',
  'scalar_coupling_contributions.csv',
  'mulliken_charges.csv',
  'magnetic_shielding_tensors.csv',
  'dipole_moments.csv',
  'potential_energy.csv',
  'train_sources.csv',
] as const

/** Name of one of the competition's files. */
export type ChampsFile = (typeof CHAMPS_FILES)[number]

/** Which molecules are wanted: those with rows in train.csv, in test.csv, or in either. */
export type ChampsPart = 'train' | 'test' | 'all'

/** What to take from the competition's files. */
export interface ChampsOptions {
  /** Default: `train` if train.csv is there, else `test` if test.csv is there, else `all`. */
  readonly part?: ChampsPart | undefined
  /** Only the molecules of train.csv that were sampled at random (`source` is `praritagarwal` in train_sources.csv). */
  readonly sample?: boolean | undefined
}

/** The molecules of the competition's files, and what was left aside. */
export interface ChampsMolecules {
  readonly table: MoleculeTable
  /** By file, the rows about molecules that structures.csv does not have; only files of whole molecules may have such. */
  readonly skipped: Readonly<Record<string, number>>
}

/** The files that {@link parseChamps} needs for these options, out of those that are there. */
export function champsFilesFor(
  present: ReadonlySet<string>,
  options: ChampsOptions = {},
): ChampsFile[] {
  const part = champsPart(present, options)
  return CHAMPS_FILES.filter((file) => {
    if (!present.has(file)) return false
    if (file === 'train.csv') return part !== 'test'
    if (file === 'test.csv') return part !== 'train'
    if (file === 'train_sources.csv') return options.sample === true
    return file !== 'scalar_coupling_contributions.csv' || part !== 'test'
  })
}

/**
 * Reads the competition's files from memory; `readChamps` of `@couplet/data/node` reads them from a folder.
 *
 * The molecules stand in the order of structures.csv, the rows of each in the order of their file. Without train.csv and
 * test.csv every molecule of structures.csv is taken, with the pairs of the competition's rule and running ids. Where a
 * part is labelled and the other is not, couplings are NaN in the latter.
 *
 * Tables of whole molecules (dipole_moments.csv, potential_energy.csv) may name molecules without a structure: the copies
 * that circulate are complete where the structures are a sample. Tables of atoms, labels and contributions may not: in
 * every copy that was seen all their molecules have structures, so a missing one means files of different releases.
 *
 * @param files the bytes of each file by name; `structures.csv` is needed
 * @throws DataError with file, line and advice.
 */
export function parseChamps(
  files: ReadonlyMap<string, Uint8Array>,
  options: ChampsOptions = {},
): ChampsMolecules {
  const wanted = new Set<string>(champsFilesFor(new Set(files.keys()), options))
  const bytesOf = (file: ChampsFile): Uint8Array | undefined =>
    wanted.has(file) ? files.get(file) : undefined

  const structures = parseStructures(files.get('structures.csv')!)
  const pairs = champsPairs(structures, bytesOf('train.csv'), bytesOf('test.csv'))
  const contributionBytes = bytesOf('scalar_coupling_contributions.csv')
  const contributions =
    contributionBytes && matchContributions(contributionBytes, structures, pairs)
  const charges = parseAtomColumn(
    bytesOf('mulliken_charges.csv'),
    'mulliken_charges.csv',
    structures,
  )
  const tensors = parseAtomColumn(
    bytesOf('magnetic_shielding_tensors.csv'),
    'magnetic_shielding_tensors.csv',
    structures,
  )
  const dipoles = parseMoleculeColumn(
    bytesOf('dipole_moments.csv'),
    'dipole_moments.csv',
    structures,
  )
  const energies = parseMoleculeColumn(
    bytesOf('potential_energy.csv'),
    'potential_energy.csv',
    structures,
  )
  const sources = bytesOf('train_sources.csv')
  const sample = sources && parseSample(sources)

  const records: MoleculeRecord[] = []
  for (const [molecule, name] of structures.names.entries()) {
    const first = pairs.offsets[molecule]!
    const last = pairs.offsets[molecule + 1]!
    if (!pairs.byRule && first === last) continue
    if (sample && !sample.has(name)) continue
    const start = structures.atomOffsets[molecule]!
    const end = structures.atomOffsets[molecule + 1]!
    records.push({
      name,
      atomicNumbers: structures.atomicNumbers.subarray(start, end),
      positions: structures.positions.subarray(3 * start, 3 * end),
      bonds: pairs.bonds?.[molecule],
      pairs: {
        ids: pairs.ids.subarray(first, last),
        atoms: pairs.atoms.subarray(2 * first, 2 * last),
        types: pairs.types.subarray(first, last),
        couplings: known(pairs.couplings?.subarray(first, last)),
        contributions: known(contributions?.subarray(4 * first, 4 * last)),
      },
      mullikenCharges: known(charges?.subarray(start, end)),
      shieldingTensors: known(tensors?.subarray(9 * start, 9 * end)),
      dipoleMoment: known(
        dipoles && Float32Array.from(dipoles.values.subarray(3 * molecule, 3 * molecule + 3)),
      ),
      potentialEnergy: known(energies?.values.subarray(molecule, molecule + 1))?.[0],
    })
  }
  if (records.length === 0) {
    throw new DataError(
      'train_sources.csv: none of the sampled molecules has rows in train.csv. Check that the two belong together.',
    )
  }
  const skipped: Record<string, number> = {}
  if (dipoles) skipped['dipole_moments.csv'] = dipoles.skipped
  if (energies) skipped['potential_energy.csv'] = energies.skipped
  return { table: buildTable(records), skipped }
}

/** The values, or undefined if none is known: a column that nobody fills is left out of the table. */
function known<T extends Float32Array | Float64Array>(values: T | undefined): T | undefined {
  return values?.some((value) => !Number.isNaN(value)) ? values : undefined
}

/** The part that the options and the files that are there amount to. */
function champsPart(present: ReadonlySet<string>, options: ChampsOptions): ChampsPart {
  if (!present.has('structures.csv')) {
    throw new DataError(
      'structures.csv is missing. Put the competition files (structures.csv and, for labels, train.csv) in one folder.',
    )
  }
  const part =
    options.part ??
    (present.has('train.csv') || options.sample
      ? 'train'
      : present.has('test.csv')
        ? 'test'
        : 'all')
  if (part !== 'all' && !present.has(`${part}.csv`)) {
    throw new DataError(
      `${part}.csv is missing, but the ${part} molecules are asked for. Add the file, or ask for another part.`,
    )
  }
  if (options.sample && part !== 'train') {
    throw new DataError('The sample is one of train.csv. Ask for it with part "train".')
  }
  if (options.sample && !present.has('train_sources.csv')) {
    throw new DataError(
      'train_sources.csv is missing, which says which molecules are the sample. Add it, or read the whole train.csv.',
    )
  }
  return part
}

function champsPairs(
  structures: Structures,
  train: Uint8Array | undefined,
  test: Uint8Array | undefined,
): PairRows {
  const inputs = [
    ...(train ? [{ file: 'train.csv' as const, bytes: train }] : []),
    ...(test ? [{ file: 'test.csv' as const, bytes: test }] : []),
  ]
  return inputs.length === 0 ? pairsByRule(structures) : parsePairRows(inputs, structures)
}
