import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseJson, type Result, type StudyName } from '@couplet/eval'
import { readResult } from '@couplet/eval/node'
import { z } from 'zod'
import { UsageError } from './UsageError.ts'

/** Root of the project. */
export const PROJECT_DIRECTORY = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

/** Where the paper, the sources of its numbers and the results are. */
export const PAPER_DIRECTORY = join(PROJECT_DIRECTORY, 'paper')

/** Where committed results are. */
export const RESULTS_DIRECTORY = join(PAPER_DIRECTORY, 'results')

/** Seed of the results `<dataset>/<entry>.json`; those of further seeds are in `<dataset>/seeds/`. */
export const MAIN_SEED = 1

/** Where the files about an entry on a data set are, below the folder of results. */
export function resultPaths(results: string, dataset: string, entry: string, seed = MAIN_SEED) {
  const folder = join(results, dataset)
  return {
    result:
      seed === MAIN_SEED
        ? join(folder, `${entry}.json`)
        : join(folder, 'seeds', `${entry}-${seed}.json`),
    predictions: join(folder, 'predictions', `${entry}.csv`),
    curves: join(folder, 'curves', `${entry}.json`),
  }
}

/** Where a study's file is: beside the results of its data set, or `history.json` above them. */
export function studyPath(results: string, name: StudyName, dataset?: string): string {
  return dataset === undefined
    ? join(results, `${name}.json`)
    : join(results, dataset, 'study', `${name}.json`)
}

/** The committed results of a data set, in the order of their files; none if there is no such folder. */
export async function committedResults(dataset: string): Promise<Result[]> {
  const paths = await resultFiles(RESULTS_DIRECTORY, dataset)
  return paths.map((path) => readResult(path))
}

/** Paths of the results of a data set; with `seeds`, of its further seeds. */
export async function resultFiles(
  results: string,
  dataset: string,
  seeds?: 'seeds',
): Promise<string[]> {
  const folder = join(results, dataset, seeds ?? '')
  const files = await readdir(folder).catch(() => [] as string[])
  return files
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => join(folder, file))
}

/** The committed results of every data set that has some, by name. */
export async function allCommittedResults(): Promise<Map<string, Result[]>> {
  const entries = await readdir(RESULTS_DIRECTORY, { withFileTypes: true }).catch(() => [])
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const results = new Map<string, Result[]>()
  for (const name of names.toSorted()) {
    const all = await committedResults(name)
    if (all.length > 0) results.set(name, all)
  }
  return results
}

/** Whether this program runs in a checkout of the project, and not as an installed package. */
export async function isCheckout(): Promise<boolean> {
  const path = join(PROJECT_DIRECTORY, 'package.json')
  const text = await readFile(path, 'utf8').catch(() => '{}')
  return parseJson(text, z.looseObject({}), path, 'Mend it.')['name'] === 'couplet-workspace'
}

/** Refuses to keep results in the project's folder where there is no checkout of the project, see {@link requireCheckout}. */
export async function requireResults(results: string): Promise<void> {
  if (results === RESULTS_DIRECTORY) await requireCheckout()
}

/**
 * Refuses to write below the project's folder where there is no checkout of the project: an installed package has none.
 * @throws UsageError
 */
export async function requireCheckout(): Promise<void> {
  if (await isCheckout()) return
  throw new UsageError(
    'this works in a checkout of the project only. Clone it and call `npm run -s couplet -- …` there.',
  )
}
