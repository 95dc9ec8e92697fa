import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  formatScore,
  sortedSwaps,
  type Result,
  type SizesStudy,
  type StudyName,
  type SwapsStudy,
  type TransferStudy,
} from '@couplet/eval'
import { readStudy } from '@couplet/eval/node'
import { parseEntry } from '@couplet/model/schema'
import { ENTRIES_FOLDER, entryFolders } from '../entryPackage.ts'
import { PROJECT_DIRECTORY, RESULTS_DIRECTORY, studyPath } from '../results.ts'
import { markedFile, type ReportFile } from './ReportFile.ts'

/** Entries that every network is to be compared with. */
const PEERS = ['mpnn', 'boosted-trees']

/** What a README says of an entry that has not been scored. */
export const NO_RESULTS = 'Not run yet.'

type Results = ReadonlyMap<string, readonly Result[]>

/** Why results are not about the entries or the data as they are now; those that are do not occur. */
type Stale = ReadonlyMap<Result, string>

/** Studies of trainings on one data set, those that were run on these data. */
export interface TrainingStudies {
  readonly sizes?: SizesStudy | undefined
  readonly swaps?: SwapsStudy | undefined
  readonly transfer?: TransferStudy | undefined
}

/** The READMEs of the entries' packages, with what the committed results say of each. */
export async function entryReadmes(results: Results, stale: Stale): Promise<ReportFile[]> {
  const folders = await entryFolders(PROJECT_DIRECTORY)
  const packages = await Promise.all(
    folders.map(async (folder) => ({ folder, ids: await entryIds(folder) })),
  )
  const studies = new Map(
    Array.from(results, ([dataset, all]) => {
      const read = <Name extends keyof TrainingStudies & StudyName>(name: Name) => {
        const study = readStudy(name, studyPath(RESULTS_DIRECTORY, name, dataset))
        // About the data that the results are about, or of no use here.
        const fits = all.some((result) => result.dataset.sha256 === study?.dataset.sha256)
        return fits ? study : undefined
      }
      return [
        dataset,
        { sizes: read('sizes'), swaps: read('swaps'), transfer: read('transfer') },
      ] as const
    }),
  )
  return Promise.all(
    packages.map(({ folder, ids }) => {
      const path = join(PROJECT_DIRECTORY, ENTRIES_FOLDER, folder, 'README.md')
      return markedFile(path, 'results', resultsOf(ids, results, stale, studies))
    }),
  )
}

/** The entries of a package. */
async function entryIds(folder: string): Promise<string[]> {
  const sources = join(PROJECT_DIRECTORY, ENTRIES_FOLDER, folder, 'src')
  const paths = (await readdir(sources, { recursive: true })).filter((path) => {
    return basename(path) === 'entry.json'
  })
  const texts = await Promise.all(paths.map((path) => readFile(join(sources, path), 'utf8')))
  return texts.map((text) => parseEntry(JSON.parse(text)).id).toSorted()
}

/**
 * Scores, learning curves and exchanged parts of the entries of a package, as Markdown.
 * @param studies by data set.
 */
export function resultsOf(
  ids: readonly string[],
  results: Results,
  stale: Stale,
  studies: ReadonlyMap<string, TrainingStudies>,
): string {
  const own = [...results].flatMap(([dataset, all]) =>
    all.flatMap((result) =>
      ids.includes(result.entry.id) && result.fold === 'all' ? [{ dataset, all, result }] : [],
    ),
  )
  if (own.length === 0) return NO_RESULTS
  const rows = own.map(({ dataset, all, result }) => [
    ...(ids.length > 1 ? [`\`${result.entry.id}\``] : []),
    dataset,
    String(result.counts.test.molecules),
    result.charges,
    String(result.config['recipe/budget'] ?? '–'),
    scoreCell(result, stale),
    ...PEERS.map((peer) => {
      const other = all.find((one) => one.entry.id === peer && !stale.has(one))
      return other && !ids.includes(peer) ? formatScore(other.score) : '–'
    }),
  ])
  const head = [
    ...(ids.length > 1 ? ['entry'] : []),
    'data set',
    'molecules',
    'charges',
    'core-s',
    'score [95 % interval]',
    ...PEERS.map((peer) => `\`${peer}\``),
  ]
  const about = `Small preset, one training seed; every molecule was predicted by that of five models which had not seen it. Score: mean over the coupling types of ln(mean absolute error in Hz), lower is better. core-s: core-seconds that the training of a model may take. No statement about the solution of 2019.`
  const parts = ids.flatMap((id) =>
    Array.from(studies, ([dataset, { sizes, swaps, transfer }]) => [
      sizes && curveOf(id, dataset, sizes),
      swaps && swapsOf(id, dataset, swaps),
      transfer && transferOf(id, dataset, transfer),
    ]).flat(),
  )
  return [about, table(head, rows), ...parts.filter((one) => one !== undefined)].join('\n\n')
}

