import { readDft, readDftOrigins, type DftOrigin } from '@couplet/dft'
import type { MoleculeTable } from '@couplet/data'
import type { Result } from '@couplet/eval'
import { readResult } from '@couplet/eval/node'
import { parseEntry, type Entry } from '@couplet/model/schema'
import { glob, readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** All that the paper may speak of: entries, their committed results, and the embedded data set. */
export interface Evidence {
  /** Every entry, in the order of its originator's rank; those without a rank first. */
  readonly entries: readonly Entry[]
  /** Results of each data set that has some, best score first. */
  readonly results: ReadonlyMap<string, readonly Result[]>
  /** The embedded data set. */
  readonly dft: { readonly table: MoleculeTable; readonly origins: readonly DftOrigin[] }
}

/**
 * Reads what the paper is about.
 * @param root the project's folder.
 * @param results where the result files are, one folder for each data set.
 * @throws EvalError or Error for a file that is not what it should be.
 */
export async function readEvidence(root: string, results: string): Promise<Evidence> {
  const { table } = await readDft()
  return {
    entries: await readEntries(root),
    results: await readResults(results),
    dft: { table, origins: await readDftOrigins() },
  }
}

async function readEntries(root: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const path of glob('packages/entries/*/src/**/entry.json', { cwd: root })) {
    entries.push(parseEntry(JSON.parse(await readFile(join(root, path), 'utf8'))))
  }
  const place = ({ id, originator }: Entry): string =>
    `${String(originator.rank ?? 0).padStart(4, '0')} ${id}`
  return entries.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))
}

async function readResults(folder: string): Promise<Map<string, Result[]>> {
  const results = new Map<string, Result[]>()
  const datasets = await readdir(folder, { withFileTypes: true })
  for (const { name } of datasets.filter((one) => one.isDirectory())) {
    const files = (await readdir(join(folder, name))).filter((file) => file.endsWith('.json'))
    const read = files.map((file) => readResult(join(folder, name, basename(file))))
    if (read.length > 0)
      results.set(
        name,
        read.toSorted((a, b) => a.score - b.score),
      )
  }
  return results
}
