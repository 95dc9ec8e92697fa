import { assignFolds, constitutionKey, COUPLING_TYPES, moleculeAt, TUNING } from '@couplet/data'
import type { MoleculeTable } from '@couplet/data'
import { readBytes, readFolder, sha256 } from '@couplet/data/node'
import { join } from 'node:path'
import { DFT_DIRECTORY, type DftOrigin, readDft, readDftOrigins } from './readDft.ts'

/** The line of CARD.md before the numbers. */
export const CARD_START = '<!-- numbers: written by src/writeCard.ts -->'

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
    ...section('Size', sizes(table, origins)),
    ...section('By heavy atoms', byHeavyAtoms(table, origins)),
    ...section('Couplings by type, hertz', byType(table)),
    ...section('Contributions by type, mean in hertz', contributionsByType(table)),
    ...section('Folds', foldSizes(table)),
    '### Molecules of one constitution',
    '',
    ...sameConstitution(table, origins),
    '',
    ...section('Files', await files()),
  ]
    .join('\n')
    .trim()
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

function sizes(table: MoleculeTable, origins: readonly DftOrigin[]): Row[] {
  const containing = (atomicNumber: number): number =>
    table.names.filter((_, molecule) =>
      moleculeAt(table, molecule).atomicNumbers.includes(atomicNumber),
    ).length
  const seconds = origins.reduce((sum, origin) => sum + origin.cpuSeconds, 0)
  return [
    ['what', 'number'],
    ['molecules', table.names.length],
    ['constitutions', byConstitution(table).size],
    ['atoms', table.atomicNumbers.length],
    ['coupled pairs', table.pairTypes.length],
    ['molecules with carbon', containing(6)],
    ['molecules with nitrogen', containing(7)],
    ['molecules with oxygen', containing(8)],
    ['molecules with fluorine', containing(9)],
    ['optimisations that converged', origins.filter((origin) => origin.converged).length],
    ['stable wave functions', origins.filter((origin) => origin.stable).length],
    ['processor hours', (seconds / 3600).toFixed(2)],
  ]
}

function byHeavyAtoms(table: MoleculeTable, origins: readonly DftOrigin[]): Row[] {
  const heavy = new Map(origins.map((origin) => [origin.name, origin.heavyAtoms]))
  const rows = new Map<number, [number, number, number]>()
  for (const [molecule, name] of table.names.entries()) {
    const count = heavy.get(name) ?? 0
    const row = rows.get(count) ?? [0, 0, 0]
    const { atomicNumbers, pairTypes } = moleculeAt(table, molecule)
    rows.set(count, [row[0] + 1, row[1] + atomicNumbers.length, row[2] + pairTypes.length])
  }
  const sorted = [...rows].toSorted(([one], [other]) => one - other)
  return [
    ['heavy atoms', 'molecules', 'atoms', 'pairs'],
    ...sorted.map(([count, row]) => [count, ...row]),
  ]
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

/** Molecules of each constitution key, as indices. */
function byConstitution(table: MoleculeTable): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  for (const [molecule, name] of table.names.entries()) {
    const { atomicNumbers, bondAtoms } = moleculeAt(table, molecule)
    const key = constitutionKey(atomicNumbers, bondAtoms) ?? name
    groups.set(key, [...(groups.get(key) ?? []), molecule])
  }
  return groups
}

/** Stereoisomers: they share a fold. */
function sameConstitution(table: MoleculeTable, origins: readonly DftOrigin[]): string[] {
  const smiles = new Map(origins.map((origin) => [origin.name, origin.smiles]))
  const groups = [...byConstitution(table).values()].filter((group) => group.length > 1)
  if (groups.length === 0) return ['None.']
  return groups.map((group) => {
    const members = group.map((molecule) => {
      const name = table.names[molecule]!
      return `${name} \`${smiles.get(name)}\``
    })
    return `- ${members.join(', ')}`
  })
}

async function files(): Promise<Row[]> {
  const names = (await readFolder(DFT_DIRECTORY)).toSorted()
  const rows = names.map(async (name) => {
    const bytes = await readBytes(join(DFT_DIRECTORY, name))
    return [name, bytes.length, sha256(bytes)]
  })
  return [['file', 'bytes', 'SHA-256'], ...(await Promise.all(rows))]
}
