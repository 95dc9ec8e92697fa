import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Result } from '@couplet/eval'
import { readResult } from '@couplet/eval/node'

/** Root of the project. */
export const PROJECT_DIRECTORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

/** Where committed results are. */
export const RESULTS_DIRECTORY = join(PROJECT_DIRECTORY, 'paper', 'results')

/** The committed results of a data set, in the order of their files; none if there is no such folder. */
export async function committedResults(dataset: string): Promise<Result[]> {
  const folder = join(RESULTS_DIRECTORY, dataset)
  const files = await readdir(folder).catch(() => [] as string[])
  return files
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => readResult(join(folder, file)))
}

/** Names of the data sets with committed results. */
export async function committedDatasets(): Promise<string[]> {
  const entries = await readdir(RESULTS_DIRECTORY, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}
