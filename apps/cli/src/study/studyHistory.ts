import { readFile } from 'node:fs/promises'
import { historyStudy } from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { PAPER_DIRECTORY, requireCheckout, studyPath } from '../results.ts'
import { join } from 'node:path'
import { inputOf } from './inputs.ts'

/** Source rows of the history. */
const SOURCES = join(PAPER_DIRECTORY, 'history-sources.json')

/** `couplet study history`. */
export async function studyHistory(): Promise<void> {
  await requireCheckout()
  const sources: unknown = JSON.parse(await readFile(SOURCES, 'utf8'))
  const path = studyPath('history')
  const history = historyStudy(sources, [await inputOf(SOURCES)])
  await writeStudy('history', path, history)
  const { gold, silver, bronze } = history.medals
  console.log(
    `${history.leaderboard.length} ranks of ${history.about.teams} teams: gold to rank ${gold}, silver to ${silver}, bronze to ${bronze}.`,
  )
  console.log(`Wrote ${path}`)
}
