import { join } from 'node:path'
import { DataError, quoteValue } from '@couplet/data'
import { readBytes, readChamps, writeAtomically } from '@couplet/data/node'
import { groupBy } from './groupBy.ts'

/** The files of the data set, and which column holds the name of the molecule. */
const FILES = {
  'structures.csv': 0,
  'train.csv': 1,
  'scalar_coupling_contributions.csv': 0,
  'mulliken_charges.csv': 0,
  'dipole_moments.csv': 0,
  'potential_energy.csv': 0,
  'molecules.csv': 0,
} as const

const NAME = /^couplet_(\d{6})(_c\d+)?$/

/** What is to be taken in, and where. */
export interface TakeInOptions {
  /** Folder with the seven CSV files: what `couplet label --out` wrote. */
  readonly from: string
  /** Folder of the data set. */
  readonly into: string
  /** File whose line 17 holds the molecule `couplet_000017`: heavy atoms, SMILES. */
  readonly queue: string
  /** Names that are in both folders and shall be taken anew. */
  readonly replace?: readonly string[]
}

/** What was done, by names. */
export interface TakenIn {
  readonly added: readonly string[]
  readonly replaced: readonly string[]
  /** Not taken: the geometry did not converge, or was not optimised, or the wave function is not stable. */
  readonly refused: readonly string[]
  /** Geometries of the data set now. */
  readonly all: number
}

/**
 * Takes newly labelled geometries into the data set. Those that are there already stay as they are, unless they are to be
 * replaced. Everything is read and checked before anything is written.
 *
 * @throws DataError for damaged files, other columns, names that are not those of `queue`, and a name to be replaced that is
 *   not in both folders, or that may not be taken.
 */
export async function takeIn(options: TakeInOptions): Promise<TakenIn> {
  const { from, into, queue, replace = [] } = options
  // Damaged files and wrong pairs are refused here.
  const { table } = await readChamps(from)
  const before = new Set((await readChamps(into)).table.names)
  checkReplaced(replace, before, new Set(table.names), options)
  const origins = await rowsOf(from, 'molecules.csv')
  const smiles = (await readText(queue)).split('\n').map((line) => line.split(' ')[1])
  const fresh: string[] = []
  const refused: string[] = []
  for (const name of table.names) {
    if (before.has(name) && !replace.includes(name)) continue
    const number = NAME.exec(name)?.[1]
    if (!number) {
      throw new DataError(
        `${from} has a molecule ${quoteValue(name)}. Names are couplet_000017, couplet_000017_c1.`,
      )
    }
    const [, found, , , , converged, stable] = origins.get(name)?.[0]?.split(',') ?? []
    const wanted = smiles[Number(number) - 1]
    if (found !== wanted) {
      throw new DataError(
        `${from}/molecules.csv: ${name} is ${quoteValue(found ?? '')}, but ${queue} line ${Number(number)} says ${quoteValue(wanted ?? '')}. Give it the name of its line.`,
      )
    }
    if (converged === 'True' && stable === 'True') fresh.push(name)
    else refused.push(name)
  }
  const kept = refused.find((name) => before.has(name))
  if (kept) {
    throw new DataError(
      `${from}: ${kept} did not converge or is not stable, and does not replace what is there. Compute it anew.`,
    )
  }
  const names = [...new Set([...before, ...fresh])].toSorted()
  const files = await merge(options, names, new Set(fresh))
  for (const [file, text] of files) await writeAtomically(join(into, file), [text])
  return {
    added: fresh.filter((name) => !before.has(name)),
    replaced: fresh.filter((name) => before.has(name)),
    refused,
    all: names.length,
  }
}

function checkReplaced(
  replace: readonly string[],
  before: ReadonlySet<string>,
  found: ReadonlySet<string>,
  { from, into }: TakeInOptions,
): void {
  for (const name of replace) {
    const lacking = before.has(name) ? (found.has(name) ? undefined : from) : into
    if (lacking)
      throw new DataError(`${lacking} has no ${quoteValue(name)}, which shall be replaced.`)
  }
}

/** The new text of every file. */
async function merge(
  { from, into }: TakeInOptions,
  names: readonly string[],
  fresh: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const file of Object.keys(FILES) as (keyof typeof FILES)[]) {
    const [old, added] = [await rowsOf(into, file), await rowsOf(from, file)]
    const columns = old.get('')![0]!.split(',')
    const head = added.get('')![0]!.split(',')
    // `couplet label` writes more columns about a molecule, behind these.
    const length = file === 'molecules.csv' ? columns.length : head.length
    if (columns.join() !== head.slice(0, length).join()) {
      throw new DataError(
        `${from}/${file} has other columns than the file of the data set. Export it anew.`,
      )
    }
    const rows = names.flatMap((name) => {
      const lines = (fresh.has(name) ? added : old).get(name)
      if (!lines) throw new DataError(`${from}/${file} has no row of ${name}. Export it anew.`)
      return lines.map((line) => line.split(',').slice(0, length))
    })
    // The first column of train.csv is a running number.
    const numbered =
      file === 'train.csv' ? rows.map(([, ...row], id) => [String(id), ...row]) : rows
    files.set(file, [columns, ...numbered].map((row) => `${row.join(',')}\n`).join(''))
  }
  return files
}

/** The lines of a file by name of the molecule; the head under the empty name. */
async function rowsOf(
  directory: string,
  file: keyof typeof FILES,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const [head, ...lines] = (await readText(join(directory, file))).trimEnd().split('\n')
  return groupBy(lines, (line) => line.split(',')[FILES[file]] ?? '').set('', [head!])
}

async function readText(path: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(path))
}
