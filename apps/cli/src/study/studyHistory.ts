import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { historySourcesSchema, historyStudy, parseJson } from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { studyPath } from '../results.ts'
import { inputOf } from './inputs.ts'

/** `couplet study history`. */
export async function studyHistory(results: string): Promise<void> {
  const source = join(results, 'history-sources.json')
  const text = await readFile(source, 'utf8')
  const rows = parseJson(text, historySourcesSchema, source, 'Mend the row.')
  const path = studyPath(results, 'history')
  const history = historyStudy(rows, [await inputOf(results, source)])
  await writeStudy('history', path, history)
  const { gold, silver, bronze } = history.medals
  console.log(
    `${history.leaderboard.length} ranks of ${history.about.teams} teams: gold to rank ${gold}, silver to ${silver}, bronze to ${bronze}.`,
  )
  console.log(`Wrote ${path}`)
}
