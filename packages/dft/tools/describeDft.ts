import { assignFolds, COUPLING_TYPES, moleculeAt, TUNING } from '@couplet/data'
import type { MoleculeTable } from '@couplet/data'
import { readBytes, readFolder, sha256 } from '@couplet/data/node'
import { join } from 'node:path'
import {
  type DftOrigin,
  type DftVersion,
  readDft,
  readDftOrigins,
  readDftVersion,
} from '../src/index.ts'
import { DFT_DIRECTORY } from '../src/readDft.ts'
import { chargeErrors, closestGeometries, sumErrors } from './checks.ts'
import { byConstitution } from './constitutions.ts'
import { groupBy } from './groupBy.ts'
import { fitKarplus, vicinalPairs } from './karplus.ts'

/** The line of CARD.md before the numbers. */
export const CARD_START = '<!-- numbers: written by tools/writeCard.ts -->'

/** The line of CARD.md behind the numbers. */
export const CARD_END = '<!-- end of numbers -->'

/**
 * Every number of the data card that depends on the files, as Markdown. CARD.md holds this text between two markers; a test
 * compares the two, and `writeCard.ts` brings the card up to date when the set grows.
 */
export async function describeDft(): Promise<string> {
  const { table } = await readDft()
  const origins = await readDftOrigins()
  return [
    ...section(versionTitle(await readDftVersion()), goals(table, origins)),
    ...section('Size', sizes(table, origins)),
    ...section('By heavy atoms', byHeavyAtoms(table, origins)),
    ...section('Couplings by type, hertz', byType(table)),
    ...section('Contributions by type, mean in hertz', contributionsByType(table)),
    ...section('Least and greatest coupling of each type, hertz', extremes(table, origins)),
    ...section('Checks', checks(table)),
    ...section('3JHH over the dihedral angle', karplus(table)),
    ...section('Folds', foldSizes(table)),
    '### Stereoisomers',
    '',
    ...stereoisomers(table, origins),
    '',
    ...section('Files', await files()),
  ]
    .join('\n')
    .trim()
}

function versionTitle({ version, frozen, versions }: DftVersion): string {
  if (frozen) return `Version ${version}, frozen on ${versions.at(-1)!.date}`
  return `Growing towards version ${version}, which is not frozen yet`
}

type Row = readonly (string | number)[]

function section(title: string, rows: readonly Row[]): string[] {
  return [`### ${title}`, '', ...formatTable(rows), '']
}

