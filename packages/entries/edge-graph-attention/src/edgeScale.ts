import type { MoleculeTable } from '@couplet/data'
import { nearEdges, type NearEdges } from './nearEdges.ts'

/** Measures of an edge: distance, bond angle (two bonds apart), signed dihedral angle (three bonds apart). */
export const EDGE_MEASURES = 3
/** Elements H C N O F. */
const ELEMENTS = [1, 6, 7, 8, 9]
/** Kinds of edge: one to three bonds, by the unordered elements of its two atoms. */
export const EDGE_KINDS = 3 * ELEMENTS.length ** 2

/** Mean and spread of the measures over the training molecules; `[EDGE_KINDS][EDGE_MEASURES]` in angstrom and radians. */
export interface EdgeScale {
  readonly mean: readonly (readonly number[])[]
  /** Standard deviations; 1 where there is no spread. */
  readonly deviation: readonly (readonly number[])[]
}

/** Whether measures are standardised over all edges together, as in 2019, or over those of the same bonds and elements. */
export type Standardisation = 'all' | 'kind'

/** Learns the spread of the edges' measures. */
export function edgeScale(molecules: MoleculeTable, standardisation: Standardisation): EdgeScale {
  const edges = nearEdges(molecules)
  const groups = Array.from({ length: EDGE_KINDS }, () =>
    Array.from({ length: EDGE_MEASURES }, (): number[] => []),
  )
  for (let edge = 0; edge < edges.sources.length; edge++) {
    if (edges.bondCounts[edge] === 0) continue
    const group = groups[standardisation === 'all' ? 0 : kindOf(molecules, edges, edge)]!
    measuresOf(molecules, edges, edge).forEach((value, measure) => {
      if (value !== undefined) group[measure]!.push(value)
    })
  }
  const scales = groups.map((group) => group.map(meanAndDeviation))
  const shared = (kind: number) => scales[standardisation === 'all' ? 0 : kind]!
  return {
    mean: groups.map((_, kind) => shared(kind).map(({ mean }) => mean)),
    deviation: groups.map((_, kind) => shared(kind).map(({ deviation }) => deviation)),
  }
}

/** The measures of an edge in standard deviations from their mean, within plus or minus 5; 0 where it has none. */
export function standardisedMeasures(
  molecules: MoleculeTable,
  edges: NearEdges,
  edge: number,
  { mean, deviation }: EdgeScale,
): number[] {
  if (edges.bondCounts[edge] === 0) return [0, 0, 0]
  const kind = kindOf(molecules, edges, edge)
  return measuresOf(molecules, edges, edge).map((value, measure) => {
    if (value === undefined) return 0
    const score = (value - mean[kind]![measure]!) / deviation[kind]![measure]!
    return Math.max(-5, Math.min(5, score))
  })
}

/**
 * Distance, bond angle and dihedral angle of an edge. The sign of the dihedral is turned for the edge from the heavier to the
 * lighter element; between equal elements its absolute value stands, because which of the two comes first is a matter of
 * numbering.
 */
function measuresOf(
  { atomicNumbers }: MoleculeTable,
  { sources, targets, bondCounts, paths }: NearEdges,
  edge: number,
): (number | undefined)[] {
  const order = atomicNumbers[targets[edge]!]! - atomicNumbers[sources[edge]!]!
  const turn = paths.dihedrals[edge]!
  const dihedral = order === 0 ? Math.abs(turn) : Math.sign(order) * turn
  return [
    paths.distances[edge]!,
    bondCounts[edge] === 2 && paths.bondCounts[edge] === 2 ? paths.firstAngles[edge]! : undefined,
    paths.dihedralDefined[edge] === 1 ? dihedral : undefined,
  ]
}

function kindOf(
  { atomicNumbers }: MoleculeTable,
  { sources, targets, bondCounts }: NearEdges,
  edge: number,
): number {
  const ends = [sources[edge]!, targets[edge]!].map((atom) =>
    ELEMENTS.indexOf(atomicNumbers[atom]!),
  )
  const [low, high] = ends.toSorted((one, other) => one - other) as [number, number]
  return (bondCounts[edge]! - 1) * ELEMENTS.length ** 2 + low * ELEMENTS.length + high
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 1 }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: variance > 1e-12 ? Math.sqrt(variance) : 1 }
}