/** A score with its interval, and why it is stale where it is. */
export function scoreCell(result: Result, stale: Stale): string {
  const score = intervalCell({ value: result.score, ...result.interval })
  const reason = stale.get(result)
  return reason ? `${score} (${reason})` : score
}

/** The learning curve of an entry; undefined where it was not trained on shares of the data. */
function curveOf(id: string, dataset: string, study: SizesStudy): string | undefined {
  const found = study.entries.find(({ entry }) => entry === id)
  if (!found || found.points.length < 2) return undefined
  const seeds = new Set(found.points.map(({ seed }) => seed)).size
  const lines = [
    `Learning curve of \`${id}\`: score on fold ${study.fold} of ${dataset}, ${study.counts.molecules} molecules, after training on fewer or for a shorter time; ${study.budget} core-seconds where nothing else is said, ${seedWords(seeds)}.`,
    scoreRow(
      'training molecules',
      found.points.map(({ molecules, score }) => [molecules, score]),
    ),
    ...(found.byBudget && found.byBudget.length > 1
      ? [
          scoreRow(
            'core-seconds',
            found.byBudget.map(({ budget, score }) => [budget, score]),
          ),
        ]
      : []),
  ]
  const slopes = [id, ...PEERS.filter((peer) => peer !== id)].flatMap((name) => {
    const { fit } = study.entries.find(({ entry }) => entry === name) ?? {}
    return fit ? [`\`${name}\` ${formatScore(fit.slope)}`] : []
  })
  if (found.fit) {
    lines.push(
      `Change of the score for a factor e in molecules, by a straight line through the sizes: ${slopes.join(', ')}.`,
    )
  }
  return lines.join('\n\n')
}

/** What the parts of an entry bring; undefined where none was exchanged. */
function swapsOf(id: string, dataset: string, study: SwapsStudy): string | undefined {
  const own = sortedSwaps(study).filter(({ entry }) => entry === id)
  if (own.length === 0) return undefined
  const rows = own.map(({ component, from, to, swapped, difference }) => [
    component,
    `\`${from}\` to \`${to}\``,
    formatScore(swapped),
    intervalCell(difference),
  ])
  const about = `What parts of \`${id}\` bring: trained again with one exchanged, within the same ${study.budget} core-seconds, on the five folds of ${dataset}, ${study.counts.molecules} molecules, ${seedWords(own[0]!.seeds.length)}. Above 0, the part helps.`
  return [about, table(['part', 'exchanged', 'score', 'difference [95 % interval]'], rows)].join(
    '\n\n',
  )
}

/** What training on other data first brings; undefined where it was not tried. */
function transferOf(id: string, dataset: string, study: TransferStudy): string | undefined {
  const own = study.entries.find(({ entry }) => entry === id)
  if (!own) return undefined
  const { pretraining, counts } = study
  return `Trained on ${pretraining.molecules} molecules of ${pretraining.dataset} first, which takes its core-seconds besides, \`${id}\` scores ${formatScore(own.with)} instead of ${formatScore(own.without)} on ${dataset}, ${counts.molecules} molecules, five folds, ${seedWords(own.seeds.length)}: a difference of ${intervalCell(own.difference)}; below 0, it helps.`
}

function seedWords(seeds: number): string {
  return seeds === 1 ? 'one seed' : `mean of ${seeds} seeds`
}

function intervalCell(estimate: { value: number; low: number; high: number }): string {
  const { value, low, high } = estimate
  return `${formatScore(value)} [${formatScore(low)}, ${formatScore(high)}]`
}

/** Scores over what was varied, as a table of two rows. */
function scoreRow(label: string, points: readonly (readonly [number, number])[]): string {
  const places = [...new Set(points.map(([at]) => at))].toSorted((a, b) => a - b)
  const means = places.map((place) => {
    const same = points.filter(([at]) => at === place)
    return [place, same.reduce((sum, [, score]) => sum + score, 0) / same.length] as const
  })
  const head = [label, ...means.map(([at]) => String(at))]
  return table(head, [['score', ...means.map(([, score]) => formatScore(score))]])
}

/** A Markdown table whose columns are aligned in the source, as the formatter leaves them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]!.length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
