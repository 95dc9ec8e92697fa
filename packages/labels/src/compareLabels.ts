import { COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import type { LabelRecord } from './LabelRecord.ts'

/** The four parts of a coupling, in the order of the competition's file. */
const CONTRIBUTIONS = ['fc', 'sd', 'pso', 'dso'] as const

/** Differences of one group of numbers, in hertz. */
export interface Deviation {
  readonly name: string
  readonly pairs: number
  readonly mae: number
  readonly largest: number
  /** Mean of ours minus theirs. */
  readonly bias: number
}

/** How computed labels compare with known ones. */
export interface LabelComparison {
  /** By coupling type, those that occur. */
  readonly types: readonly Deviation[]
  /** By contribution, over all pairs. */
  readonly contributions: readonly Deviation[]
  /** Known pairs that were not computed, as `molecule i j`. */
  readonly missing: readonly string[]
}

/** Compares records with the contributions of a table, pair by pair; pairs whose contributions the table lacks do not count. */
export function compareLabels(
  records: readonly LabelRecord[],
  table: MoleculeTable,
): LabelComparison {
  const found = new Map(
    records.flatMap(({ name, pairs }) =>
      pairs.map((pair) => [`${name} ${pair.atoms[0]} ${pair.atoms[1]}`, pair] as const),
    ),
  )
  const types = new Map<string, number[]>()
  const parts = new Map<string, number[]>()
  const missing: string[] = []
  for (const [molecule, name] of table.names.entries()) {
    for (let pair = table.pairOffsets[molecule]!; pair < table.pairOffsets[molecule + 1]!; pair++) {
      const known = table.contributions?.subarray(4 * pair, 4 * pair + 4)
      if (!known || Number.isNaN(known[0]!)) continue
      const [first, second] = [table.pairAtoms[2 * pair]!, table.pairAtoms[2 * pair + 1]!]
      const ours =
        found.get(`${name} ${first} ${second}`) ?? found.get(`${name} ${second} ${first}`)
      if (!ours) {
        missing.push(`${name} ${first} ${second}`)
        continue
      }
      const differences = CONTRIBUTIONS.map((part, index) => ours[part] - known[index]!)
      for (const [index, part] of CONTRIBUTIONS.entries()) push(parts, part, differences[index]!)
      push(
        types,
        COUPLING_TYPES[table.pairTypes[pair]!]!,
        differences.reduce((sum, x) => sum + x, 0),
      )
    }
  }
  const deviations = (groups: Map<string, number[]>, names: readonly string[]): Deviation[] =>
    names.flatMap((name) => {
      const values = groups.get(name)
      return values ? [deviation(name, values)] : []
    })
  return {
    types: deviations(types, COUPLING_TYPES),
    contributions: deviations(parts, CONTRIBUTIONS),
    missing,
  }
}

function push(groups: Map<string, number[]>, name: string, value: number): void {
  const values = groups.get(name)
  if (values) values.push(value)
  else groups.set(name, [value])
}

/** Summary of differences, ours minus theirs, in hertz. */
export function deviation(name: string, differences: readonly number[]): Deviation {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const absolute = differences.map(Math.abs)
  return {
    name,
    pairs: differences.length,
    mae: mean(absolute),
    largest: absolute.reduce((one, other) => Math.max(one, other)),
    bias: mean(differences),
  }
}
