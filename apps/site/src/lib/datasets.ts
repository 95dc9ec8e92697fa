import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readDft } from '@couplet/dft'
import type { Ends, RanksStudy, Result } from '@couplet/eval'
import { readResult } from '@couplet/eval/node'
import { compareEntries, isSeparated } from './comparisons.ts'
import { entryOf } from './entries.ts'
import { formatSeeds } from './numbers.ts'
import { RESULTS } from './project.ts'
import { isOutdated, readStale, studyOf } from './studies.ts'

/** What a data set is, in a sentence, and whether its molecules may be shown one by one. */
export interface Dataset {
  readonly name: string
  readonly title: string
  readonly about: string
  readonly licence: string
  readonly open: boolean
}

/** The data sets that results may be about, in the order of the site. */
export const DATASETS: readonly Dataset[] = [
  {
    name: 'couplet-dft',
    title: 'couplet-dft',
    about:
      'small organic molecules that ship with the project, labelled by our own B3LYP/6-31G(2df,p) calculations',
    licence: 'CC0 1.0',
    open: true,
  },
  {
    name: 'champs-sample',
    title: 'champs-sample',
    about:
      'a random sample of the training molecules of the 2019 competition; its licence permits aggregate numbers only here',
    licence: 'CC BY-NC-SA 4.0',
    open: false,
  },
]

/** The committed results of one data set, scored on the same molecules. */
export interface Standing {
  readonly dataset: Dataset
  /** Best score first. */
  readonly results: readonly Result[]
  /** Whether the data set has changed since these results were made. */
  readonly outdated: boolean
  /** Results about another version of the entry or of the data, with the reason; they are shown apart and never ranked. */
  readonly stale: readonly { readonly result: Result; readonly reason: string }[]
  /** The study of ranks, which knows several seeds; undefined until it is there and about these results. */
  readonly ranking: RanksStudy | undefined
  /**
   * Where each entry stands: by the study for all entries at once, else by the paired bootstrap of these results for each pair;
   * undefined where there is no study, and errors of single molecules may not be published.
   */
  readonly ranks: ReadonlyMap<string, Rank> | undefined
}

/** Where an entry stands. */
export interface Rank {
  /** Best and worst rank that the data leave open to it. */
  readonly best: number
  readonly worst: number
  /** Place by the mean score. */
  readonly place: number
  /** Seeds of its trainings, the mean of their scores with its interval, and the standard deviation between these; null with one seed. */
  readonly seeds: readonly number[]
  readonly meanScore: number
  readonly interval: Ends
  readonly seedDeviation: number | null
}

const EMBEDDED = 'couplet-dft'

let standings: Promise<readonly Standing[]> | undefined

/** Reads and ranks the committed results of every data set; those without any are left out. */
export function readStandings(): Promise<readonly Standing[]> {
  standings ??= Promise.all(DATASETS.map(readStanding)).then((all) =>
    all.filter(({ results, stale }) => results.length + stale.length > 0),
  )
  return standings
}

/** Paths of the pages about the data sets after the first, which has the address without a name. */
export async function laterDatasets() {
  return (await readStandings())
    .slice(1)
    .map((standing) => ({ params: { dataset: standing.dataset.name }, props: { standing } }))
}

async function readStanding(dataset: Dataset): Promise<Standing> {
  const all = readResults(dataset.name)
  // The state of the data that most results share: the data set grows, and results follow later.
  const current = mostCommon(all.map((result) => result.dataset.sha256))
  const installed = dataset.name === EMBEDDED ? (await readDft()).dataset.sha256 : current
  const judged = all.map((result) => ({ result, reason: staleReason(result, current) }))
  const results = judged
    .filter(({ reason }) => reason === undefined)
    .map(({ result }) => result)
    .toSorted((a, b) => a.score - b.score)
  const standing = {
    dataset,
    results,
    outdated: current !== installed,
    stale: judged.flatMap(({ result, reason }) => (reason ? [{ result, reason }] : [])),
  }
  const ranking = currentRanking(standing)
  return { ...standing, ranking, ranks: ranking ? studiedRanks(ranking) : pairedRanks(standing) }
}

