import type { MoleculeTable } from '@couplet/data'
import { readDft, readDftOrigins, type DftOrigin } from '@couplet/dft'
import {
  comparePaired,
  DATASET_STUDIES,
  errorsFromResult,
  type Result,
  type Study,
} from '@couplet/eval'
import { readResult, readStudy } from '@couplet/eval/node'
import { parseEntry, type Entry } from '@couplet/model/schema'
import { glob, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bestFitted } from './bestFitted.ts'
import { readFacts, type Facts } from './Fact.ts'

type DatasetStudy = (typeof DATASET_STUDIES)[number]

/** Studies of one data set, those that were run. */
export type Studies = { readonly [Name in DatasetStudy]?: Study<Name> }

/** The embedded data set. */
interface DftData {
  readonly table: MoleculeTable
  readonly sha256: string
  /** How each geometry came about, in the order of the table. */
  readonly origins: readonly DftOrigin[]
}

/** All that the paper may speak of: entries, their committed results, studies, facts of others, and the embedded data set. */
export interface Evidence {
  /** Every entry: first those without a rank, then by the rank of the originator. */
  readonly entries: readonly Entry[]
  /** Results of each data set that has some, best score first. */
  readonly results: ReadonlyMap<string, readonly Result[]>
  /** Studies of each data set that has results. */
  readonly studies: ReadonlyMap<string, Studies>
  /** What the teams of 2019 and the ensembles of 2021 reached; undefined where the file is not there. */
  readonly history: Study<'history'> | undefined
  readonly facts: Facts
  readonly dft: DftData
}

/**
 * The studies that the paper tells of: those of the embedded data set, and transfer, which learns from that set first and is scored on
 * the sample of the competition's.
 */
export function studiesOf({ studies }: Pick<Evidence, 'studies'>): Studies {
  const { transfer } = studies.get('champs-sample') ?? {}
  return { ...studies.get('couplet-dft'), ...(transfer && { transfer }) }
}

/** The studies that the paper tells of on the sample of the competition's data too. */
export const ON_BOTH = ['ranks', 'ensembles', 'errors'] as const

/** The studies {@link ON_BOTH} on the sample, those that were run. */
export function studiesOfSample({
  studies,
}: Pick<Evidence, 'studies'>): Pick<Studies, (typeof ON_BOTH)[number]> {
  return studies.get('champs-sample') ?? {}
}

/**
 * Reads what the paper is about.
 * @param root the project's folder, which holds `paper/results` and `paper/facts.json`.
 * @throws EvalError, PaperError or Error for a file that is not what it should be.
 */