/** A Markdown table with columns of equal width, the form that the formatter keeps; the first row is the head. */
function formatTable(rows: readonly Row[]): string[] {
  const cells = rows.map((row) => row.map(String))
  const widths = cells[0]!.map((_, column) =>
    Math.max(3, ...cells.map((row) => row[column]!.length)),
  )
  const lines = cells.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`,
  )
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [lines[0]!, rule, ...lines.slice(1)]
}

/** What version 1 shall have. */
const WANTED = { molecules: 500, larger: 40, couplings: 300, flexible: 40 }

function goals(table: MoleculeTable, origins: readonly DftOrigin[]): Row[] {
  const bySmiles = groupBy(origins, (origin) => origin.smiles)
  const scarcest = Math.min(...pairsByType(table).map((pairs) => pairs.length))
  const larger = [...bySmiles.values()].filter(([first]) => first!.heavyAtoms >= 6).length
  const flexible = [...bySmiles.values()].filter((same) => same.length > 1).length
  return [
    ['what', 'wanted', 'now'],
    ['molecules', WANTED.molecules, bySmiles.size],
    ['molecules of 6 to 9 heavy atoms', WANTED.larger, larger],
    ['molecules with several conformers', WANTED.flexible, flexible],
    ['couplings of the scarcest type', WANTED.couplings, scarcest],
  ]
}

function sizes(table: MoleculeTable, origins: readonly DftOrigin[]): Row[] {
  const bySmiles = groupBy(origins, (origin) => origin.smiles)
  const containing = (letter: RegExp): number =>
    [...bySmiles.keys()].filter((smiles) => letter.test(smiles)).length
  const count = (matches: (origin: DftOrigin) => boolean): number => origins.filter(matches).length
  const seconds = origins.reduce((sum, origin) => sum + origin.cpuSeconds, 0)
  return [
    ['what', 'number'],
    ['geometries', table.names.length],
    ['molecules', bySmiles.size],
    ['constitutions', byConstitution(table).length],
    ['atoms', table.atomicNumbers.length],
    ['coupled pairs', table.pairTypes.length],
    ['molecules with carbon', containing(/[Cc]/)],
    ['molecules with nitrogen', containing(/[Nn]/)],
    ['molecules with oxygen', containing(/[Oo]/)],
    ['molecules with fluorine', containing(/F/)],
    ['minima at the level of the couplings', count(isMinimum('dft'))],
    ['minima at GFN2-xTB', count(isMinimum('xtb'))],
    ['with a torsion held', count(({ torsion }) => torsion !== undefined)],
    ['optimisations that converged', count((origin) => origin.converged)],
    ['stable wave functions', count((origin) => origin.stable)],
    ['processor hours', (seconds / 3600).toFixed(2)],
  ]
}

const isMinimum =
  (geometry: string) =>
  (origin: DftOrigin): boolean =>
    origin.geometry === geometry && origin.torsion === undefined

function byHeavyAtoms(table: MoleculeTable, origins: readonly DftOrigin[]): Row[] {
  const groups = groupBy(origins.entries(), ([, origin]) => origin.heavyAtoms)
  const sorted = [...groups].toSorted(([one], [other]) => one - other)
  const rows = sorted.map(([heavyAtoms, group]) => {
    const views = group.map(([molecule]) => moleculeAt(table, molecule))
    return [
      heavyAtoms,
      new Set(group.map(([, origin]) => origin.smiles)).size,
      group.length,
      views.reduce((sum, { atomicNumbers }) => sum + atomicNumbers.length, 0),
      views.reduce((sum, { pairTypes }) => sum + pairTypes.length, 0),
      meanOf(group.map(([, origin]) => origin.cpuSeconds)).toFixed(0),
    ]
  })
  const head = ['heavy atoms', 'molecules', 'geometries', 'atoms', 'pairs', 'mean CPU seconds']
  return [head, ...rows]
}

/** The pairs of each type, as indices. */
function pairsByType(table: MoleculeTable): number[][] {
  const pairs: number[][] = COUPLING_TYPES.map(() => [])
  for (const [pair, type] of table.pairTypes.entries()) pairs[type]!.push(pair)
  return pairs
}

function byType(table: MoleculeTable): Row[] {
  const rows = pairsByType(table).map((pairs, type) => {
    const values = pairs.map((pair) => table.couplings![pair]!)
    const mean = meanOf(values)
    const variance = meanOf(values.map((value) => (value - mean) ** 2))
    return [
      COUPLING_TYPES[type]!,
      pairs.length,
      ...[mean, Math.sqrt(variance), Math.min(...values), Math.max(...values)].map(twoDecimals),
    ]
  })
  return [['type', 'pairs', 'mean', 'standard deviation', 'least', 'greatest'], ...rows]
}

function contributionsByType(table: MoleculeTable): Row[] {
  const rows = pairsByType(table).map((pairs, type) => [
    COUPLING_TYPES[type]!,
    ...[0, 1, 2, 3].map((part) =>
      twoDecimals(meanOf(pairs.map((pair) => table.contributions![4 * pair + part]!))),
    ),
  ])
  return [['type', 'Fermi contact', 'spin-dipolar', 'paramagnetic', 'diamagnetic'], ...rows]
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Two decimals; what rounds to zero has no sign. */
const twoDecimals = (value: number): string => value.toFixed(2).replace(/^-0\.00$/, '0.00')

function foldSizes(table: MoleculeTable): Row[] {
  const folds = assignFolds(table)
  const count = (fold: number): number => folds.filter((other) => other === fold).length
  return [
    ['tuning set', 'fold 0', 'fold 1', 'fold 2', 'fold 3', 'fold 4'],
    [TUNING, 0, 1, 2, 3, 4].map(count),
  ]
}

function extremes(table: MoleculeTable, origins: readonly DftOrigin[]): Row[] {
  const molecules = table.names.flatMap((_, molecule) =>
    Array.from(moleculeAt(table, molecule).pairTypes, () => molecule),
  )
  const rows = pairsByType(table).flatMap((pairs, type) => {
    const sorted = pairs.toSorted((one, other) => table.couplings![one]! - table.couplings![other]!)
    return [sorted[0]!, sorted.at(-1)!].map((pair) => {
      const { name, smiles } = origins[molecules[pair]!]!
      return [COUPLING_TYPES[type]!, twoDecimals(table.couplings![pair]!), name, `\`${smiles}\``]
    })
  })
  return [['type', 'coupling', 'geometry', 'molecule'], ...rows]
}

function checks(table: MoleculeTable): Row[] {
  const { names, distance } = closestGeometries(table)
  return [
    ['check', 'largest or closest'],
    ['sum of the four parts less the coupling, hertz', Math.max(...sumErrors(table)).toFixed(5)],
    ['sum of the charges of a molecule, e', Math.max(...chargeErrors(table)).toFixed(6)],
    [
      `two geometries of one constitution (${names.join(', ')}): root mean square difference of the interatomic distances, angstrom`,
      distance.toFixed(4),
    ],
  ]
}

function karplus(table: MoleculeTable): Row[] {
  const pairs = vicinalPairs(table)
  const { coefficients, explained, rms } = fitKarplus(pairs)
  return [
    ['pairs', 'A', 'B', 'C', 'variance explained', 'rms left, hertz'],
    [
      pairs.length,
      ...coefficients.map(twoDecimals),
      `${(100 * explained).toFixed(1)} %`,
      twoDecimals(rms),
    ],
  ]
}

/** Molecules of one constitution that are not conformers of each other. They share a fold. */
function stereoisomers(table: MoleculeTable, origins: readonly DftOrigin[]): string[] {
  const lines = byConstitution(table).flatMap((group) => {
    const bySmiles = groupBy(group, (molecule) => origins[molecule]!.smiles)
    if (bySmiles.size === 1) return []
    const members = [...bySmiles].map(
      ([smiles, [molecule]]) => `${table.names[molecule!]} \`${smiles}\``,
    )
    return [`- ${members.join(', ')}`]
  })
  return lines.length > 0 ? lines : ['None.']
}

async function files(): Promise<Row[]> {
  const names = (await readFolder(DFT_DIRECTORY)).toSorted()
  const rows = names.map(async (name) => {
    const bytes = await readBytes(join(DFT_DIRECTORY, name))
    return [name, bytes.length, sha256(bytes)]
  })
  return [['file', 'bytes', 'SHA-256'], ...(await Promise.all(rows))]
}
