import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { formatStudy, type HistorySources, historyStudy, parseStudy } from '../../src/index.ts'

const read = (path: string): string =>
  readFileSync(new URL(`../../../../paper/results/${path}`, import.meta.url), 'utf8')
const sources = JSON.parse(read('history-sources.json')) as HistorySources

it('gives the fifteen best of 2,749 teams gold and keeps the gaps', () => {
  const { leaderboard, medals } = historyStudy(sources, [])
  expect(medals).toEqual({ gold: 15, silver: 137, bronze: 274 })
  expect(leaderboard.map(({ rank }) => rank)).toEqual([...Array(22).keys()].map((n) => n + 1))
  expect(leaderboard[0]).toMatchObject({ team: 'hybrid', private: -3.23968, medal: 'gold' })
  expect(leaderboard[15]!.medal).toBe('silver')
  expect(leaderboard[20]).toMatchObject({ rank: 21, team: null, private: null, medal: 'silver' })
})

it('is what the committed history holds', () => {
  const committed = parseStudy('history', read('history.json'), 'history.json')
  const made = historyStudy(sources, committed.inputs)
  expect(parseStudy('history', formatStudy('history', made), 'made')).toEqual(committed)
})

it('refuses a score that its types contradict', () => {
  const wrong = structuredClone(sources)
  wrong.perType[2]!.logMaes[0]! += 0.5
  expect(() => historyStudy(wrong, [])).toThrow('hybrid: its types give')
})

it('refuses a gain that is not the difference', () => {
  const wrong = structuredClone(sources)
  wrong.truncated[0]!.gain = 0.2
  expect(() => historyStudy(wrong, [])).toThrow('ensemble from rank 1: the gain is 0.2')
})