export async function readEvidence(root: string): Promise<Evidence> {
  const folder = join(root, 'paper', 'results')
  const { table, dataset } = await readDft()
  const entries = await readEntries(root)
  const results = await readResults(folder, entries, dataset.sha256)
  return {
    entries,
    results,
    studies: new Map(Array.from(results, ([name, all]) => [name, readStudies(folder, name, all)])),
    history: readStudy('history', join(folder, 'history.json')),
    facts: await readFacts(join(root, 'paper', 'facts.json')),
    dft: { table, sha256: dataset.sha256, origins: await readDftOrigins() },
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

async function readResults(
  folder: string,
  entries: readonly Entry[],
  current: string,
): Promise<Map<string, Result[]>> {
  const versions = new Map(entries.map(({ id, version }) => [id, version]))
  const stale = readStudy('stale', join(folder, 'stale.json'))?.results ?? []
  const results = new Map<string, Result[]>()
  const datasets = await readdir(folder, { withFileTypes: true })
  for (const { name } of datasets.filter((one) => one.isDirectory())) {
    const files = (await readdir(join(folder, name))).filter((file) => file.endsWith('.json'))
    const read = files
      .map((file) => readResult(join(folder, name, file)))
      // A result of another version of the entry, or of other settings, is stale, and counts as not run.
      .filter(({ entry }) => versions.get(entry.id) === entry.version && !isStale(name, entry.id))
    if (read.length > 0) results.set(name, comparable(read, current))
  }
  return results

  function isStale(dataset: string, entry: string): boolean {
    return stale.some((one) => one.dataset === dataset && one.entry === entry)
  }
}

/**
 * The results that are about the same molecules, best score first: about the data as they are, or else about those that most
 * are about. While a data set grows and entries are trained anew, the others count as not run.
 */
function comparable(results: readonly Result[], current: string): Result[] {
  const groups = Map.groupBy(results, ({ dataset }) => dataset.sha256)
  const largest = [...groups.values()].toSorted((a, b) => b.length - a.length)[0]!
  return (groups.get(current) ?? largest).toSorted((a, b) => a.score - b.score)
}

/** Studies about other data than the results are about are stale, and count as not run. */
function readStudies(folder: string, dataset: string, results: readonly Result[]): Studies {
  const { sha256 } = results[0]!.dataset
  const read = DATASET_STUDIES.map((name) => {
    return [name, readStudy(name, join(folder, dataset, 'study', `${name}.json`))] as const
  })
  const current = read.filter(([, study]) => {
    return study?.dataset.sha256 === sha256 && hasContents(study)
  })
  return Object.fromEntries(current) as Studies
}

/** Whether a study has what its section speaks of: one that has just begun may lack it. */
function hasContents(study: Study<DatasetStudy>): boolean {
  switch (study.study) {
    case 'ranks':
    case 'errors':
      return study.entries.length > 1
    case 'ensembles':
      return study.leaveOutBest.length > 0 && bestFitted(study) !== undefined
    case 'swaps':
      return study.swaps.length > 0
    default:
      return study.entries.length > 0
  }
}

/** The result of an entry on a data set; undefined where it has none. */
export function resultOf(evidence: Evidence, dataset: string, id: string): Result | undefined {
  return evidence.results.get(dataset)?.find(({ entry }) => entry.id === id)
}

/** The score of one entry less that of another, with the ends of the interval that decides. */
export interface EntryComparison {
  readonly difference: number
  readonly low: number
  readonly high: number
}

const comparisons = new WeakMap<Evidence, Map<string, EntryComparison | undefined>>()

/**
 * Compares two entries on the same resamples: by the interval that holds for all pairs of the table of ranks at once, or by that of
 * the pair alone where it has none. Undefined where one has no result, or none for single molecules.
 */
export function compareEntries(
  evidence: Evidence,
  dataset: string,
  a: string,
  b: string,
): EntryComparison | undefined {
  const known = comparisons.get(evidence) ?? new Map<string, EntryComparison | undefined>()
  comparisons.set(evidence, known)
  const key = `${dataset} ${a} ${b}`
  if (!known.has(key)) {
    known.set(key, ranked(evidence, dataset, a, b) ?? paired(evidence, dataset, a, b))
  }
  return known.get(key)
}

/** The entries whose difference to the one with the best score may be zero. */
export function tiedWithBest(evidence: Evidence, dataset: string): string[] {
  const [best, ...others] = (evidence.results.get(dataset) ?? []).map(({ entry }) => entry.id)
  return others.filter((id) => {
    const compared = compareEntries(evidence, dataset, best!, id)
    return compared !== undefined && compared.high >= 0
  })
}

function ranked(
  { studies }: Evidence,
  dataset: string,
  a: string,
  b: string,
): EntryComparison | undefined {
  const found = studies.get(dataset)?.ranks?.differences.find(({ better, worse }) => {
    return (better === a && worse === b) || (better === b && worse === a)
  })
  if (!found) return undefined
  const { better, difference, simultaneous } = found
  return better === a
    ? { difference: difference.value, ...simultaneous }
    : { difference: -difference.value, low: -simultaneous.high, high: -simultaneous.low }
}

function paired(
  evidence: Evidence,
  dataset: string,
  a: string,
  b: string,
): EntryComparison | undefined {
  const [first, second] = [a, b].map((id) => {
    const result = resultOf(evidence, dataset, id)
    return result && errorsFromResult(result)
  })
  if (!first || !second) return undefined
  const { difference, interval } = comparePaired(first, second, { seed: 1 })
  return { difference, low: interval.low, high: interval.high }
}
