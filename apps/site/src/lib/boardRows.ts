import { type Ends, type EnsemblesStudy, type Result, trainingCoreSeconds } from '@couplet/eval'
import type { Rank, Standing } from './datasets.ts'
import { readEntries, type SiteEntry } from './entries.ts'
import { COMBINATIONS, PROTOCOLS } from './ensembleWords.ts'
import { ordinal } from './numbers.ts'
import { isOutdated, readHistory, studyOf } from './studies.ts'
import { UNIMPLEMENTED } from './unimplemented.ts'

interface Scored {
  readonly score: number
  /** Ends of the interval; undefined where the source gives none. */
  readonly interval: Ends | undefined
}

/** What was measured: on the open molecules of one data set, or of 2019 on those of the competition. */
interface Measured extends Scored {
  /** Of the training with the first seed, whose errors follow; `score` and `interval` are of the mean over the seeds where there is a study of ranks. */
  readonly first: Scored
  /** Mean absolute errors in hertz in the order of the coupling types. */
  readonly maes: readonly (number | null)[]
}

/** What it costs; of an ensemble, the sum over its entries. */
interface Cost {
  readonly parameters: number
  /** Processor time of training in seconds, all folds together. */
  readonly coreSeconds: number
  readonly millisecondsPerMolecule: number
}

/** A row of the leaderboard. */
export interface BoardRow {
  readonly kind: 'single' | 'ensemble' | 'team'
  readonly name: string
  /** Whose idea, or what is put together. */
  readonly note: string
  /** Path of its page, if there is one. */
  readonly page: string | undefined
  /** The entry; undefined for ensembles, and for solutions without one. */
  readonly entry: SiteEntry | undefined
  /** `scored`, `stale`, `not run yet` or `not implemented`; only `scored` has numbers. */
  readonly status: 'scored' | 'stale' | 'not run yet' | 'not implemented'
  /** Why there are no numbers, for people; empty where there are. */
  readonly reason: string
  /** Place by mean score among the entries; undefined for what is no entry. */
  readonly place: number | undefined
  /** Where an entry stands; undefined where that is not known. */
  readonly rank: Rank | undefined
  readonly measured: Measured | undefined
  readonly cost: Cost | undefined
  /** Rank and score on the private leaderboard of 2019. */
  readonly rank2019: number | null
  readonly score2019: number | null
}

/** Rows of the leaderboard of one data set: entries and ensembles by score, then what has no result. */
export function boardRows(standing: Standing): BoardRow[] {
  const scored = [
    ...standing.results.map((result, place) => resultRow(standing, result, place)),
    ...ensembleRows(standing),
  ].toSorted((a, b) => a.measured!.score - b.measured!.score)
  const missing = readEntries()
    .filter(({ id }) => !standing.results.some(({ entry }) => entry.id === id))
    .map((entry): BoardRow => {
      const stale = standing.stale.find(({ result }) => result.entry.id === entry.id)
      return {
        ...entryRow(entry),
        status: stale ? 'stale' : 'not run yet',
        reason: stale ? `to be run again: ${stale.reason}` : 'not run yet',
      }
    })
  const unimplemented = UNIMPLEMENTED.map(({ team, rank, score, reason }): BoardRow => ({
    ...EMPTY,
    name: team,
    note: `${ordinal(rank)} in 2019`,
    status: 'not implemented',
    reason,
    rank2019: rank,
    score2019: score,
  }))
  return [...scored, ...missing, ...unimplemented]
}

/**
 * Rows of 2019, for orientation: the teams whose architectures are entries here, the ensembles of 2021 over the teams' submissions,
 * and the mean of each type. They were trained on other molecules, and scored on others.
 */
