import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Command } from 'commander'
import { formatScore, tableBlock, type Result } from '@couplet/eval'
import { writeAtomically } from '@couplet/data/node'
import type { AnyModel } from '@couplet/model'
import { architectureFiles } from '../architecture/architectureFiles.ts'
import { ENTRIES } from '../entries.ts'
import { jsonOption } from '../options.ts'
import { installedData, staleReason, type InstalledData } from '../resultConfig.ts'
import {
  allCommittedResults,
  PROJECT_DIRECTORY,
  requireCheckout,
  RESULTS_DIRECTORY,
} from '../results.ts'
import { staleStudies } from '../study/staleStudies.ts'
import { UsageError } from '../UsageError.ts'

const BEGIN = '<!-- entries:begin -->'
const END = '<!-- entries:end -->'

interface ReportCall {
  readonly check?: boolean
  readonly json?: boolean
}

/** `couplet report`: writes what follows from entries and committed results. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'Write what follows from entries and results: the table of entries in README.md, and what each network computes, step by step.',
    )
    .option('--check', 'write nothing; fail if a file is not up to date')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  couplet report --check

Results that are stale, about another version of the entry, other settings or other data of couplet-dft than are here, are
marked in the table and listed. They do not fail the check. Studies, paper/results/<data set>/study/*.json, whose inputs have
changed do.`,
    )
    .action((call: ReportCall) => report(call))
}

async function report({ check, json }: ReportCall): Promise<void> {
  await requireCheckout()
  const results = await allCommittedResults()
  const stale = staleResults(results, await installedData())
  const table = entryTable(results, stale)
  const path = join(PROJECT_DIRECTORY, 'README.md')
  const text = await readFile(path, 'utf8')
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (from < 0 || to < from) {
    throw new UsageError(
      `README.md has no lines ${BEGIN} and ${END}. Put them where the table belongs.`,
    )
  }
  const renewed = `${text.slice(0, from + BEGIN.length)}\n\n${table}\n\n${text.slice(to)}`
  const fresh = renewed === text
  const architectures = await architectureFiles()
  const changed = architectures.filter((file) => !file.fresh)
  if (check && !fresh) {
    throw new UsageError('the table of entries in README.md is out of date. Run `couplet report`.')
  }
  const studies = await staleStudies(RESULTS_DIRECTORY, [...results.keys()])
  if (check && studies.length > 0) {
    const lines = studies.map((study) => `paper/results/${study.path} ${study.reason}`)
    throw new UsageError(
      `studies are out of date:\n${lines.join('\n')}\nWrite them anew with couplet study ${[...new Set(studies.map(({ study }) => study))].join(', ')}.`,
    )
  }
  if (check && changed.length > 0) {
    throw new UsageError(
      `${changed.map((file) => relative(PROJECT_DIRECTORY, file.path)).join(', ')}: out of date. Run \`couplet report\`.`,
    )
  }
  if (!fresh) await writeAtomically(path, [renewed])
  for (const file of changed) await writeAtomically(file.path, [file.text])
  if (json) {
    const listed = Array.from(stale, ([{ dataset, entry }, reason]) => {
      return { dataset: dataset.name, entry: entry.id, reason }
    })
    const datasets = [...results.keys()]
    console.log(JSON.stringify({ readme: path, changed: !fresh, datasets, stale: listed, studies }))
    return
  }
  const count = `${changed.length} of ${architectures.length} architectures`
  console.log(
    changed.length > 0
      ? `Wrote ${count} in paper/architectures.`
      : 'paper/architectures is up to date.',
  )
  console.log(fresh ? 'README.md is up to date.' : 'Wrote the table of entries in README.md.')
  for (const [{ dataset, entry }, reason] of stale) {
    console.log(`paper/results/${dataset.name}/${entry.id}.json is ${reason}`)
  }
  for (const study of studies) console.log(`paper/results/${study.path} ${study.reason}`)
  if (stale.size > 0) {
    console.log('Renew them: couplet train <entry> --fold all, then couplet score <runs> --publish')
  }
}

/** Why results are not about the entries and the data as they are now; those that are do not occur. */
function staleResults(
  results: ReadonlyMap<string, readonly Result[]>,
  installed: InstalledData,
): Map<Result, string> {
  const stale = new Map<Result, string>()
  for (const result of [...results.values()].flat()) {
    const model = ENTRIES.find(({ entry }) => entry.id === result.entry.id)
    const reason = model && staleReason(result, model, installed)
    if (reason) stale.set(result, reason)
  }
  return stale
}

/** One row per entry; one column of scores per data set, with interval and what it is about in the head. */
function entryTable(
  results: ReadonlyMap<string, readonly Result[]>,
  stale: ReadonlyMap<Result, string>,
): string {
  const heads = [...results].map(([dataset, all]) => {
    const { molecules, fold } = tableBlock(all) // refuses results that cannot stand in one column
    return `${dataset}: ${molecules} molecules, ${fold === 'all' ? 'five folds' : `fold ${fold}`}`
  })
  const rows = ENTRIES.map((model) => {
    const { entry } = model
    const { team, rank } = entry.originator
    const scores = [...results.values()].map((all) => cell(model, all, stale))
    return [
      `\`${entry.id}\``,
      entry.name,
      rank === null ? team : `${team} (rank ${rank})`,
      entry.charges,
      ...scores,
    ]
  })
  const columns = ['entry', 'architecture', 'idea', 'charges', ...heads]
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}

function cell(
  model: AnyModel,
  results: readonly Result[],
  stale: ReadonlyMap<Result, string>,
): string {
  const result = results.find(({ entry }) => entry.id === model.entry.id)
  if (!result) return 'not run yet'
  const { low, high } = result.interval
  const reason = stale.get(result)
  const score = `${formatScore(result.score)} [${formatScore(low)}, ${formatScore(high)}]`
  return reason ? `${score} (${reason})` : score
}
