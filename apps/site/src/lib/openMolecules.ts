import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  assignFolds,
  COUPLING_TYPES,
  couplingPaths,
  type CouplingType,
  elementSymbol,
  type MoleculeTable,
  parseCsv,
  TUNING,
} from '@couplet/data'
import { type DftOrigin, readDft, readDftOrigins } from '@couplet/dft'
import { readStandings } from './datasets.ts'
import { RESULTS } from './project.ts'

/** The data set whose molecules are shown one by one: its licence permits it. */
export const OPEN_DATASET = 'couplet-dft'

/** One coupled pair. */
export interface OpenPair {
  /** Place in the table of all pairs. */
  readonly index: number
  readonly type: CouplingType
  /** The two atoms, counted from 0 within the molecule. */
  readonly atoms: readonly [number, number]
  /** Atoms of the coupling path from one to the other. */
  readonly path: readonly number[]
  /** Distance in angstrom. */
  readonly distance: number
  /** Dihedral angle of the path in degrees, where it exists. */
  readonly dihedral: number | undefined
  /** The label in hertz. */
  readonly coupling: number
}

/** One geometry of the open data set. */
export interface OpenMolecule {
  readonly name: string
  readonly origin: DftOrigin
  readonly formula: string
  /** Fold in which it is predicted, or the tuning set, which is in no score. */
  readonly fold: number
  readonly symbols: readonly string[]
  /** Coordinates in angstrom, one triple per atom. */
  readonly positions: readonly (readonly [number, number, number])[]
  readonly bonds: readonly (readonly [number, number])[]
  readonly pairs: readonly OpenPair[]
}

/** The open data set, with the out-of-fold predictions of the entries that published some. */
export interface OpenData {
  readonly molecules: readonly OpenMolecule[]
  /** Predicted couplings in hertz of each entry, best score first, in the order of all pairs; NaN where it predicted none. */
  readonly predictions: ReadonlyMap<string, Float32Array>
}

let data: Promise<OpenData> | undefined

/** Reads the open data set and its predictions. */
export function readOpenData(): Promise<OpenData> {
  data ??= read()
  return data
}

async function read(): Promise<OpenData> {
  const [{ table }, origins, standings] = await Promise.all([
    readDft(),
    readDftOrigins(),
    readStandings(),
  ])
  const predictions = new Map<string, Float32Array>()
  const standing = standings.find(({ dataset }) => dataset.name === OPEN_DATASET)
  for (const { entry, predictions: file } of standing?.results ?? []) {
    if (file !== null) predictions.set(entry.id, readPredictions(file, table))
  }
  return { molecules: describeMolecules(table, origins), predictions }
}

/** @throws Error where a row names no pair of the data set. */
function readPredictions(file: string, table: MoleculeTable): Float32Array {
  const path = join(RESULTS, OPEN_DATASET, file)
  const { columns, rows } = parseCsv(readFileSync(path), path, {
    id: 'count',
    scalar_coupling_constant: 'number',
  })
  const places = new Map(Array.from(table.pairIds, (id, place) => [id, place]))
  const values = new Float32Array(table.pairIds.length).fill(Number.NaN)
  for (let row = 0; row < rows; row++) {
    const place = places.get(columns.id[row]!)
    if (place === undefined) {
      throw new Error(
        `${path} line ${row + 2}: the data set has no pair ${columns.id[row]}. Publish the entry's result anew.`,
      )
    }
    values[place] = columns.scalar_coupling_constant[row]!
  }
  return values
}

function describeMolecules(table: MoleculeTable, origins: readonly DftOrigin[]): OpenMolecule[] {
  const byName = new Map(origins.map((origin) => [origin.name, origin]))
  const folds = assignFolds(table)
  const paths = couplingPaths(table)
  return table.names.map((name, molecule) => {
    const [firstAtom, lastAtom] = [table.atomOffsets[molecule]!, table.atomOffsets[molecule + 1]!]
    const [firstPair, lastPair] = [table.pairOffsets[molecule]!, table.pairOffsets[molecule + 1]!]
    const [firstBond, lastBond] = [table.bondOffsets[molecule]!, table.bondOffsets[molecule + 1]!]
    const symbols = Array.from(table.atomicNumbers.subarray(firstAtom, lastAtom), elementSymbol)
    return {
      name,
      origin: byName.get(name)!,
      formula: formulaOf(symbols),
      fold: folds[molecule]!,
      symbols,
      positions: symbols.map((_, atom) => {
        const [x, y, z] = table.positions.subarray(3 * (firstAtom + atom))
        return [x!, y!, z!] as const
      }),
      bonds: range(firstBond, lastBond).map(
        (bond) => [table.bondAtoms[2 * bond]!, table.bondAtoms[2 * bond + 1]!] as const,
      ),
      pairs: range(firstPair, lastPair).map((pair) => ({
        index: pair,
        type: COUPLING_TYPES[table.pairTypes[pair]!]!,
        atoms: [table.pairAtoms[2 * pair]!, table.pairAtoms[2 * pair + 1]!] as const,
        path: Array.from(
          paths.pathAtoms.subarray(
            4 * pair,
            4 * pair + Number(COUPLING_TYPES[table.pairTypes[pair]!]![0]) + 1,
          ),
        ),
        distance: paths.distances[pair]!,
        dihedral: paths.dihedralDefined[pair]
          ? (paths.dihedrals[pair]! * 180) / Math.PI
          : undefined,
        coupling: table.couplings![pair]!,
      })),
    }
  })
}

/** Formula in the order of Hill: carbon, hydrogen, the others. */
function formulaOf(symbols: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
  return ['C', 'H', 'F', 'N', 'O']
    .filter((symbol) => counts.has(symbol))
    .map((symbol) => `${symbol}${counts.get(symbol)! > 1 ? counts.get(symbol) : ''}`)
    .join('')
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

/** Whether a molecule belongs to the tuning set. */
export function isTuning({ fold }: OpenMolecule): boolean {
  return fold === TUNING
}
