import { join, relative } from 'node:path'
import { Command } from 'commander'
import {
  formatStudy,
  STUDY_SCHEMA_VERSION,
  tableBlock,
  type Result,
  type Study,
} from '@couplet/eval'
import { writeAtomically } from '@couplet/data/node'
import type { AnyModel } from '@couplet/model'
import { ENTRIES } from '../entries.ts'
import { jsonOption } from '../options.ts'
import { architectureFiles } from '../report/architectureFiles.ts'
import { entryReadmes, scoreCell } from '../report/entryReadmes.ts'
import { markedFile, wholeFile } from '../report/ReportFile.ts'
import { entryChange, installedData, staleReason, type InstalledData } from '../resultConfig.ts'
import {
  allCommittedResults,
  PROJECT_DIRECTORY,
  requireCheckout,
  RESULTS_DIRECTORY,
  studyPath,
} from '../results.ts'
import { staleStudies } from '../study/staleStudies.ts'
import { UsageError } from '../UsageError.ts'

interface ReportCall {
  readonly check?: boolean
  readonly json?: boolean
}

/** `couplet report`: writes what follows from entries and committed results. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'Write what follows from entries and results: the table of entries in README.md, the results in the README of each entry, and what each network computes, step by step.',
    )
    .option('--check', 'write nothing; fail if a file is not up to date')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  couplet report --check

Results that are stale, about another version of the entry, other settings or other data of couplet-dft than are here, are
marked in the table and listed. They do not fail the check once that is written. Studies, paper/results/<data set>/study/*.json, whose inputs have
changed do.`,
    )
    .action((call: ReportCall) => report(call))
}

async function report({ check, json }: ReportCall): Promise<void> {
  await requireCheckout()
  const results = await allCommittedResults()
  const stale = staleResults(results, await installedData())
  const readme = join(PROJECT_DIRECTORY, 'README.md')
  const files = [
    await markedFile(readme, 'entries', entryTable(results, stale)),
    ...(await entryReadmes(results, stale)),
    ...(await architectureFiles()),
    await wholeFile(
      studyPath(RESULTS_DIRECTORY, 'stale'),
      formatStudy('stale', changedEntries(results)),
    ),
  ]
  const changed = files.filter(({ fresh }) => !fresh)
  const names = changed.map(({ path }) => relative(PROJECT_DIRECTORY, path))
  if (check && changed.length > 0) {
    throw new UsageError(`out of date: ${names.join(', ')}. Run \`couplet report\`.`)
  }
  const studies = await staleStudies(RESULTS_DIRECTORY, [...results.keys()])
  if (check && studies.length > 0) {
    const lines = studies.map((study) => `paper/results/${study.path} ${study.reason}`)
    throw new UsageError(
      `studies are out of date:\n${lines.join('\n')}\nWrite them anew with couplet study ${[...new Set(studies.map(({ study }) => study))].join(', ')}.`,
    )
  }
  for (const { path, text } of changed) await writeAtomically(path, [text])
  if (json) {
    const listed = Array.from(stale, ([{ dataset, entry }, reason]) => {
      return { dataset: dataset.name, entry: entry.id, reason }
    })
    const datasets = [...results.keys()]
    console.log(JSON.stringify({ changed: names, datasets, stale: listed, studies }))
    return
  }
  console.log(
    changed.length > 0 ? `Wrote ${names.join(', ')}.` : `All ${files.length} files are up to date.`,
  )
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

/** Results whose entry has changed since, in version or settings. */
function changedEntries(results: ReadonlyMap<string, readonly Result[]>): Study<'stale'> {
  return {
    schemaVersion: STUDY_SCHEMA_VERSION,
    study: 'stale',
    results: Array.from(results.values())
      .flat()
      .flatMap((result) => {
        const model = ENTRIES.find(({ entry }) => entry.id === result.entry.id)
        const reason = model && entryChange(result, model)
        return reason ? [{ dataset: result.dataset.name, entry: result.entry.id, reason }] : []
      }),
  }
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
  return scoreCell(result, stale)
}
