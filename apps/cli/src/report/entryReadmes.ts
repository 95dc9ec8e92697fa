import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { formatScore, type Result, type SizesStudy } from '@couplet/eval'
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

/** The READMEs of the entries' packages, with what the committed results say of each. */
export async function entryReadmes(results: Results, stale: Stale): Promise<ReportFile[]> {
  const folders = await entryFolders(PROJECT_DIRECTORY)
  const packages = await Promise.all(
    folders.map(async (folder) => ({ folder, ids: await entryIds(folder) })),
  )
  const studies = new Map(
    Array.from(results, ([dataset, all]) => {
      const study = readStudy('sizes', studyPath(RESULTS_DIRECTORY, 'sizes', dataset))
      // About the data that the results are about, or of no use here.
      const fits = all.some((result) => result.dataset.sha256 === study?.dataset.sha256)
      return [dataset, fits ? study : undefined]
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
 * Scores and learning curves of the entries of a package, as Markdown.
 * @param studies of learning curves by data set, those that were run.
 */
export function resultsOf(
  ids: readonly string[],
  results: Results,
  stale: Stale,
  studies: ReadonlyMap<string, SizesStudy | undefined>,
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
  const curves = ids.flatMap((id) =>
    Array.from(studies, ([dataset, study]) => study && curveOf(id, dataset, study)),
  )
  return [about, table(head, rows), ...curves.filter((one) => one !== undefined)].join('\n\n')
}

/** A score with its interval, and why it is stale where it is. */
export function scoreCell(result: Result, stale: Stale): string {
  const { low, high } = result.interval
  const score = `${formatScore(result.score)} [${formatScore(low)}, ${formatScore(high)}]`
  const reason = stale.get(result)
  return reason ? `${score} (${reason})` : score
}

/** The learning curve of an entry; undefined where it was not trained on shares of the data. */
function curveOf(id: string, dataset: string, study: SizesStudy): string | undefined {
  const found = study.entries.find(({ entry }) => entry === id)
  if (!found || found.points.length < 2) return undefined
  const seeds = new Set(found.points.map(({ seed }) => seed)).size
  const lines = [
    `Learning curve of \`${id}\`: score on fold ${study.fold} of ${dataset}, ${study.counts.molecules} molecules, after training on fewer or for a shorter time; ${study.budget} core-seconds where nothing else is said, ${seeds === 1 ? 'one seed' : `mean of ${seeds} seeds`}.`,
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