function readResults(dataset: string): Result[] {
  let files: string[]
  try {
    files = readdirSync(join(RESULTS, dataset))
  } catch {
    return []
  }
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => readResult(join(RESULTS, dataset, file)))
    .filter(({ fold, entry }) => fold === 'all' && entryOf(entry.id) !== undefined)
}

/** Why a result is not about the entry or the data as they are now. */
function staleReason(result: Result, sha256: string | undefined): string | undefined {
  if (result.dataset.sha256 !== sha256) return 'scored on another state of the data'
  const { version } = entryOf(result.entry.id)!
  if (result.entry.version !== version) {
    return `scored with version ${result.entry.version} of the entry, which is at ${version} now`
  }
  const changed = readStale().find(({ dataset, entry }) => {
    return dataset === result.dataset.name && entry === result.entry.id
  })
  return changed && `scored with ${changed.reason}; the entry has changed since`
}

type Unranked = Omit<Standing, 'ranking' | 'ranks'>

function currentRanking(standing: Unranked): RanksStudy | undefined {
  const study = studyOf('ranks', standing.dataset.name)
  if (!study || isOutdated(study, standing)) return undefined
  const ranked = new Set(study.entries.map(({ entry }) => entry))
  return standing.results.every(({ entry }) => ranked.has(entry.id)) ? study : undefined
}

function studiedRanks({ entries }: RanksStudy): Standing['ranks'] {
  return new Map(
    entries.map(({ entry, rank, seeds, score, seedDeviation }, index) => [
      entry,
      { ...rank, place: index + 1, seeds, meanScore: score.value, interval: score, seedDeviation },
    ]),
  )
}

/** From the comparison of every two entries. */
function pairedRanks(standing: Unranked): Standing['ranks'] {
  const comparisons = compareEntries(standing)?.filter(({ difference }) => isSeparated(difference))
  if (!comparisons) return undefined
  const count = standing.results.length
  return new Map(
    standing.results.map(({ entry: { id }, seed, score, interval }, index) => [
      id,
      {
        best: 1 + comparisons.filter(({ b }) => b === id).length,
        worst: count - comparisons.filter(({ a }) => a === id).length,
        place: index + 1,
        seeds: [seed],
        meanScore: score,
        interval,
        seedDeviation: null,
      },
    ]),
  )
}

function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0]
}

/** What the numbers of a standing are about: data set, folds, molecules. Stands beside every table. */
export function describeStanding({ dataset, results }: Standing): string {
  const counts = results[0]?.counts
  if (!counts) return `${dataset.title}: no current results`
  const { molecules, constitutions, pairs } = counts.test
  const geometries =
    constitutions === undefined || constitutions === molecules
      ? `${molecules.toLocaleString('en')} molecules`
      : `${constitutions.toLocaleString('en')} molecules in ${molecules.toLocaleString('en')} geometries`
  return `${dataset.title}, five folds, each molecule predicted by a model that had not seen it: ${geometries}, ${pairs.toLocaleString('en')} couplings; trained on about ${counts.train.molecules.toLocaleString('en')} geometries a fold`
}

/** The seed of the results, whose scores, intervals and errors are shown. Ranks and differences may be of means over several. */
export function describeSeed({ results }: Pick<Standing, 'results'>): string {
  return formatSeeds([...new Set(results.map(({ seed }) => seed))].toSorted((a, b) => a - b))
}

/** What the scores of a leaderboard are: means over the seeds by the study, else those of one training. */
export function describeScore({ ranking, results }: Standing): string {
  const one = `one training (${describeSeed({ results })})`
  if (!ranking) {
    return `Score, interval and errors are those of ${one}; the interval says how much other molecules would change the score`
  }
  const counts = ranking.entries.map(({ seeds }) => seeds.length)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const trainings = least === most ? `${most}` : `${least} to ${most}`
  return `An entry’s score is the mean over its ${most === 1 ? 'training' : `${trainings} trainings with different seeds`}; the interval says how much other molecules and seeds would change it. Errors of types, and all numbers of ensembles, are those of ${one}`
}

/** What is compared where entries are ranked, and what was drawn anew. */
export function describeRanking({ ranking, results }: Standing): string {
  if (!ranking) return `${describeSeed({ results })}, molecules drawn`
  return ranking.seedDeviation === null
    ? 'mean over the seeds, molecules drawn; no entry has several seeds yet'
    : 'mean over the seeds, molecules and seeds drawn'
}