export function historyRows(): BoardRow[] {
  const history = readHistory()
  if (!history) return []
  const entries = readEntries()
  const rows = history.perType.flatMap(({ rank, name, score, logMaes }): BoardRow[] => {
    const own = entries.filter(({ originator }) => originator.rank === rank)
    if (rank !== null && own.length === 0) return []
    const team = history.leaderboard.find((one) => one.rank === rank)
    return [
      {
        ...EMPTY,
        kind: rank === null ? 'ensemble' : 'team',
        name: team?.team ?? name,
        note: rank === null ? 'of 2021, over the submissions of 2019' : `${ordinal(rank)} in 2019`,
        status: 'scored',
        measured: measuredIn2019(score, logMaes),
        rank2019: rank,
        score2019: team?.private ?? null,
      },
    ]
  })
  const { score, logMaes } = history.typeMean
  const mean: BoardRow = {
    ...EMPTY,
    name: 'mean of each type',
    note: 'baseline on the data of 2019',
    status: 'scored',
    measured: measuredIn2019(score, logMaes),
  }
  return [...rows, mean].toSorted((a, b) => a.measured!.score - b.measured!.score)
}

const EMPTY: BoardRow = {
  kind: 'single',
  name: '',
  note: '',
  page: undefined,
  entry: undefined,
  status: 'not run yet',
  reason: '',
  place: undefined,
  rank: undefined,
  measured: undefined,
  cost: undefined,
  rank2019: null,
  score2019: null,
}

function entryRow(entry: SiteEntry): BoardRow {
  const { team, rank, score } = entry.originator
  return {
    ...EMPTY,
    name: entry.name,
    note: rank === null ? team : `${team}, ${ordinal(rank)} in 2019`,
    page: `/entries/${entry.id}/`,
    entry,
    rank2019: rank,
    score2019: score,
  }
}

function resultRow({ ranks }: Standing, result: Result, place: number): BoardRow {
  const entry = readEntries().find(({ id }) => id === result.entry.id)!
  const rank = ranks?.get(entry.id)
  return {
    ...entryRow(entry),
    status: 'scored',
    place: rank?.place ?? place + 1,
    rank,
    measured: {
      score: rank?.meanScore ?? result.score,
      interval: rank?.interval ?? result.interval,
      first: result,
      maes: result.types.map(({ mae }) => mae),
    },
    cost: costOf([result]),
  }
}

/** The ensembles of the study whose scored molecules took no part in the fit; the search is that of 2021. */
function ensembleRows({ dataset, results }: Standing): BoardRow[] {
  const study = studyOf('ensembles', dataset.name)
  if (!study || isOutdated(study, { results })) return []
  const members = study.entries.flatMap((id) => results.find(({ entry }) => entry.id === id) ?? [])
  return study.ensembles
    .filter(isComparable)
    .map(({ combination, protocol, score, maes, modelsAbove }): BoardRow => ({
      ...EMPTY,
      kind: 'ensemble',
      name: `Ensemble, ${COMBINATIONS[combination]}`,
      note: [
        `of ${study.entries.length} entries`,
        ...(modelsAbove === null ? [] : [`${modelsAbove} with a weight above 0.01`]),
        PROTOCOLS[protocol],
      ].join('; '),
      page: '/ensemble/',
      status: 'scored',
      measured: {
        score: score.value,
        interval: score,
        first: { score: score.value, interval: score },
        maes,
      },
      cost: members.length === study.entries.length ? costOf(members) : undefined,
    }))
}

/** The protocol of 2021 sees rows of the molecules that it scores; of the two searches one is enough. */
function isComparable({ protocol, search }: EnsemblesStudy['ensembles'][number]): boolean {
  return protocol !== 'rows-2021' && search !== 'pairwise'
}

function costOf(results: readonly Result[]): Cost {
  const sum = (of: (result: Result) => number): number =>
    results.reduce((total, result) => total + of(result), 0)
  return {
    parameters: sum(({ parameters }) => parameters),
    coreSeconds: sum(trainingCoreSeconds),
    millisecondsPerMolecule: sum(({ run }) => 1000 / run.moleculesPerSecond),
  }
}

function measuredIn2019(score: number, logMaes: readonly number[]): Measured {
  const first = { score, interval: undefined }
  return { ...first, first, maes: logMaes.map((value) => Math.exp(value)) }
}
