import { join } from 'node:path'
import { Command, Option } from 'commander'
import { formatTable, tableBlock, type Result, type TableBlock } from '@couplet/eval'
import { presetConfig, type AnyModel, type Recipe } from '@couplet/model'
import { EMBEDDED, readDataset, type Dataset } from '../Dataset.ts'
import { ENTRIES, QUICK_ENTRIES } from '../entries.ts'
import { interruptible, Interrupted } from '../Interrupted.ts'
import { jsonOption, runsOption, wholeNumber } from '../options.ts'
import { duration, withProgress } from '../ProgressLine.ts'
import { installedData, staleReason, type InstalledData } from '../resultConfig.ts'
import { committedResults } from '../results.ts'
import { Run, splitOf } from '../Run.ts'
import { scoreRuns, type Scored } from '../scoreRuns.ts'
import { isComplete, trainRun } from '../trainRun.ts'

const FOLD = '0'
const SEED = 1
/** Molecules that one network sees in all its epochs: keeps the whole job within minutes as the data set grows. */
const MOST_MOLECULES_SEEN = 25_000

interface QuickCall {
  readonly epochs: number
  readonly runs: string
  readonly json?: boolean
}

/** `couplet quick`: the main job of `npm start`. */
export function quickCommand(): Command {
  return new Command('quick')
    .description(
      `Train ${QUICK_ENTRIES.length} entries on one fold of the embedded data set and print the ranked table.`,
    )
    .addOption(
      new Option('--epochs <n>', 'most passes over the molecules for each network')
        .argParser(wholeNumber(1))
        .default(Infinity, 'as the presets say'),
    )
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  couplet quick

Takes minutes at most on two cores. Every entry trains anew, in <runs>/quick. Beneath the table of this run stand the
committed results over all five folds.`,
    )
    .action((call: QuickCall) => quick(call))
}

async function quick(call: QuickCall): Promise<void> {
  const started = performance.now()
  const dataset = await readDataset(EMBEDDED)
  const { train, test } = splitOf(dataset.table, FOLD)
  console.error(
    `Couplet: ${QUICK_ENTRIES.length} entries learn from ${train.names.length} molecules of ${dataset.name} and are scored on ${test!.names.length} others (fold ${FOLD}).`,
  )
  const folder = join(call.runs, 'quick', String(Date.now()))
  const scored = await interruptible(async ({ signal }) => {
    const all: Scored[] = []
    for (const model of QUICK_ENTRIES) {
      const run = await planQuickRun(model, dataset, folder, train.names.length, call.epochs)
      const trained = await trainRun(run, model, dataset, { signal })
      if (!isComplete(trained)) {
        throw new Interrupted(
          'Stopped before the table was complete. The same command begins anew.',
        )
      }
      const scoring = withProgress(
        `${model.entry.id} predicts`,
        (line) => scoreRuns([run], dataset, (share) => line.update(share)),
        ({ result }) => `${result.counts.test.pairs} couplings`,
      )
      all.push(await scoring)
    }
    return all
  })
  const results = scored.map(({ result }) => result)
  const committed = await committedResults(dataset.name)
  if (call.json) {
    console.log(JSON.stringify({ results, committed }))
    return
  }
  const blocks: TableBlock[] = [tableBlock(results, 'This run')]
  if (committed.length > 0) blocks.push(committedBlock(committed, await installedData()))
  console.log(`\n${formatTable(blocks)}`)
  if (committed.length === 0) console.log('\nNo committed results over all folds yet.')
  const seconds = (performance.now() - started) / 1000
  console.log(
    `\nSmall presets on few molecules: no statement about the solutions of 2019. Trained and scored in ${duration(seconds)}.`,
  )
}

/** The committed results, each with a note where the entry or the data have changed since. */
function committedBlock(committed: readonly Result[], installed: InstalledData): TableBlock {
  const block = tableBlock(committed, 'Committed, not run now (seconds: all five folds together)')
  const rows = block.rows.map((row, index) => {
    const model = ENTRIES.find(({ entry }) => entry.id === row.entry)
    const note = model && staleReason(committed[index]!, model, installed)
    return note ? { ...row, note } : row
  })
  return { ...block, rows }
}

/** The small preset, its epochs bounded. */
function planQuickRun(
  model: AnyModel,
  dataset: Dataset,
  folder: string,
  molecules: number,
  epochs: number,
): Promise<Run> {
  const most = Math.max(1, Math.min(epochs, Math.floor(MOST_MOLECULES_SEEN / molecules)))
  const recipe: Recipe = model.kind === 'network' ? model.recipe.small : []
  return Run.create(folder, {
    entry: { id: model.entry.id, version: model.entry.version },
    dataset: { name: dataset.name, sha256: dataset.sha256, source: dataset.source },
    fold: FOLD,
    config: presetConfig(model, 'small'),
    recipe: recipe.map((phase) => ({ ...phase, epochs: Math.min(phase.epochs, most) })),
    seed: SEED,
  })
}
