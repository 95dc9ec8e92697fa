import { join } from 'node:path'
import { csvCell } from '@couplet/data'
import { writeAtomically } from '@couplet/data/node'
import type { LabelRecord } from './LabelRecord.ts'

/** Names of the files. */
export const LABEL_FILES = [
  'train.csv',
  'scalar_coupling_contributions.csv',
  'structures.csv',
  'potential_energy.csv',
  'mulliken_charges.csv',
  'dipole_moments.csv',
  'molecules.csv',
  'failures.csv',
] as const

/**
 * Writes records in the competition's schema: train.csv (with running ids), scalar_coupling_contributions.csv, structures.csv,
 * potential_energy.csv, mulliken_charges.csv and dipole_moments.csv; besides molecules.csv with origin, method and cost (its
 * first columns are those of the embedded data set), and failures.csv with the reasons. Each file is replaced as a whole. Failures are in no other file than failures.csv.
 */
export async function writeLabels(folder: string, records: readonly LabelRecord[]): Promise<void> {
  const good = records.filter(({ failure }) => failure === undefined)
  const bad = records.filter(({ failure }) => failure !== undefined)
  const pairs = good.flatMap(({ name, pairs: own }) =>
    own.map((pair) => ({ ...pair, place: [name, ...pair.atoms, pair.type] })),
  )
  const write = (
    file: (typeof LABEL_FILES)[number],
    head: string,
    rows: Iterable<readonly unknown[]>,
  ): Promise<void> => writeAtomically(join(folder, file), lines(head, rows))
  await write(
    'train.csv',
    'id,molecule_name,atom_index_0,atom_index_1,type,scalar_coupling_constant',
    pairs.map(({ place, fc, sd, pso, dso }, id) => [id, ...place, digits(fc + sd + pso + dso)]),
  )
  await write(
    'scalar_coupling_contributions.csv',
    'molecule_name,atom_index_0,atom_index_1,type,fc,sd,pso,dso',
    pairs.map(({ place, fc, sd, pso, dso }) => [...place, ...[fc, sd, pso, dso].map(digits)]),
  )
  await write(
    'structures.csv',
    'molecule_name,atom_index,atom,x,y,z',
    good.flatMap(({ name, elements, positions }) =>
      elements.map((element, atom) => [
        name,
        atom,
        element,
        ...positions[atom]!.map((x) => x.toFixed(8)),
      ]),
    ),
  )
  await write(
    'potential_energy.csv',
    'molecule_name,potential_energy',
    good.map(({ name, energy }) => [name, energy!.toFixed(7)]),
  )
  await write(
    'mulliken_charges.csv',
    'molecule_name,atom_index,mulliken_charge',
    good.flatMap(({ name, mulliken }) =>
      mulliken!.map((charge, atom) => [name, atom, digits(charge)]),
    ),
  )
  await write(
    'dipole_moments.csv',
    'molecule_name,X,Y,Z',
    good.map(({ name, dipole }) => [name, ...dipole!.map(digits)]),
  )
  await write(
    'molecules.csv',
    'molecule_name,smiles,n_heavy,geometry,engine,opt_converged,stable,cpu_s,source,notes,version,lowest_triplet,geometry_cpu_s,coupling_cpu_s,peak_mb',
    good.map((record) => {
      const { name, source, smiles, elements, notes, method, geometry, calculation, cost } = record
      return [
        name,
        smiles ?? '',
        elements.filter((element) => element !== 'H').length,
        geometryWord(record),
        'psi4',
        spelled(geometry?.['converged'] === true),
        // A ground state that is not stable is a failure.
        spelled(true),
        (cost.geometry + cost.couplings).toFixed(1),
        source,
        notes.join('; '),
        method['psi4'] ?? '',
        calculation?.['lowest_triplet'] ?? '',
        cost.geometry,
        cost.couplings,
        cost.peakMb,
      ]
    }),
  )
  await write(
    'failures.csv',
    'molecule_name,source,reason',
    bad.map(({ name, source, failure }) => [name, source, failure]),
  )
}

/** How the geometry was found: `none`, `xtb`, `dft`, or `xtb:3-0-1-5:45.0` with the torsion that was held and its angle. */
function geometryWord({ optimise, torsion }: LabelRecord): string {
  if (!torsion) return optimise
  // -0.04 has no sign, either.
  const degrees = Math.round(10 * torsion.found) / 10 + 0
  return `${optimise}:${torsion.atoms.join('-')}:${degrees.toFixed(1)}`
}

/** Truth as the data set spells it. */
const spelled = (value: boolean): string => (value ? 'True' : 'False')

/** Seven significant digits: more than the grids are good for. */
const digits = (value: number): string => String(Number(value.toPrecision(7)))

function* lines(head: string, rows: Iterable<readonly unknown[]>): Generator<string> {
  yield `${head}\n`
  for (const row of rows) yield `${row.map((cell) => csvCell(String(cell))).join(',')}\n`
}
