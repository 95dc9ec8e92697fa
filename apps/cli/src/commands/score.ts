import { Command } from 'commander'
import { formatTable, rankEntries, tableBlock, type Ranking } from '@couplet/eval'
import { counted } from '../counted.ts'
import { readDataset } from '../Dataset.ts'
import { ENTRIES } from '../entries.ts'
import { jsonOption, resultsOption } from '../options.ts'
import { withProgress } from '../ProgressLine.ts'
import { requireResults } from '../results.ts'
import { publishResults } from '../study/publishResults.ts'
import { Run } from '../Run.ts'
import { typesOf } from '../startOf.ts'
import { RESAMPLING, scoreRuns, type Scored } from '../scoreRuns.ts'
import { UsageError } from '../UsageError.ts'

interface ScoreCall {
  readonly data?: string
  readonly publish?: boolean
  readonly results: string
  readonly json?: boolean
}

/** `couplet score`: scores runs on what they held out. */
export function scoreCommand(): Command {
  return new Command('score')
    .description('Score runs on the molecules they held out, with intervals and paired comparison.')
    .argument('<run...>', 'run folders; the five folds of one entry are scored together')
    .option('--data <folder>', 'where the data are now (default: where the run read them)')
    .option(
      '--publish',
      'write results, training curves and, where the licence allows it, predictions to paper/results/<data set> (five folds only)',
    )
    .addOption(resultsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  couplet score runs/karplus-couplet-dft-*  runs/edge-update-schnet-couplet-dft-*

Each run folder gets predictions.csv. Intervals: ${RESAMPLING.resamples} resamples of constitutions, each with its
conformers and stereoisomers.`,
    )
    .action((folders: string[], call: ScoreCall) => score(folders, call))
}

async function score(folders: readonly string[], call: ScoreCall): Promise<void> {
  const runs = await Promise.all(folders.map((folder) => Run.open(folder)))
  const sources = new Set(runs.map(({ plan }) => plan.dataset.source))
  if (sources.size > 1 && !call.data) {
    throw new UsageError(
      `the runs read different data: ${[...sources].join(', ')}. Score them apart.`,
    )
  }
  const dataset = await readDataset(call.data ?? [...sources][0]!)
  const keyOf = ({ plan }: Run): string => `${plan.entry.id} ${plan.seed}`
  const groups = [...new Set(runs.map(keyOf))].map((key) =>
    runs.filter((run) => keyOf(run) === key),
  )
  const { scored, ranking } = await withProgress(
    'scoring',
    async (line) => {
      const all: Scored[] = []
      for (const [index, group] of groups.entries()) {
        const onProgress = (share: number): void => line.update((index + share) / groups.length)
        all.push(await scoreRuns(group, dataset, onProgress))
      }
      return { scored: all, ranking: rankAll(all) }
    },
    () => `${counted(runs.length, 'run')} on ${dataset.name}`,
  )
  const comparisons = neighbours(ranking)
  const partial = runs.find(({ plan }) => typesOf(plan))
  if (partial) {
    const types = typesOf(partial.plan)!.join(', ')
    if (call.publish) {
      throw new UsageError(
        `${partial.folder} was trained for ${types} alone: results about all eight types are published. Leave out --publish.`,
      )
    }
    console.error(`${partial.folder} was trained for ${types} alone: look at these columns only.`)
  }
  if (call.publish) await requireResults(call.results)
  const written = call.publish ? await publishResults(scored, groups, call.results) : []
  if (call.json) {
    console.log(
      JSON.stringify({ results: scored.map(({ result }) => result), comparisons, written }),
    )
    return
  }
  const block = tableBlock(scored.map(({ result }) => result))
  const rows = block.rows.map((row) => {
    const { best, worst } = ranking.entries.find(({ entry }) => entry === row.entry)!
    return { ...row, rank: best === worst ? `${best}` : `${best}-${worst}` }
  })
  console.log(formatTable([{ ...block, rows }]))
  for (const { better, worse, difference, low, high, probability } of comparisons) {
    console.log(
      `${better} against ${worse}: difference ${difference.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}], P(better) = ${probability.toFixed(3)}`,
    )
  }
  for (const path of written) console.log(`Wrote ${path}`)
}

/** Ranks of the entries, the seeds of each taken together. */
function rankAll(scored: readonly Scored[]): Ranking {
  const ids = [...new Set(scored.map(({ result }) => result.entry.id))]
  return rankEntries(
    ids.map((entry) => ({
      entry,
      seeds: scored.flatMap(({ result, errors }) => (result.entry.id === entry ? [errors] : [])),
      seedless: ENTRIES.find((model) => model.entry.id === entry)?.kind === 'fitted',
    })),
    RESAMPLING,
  )
}

/** Each entry beside the next best. */
function neighbours({ entries, differences, probabilityBetter }: Ranking) {
  return entries.slice(1).map(({ entry: worse }, index) => {
    const better = entries[index]!.entry
    const pair = differences.find((one) => one.better === better && one.worse === worse)!
    const { difference, interval } = pair
    const probability = probabilityBetter[index]![index + 1]!
    return { better, worse, difference, low: interval.low, high: interval.high, probability }
  })
}
