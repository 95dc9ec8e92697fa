import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Result, SizesStudy, SwapsStudy, TransferStudy } from '@couplet/eval'
import { readStudy } from '@couplet/eval/node'
import { expect, test } from 'vitest'
import { NO_RESULTS, resultsOf } from '../src/report/entryReadmes.ts'
import { RESULTS_DIRECTORY, studyPath } from '../src/results.ts'

const result = (id: string, score: number): Result =>
  ({
    entry: { id, version: '0.0.0' },
    score,
    interval: { low: score - 0.1, high: score + 0.1 },
    counts: { test: { molecules: 40 } },
    charges: 'none',
    fold: 'all',
    config: { 'recipe/budget': 60 },
  }) as unknown as Result

const curve = (entry: string, slope: number): SizesStudy['entries'][number] => ({
  entry,
  settings: '0123456789abcdef',
  points: [1, 2].flatMap((seed) =>
    [10, 20].map((molecules) => {
      const training = { epochs: 1, coreSeconds: 1 }
      return { constitutions: 5, molecules, seed, score: slope * molecules + seed / 10, training }
    }),
  ),
  fit: { intercept: 0, slope, deviation: 0, extrapolated: [] },
})

const results = new Map([
  ['set', [result('mine', -0.5), result('mpnn', -0.25), result('other', 1)]],
])

test('the README of an entry has its scores, those of its peers, and nobody else', () => {
  const rows = resultsOf(['mine'], results, new Map(), new Map()).split('\n').slice(-1)
  expect(rows[0]!.replaceAll(/ +/g, ' ')).toBe(
    '| set | 40 | none | 60 | -0.500 [-0.600, -0.400] | -0.250 | – |',
  )
})

test('its learning curve is the mean over seeds, and its slope stands beside that of its peers', () => {
  const study = {
    fold: '0',
    counts: { molecules: 8 },
    budget: 60,
    entries: [curve('mine', -0.01), curve('mpnn', -0.02)],
  } as unknown as SizesStudy
  const text = resultsOf(['mine'], results, new Map(), new Map([['set', { sizes: study }]]))
  expect(text).toMatch(/\| training molecules \| 10 +\| 20 +\|/)
  expect(text).toMatch(/\| score +\| 0\.050 +\| -0\.050 +\|/)
  expect(text).toMatch(/for a factor e .*: `mine` -0\.010, `mpnn` -0\.020\.$/)
})

test('what its parts bring stands below, and what training on other data first does', () => {
  const difference = { value: 0.1, low: 0.05, high: 0.15 }
  const swap = { entry: 'mine', from: 'skip=true', to: 'skip=false', seeds: [1], difference }
  const swaps = {
    counts: { molecules: 8 },
    budget: 60,
    swaps: [
      {
        ...swap,
        component: 'small part',
        swapped: -0.45,
        difference: { ...difference, value: 0.05 },
      },
      { ...swap, component: 'skip connections', swapped: -0.4 },
      { ...swap, component: 'part of another', entry: 'other' },
    ],
  } as unknown as SwapsStudy
  const transfer = {
    counts: { molecules: 8 },
    pretraining: { dataset: 'first', molecules: 9 },
    entries: [{ entry: 'mine', seeds: [1], without: -0.5, with: -0.4, difference }],
  } as unknown as TransferStudy
  const text = resultsOf(['mine'], results, new Map(), new Map([['set', { swaps, transfer }]]))
  expect(text).toMatch(
    /skip connections \| `skip=true` to `skip=false` \| -0\.400 \| 0\.100 \[0\.050, 0\.150\] +\|\n\| small part/,
  )
  expect(text).not.toContain('part of another')
  expect(text).toContain('scores -0.400 instead of -0.500 on set')
})

test('an entry without results says so', () => {
  expect(resultsOf(['new'], results, new Map(), new Map())).toBe(NO_RESULTS)
})

test('a stale result says why, and is no peer', () => {
  const [mine, peer] = results.get('set')!
  const stale = new Map([
    [mine!, 'stale: other width'],
    [peer!, 'stale: other data'],
  ])
  const text = resultsOf(['mine'], results, stale, new Map())
  expect(text).toMatch(/-0\.400\] \(stale: other width\) \| – +\| – +\|$/)
})

const ENTRIES_FOLDER = fileURLToPath(new URL('../../../packages/entries/', import.meta.url))
const DATASETS = ['couplet-dft', 'champs-sample']

/** What a README says of its entry and others: `behind`, `ahead of` or `told apart from`, on which data sets. */
function comparisonsOf(readme: string) {
  // Behind the generated results, as far as the next heading.
  const [words = ''] = (readme.split('<!-- results:end -->')[1] ?? '').split('\n## ')
  return words.split(/[.;]\s/).flatMap((sentence) => {
    const tokens = [
      ...sentence.matchAll(
        /on (both data sets)|on `([a-z-]+)`|(ahead of|behind|told apart from)((?:(?:,| and)?\s`[a-z-]+`)+)/gi,
      ),
    ]
    let datasets: readonly string[] | undefined
    return tokens.flatMap(([, both, dataset, relation, others]) => {
      if (both || dataset) datasets = both ? DATASETS : [dataset!]
      if (!relation) return []
      const later = tokens.find(([, all, one]) => all ?? one)
      const on = datasets ?? (later?.[2] ? [later[2]] : DATASETS)
      return on.flatMap((name) =>
        Array.from(others!.matchAll(/`([a-z-]+)`/g), ([, other]) => {
          return { dataset: name, relation, other: other! }
        }),
      )
    })
  })
}

test('what READMEs say of an entry and others is what the ranks say', () => {
  const ranks = new Map(
    DATASETS.map((name) => [name, readStudy('ranks', studyPath(RESULTS_DIRECTORY, 'ranks', name))]),
  )
  const found = readdirSync(ENTRIES_FOLDER).flatMap((folder) => {
    const readme = readFileSync(`${ENTRIES_FOLDER}${folder}/README.md`, 'utf8')
    return comparisonsOf(readme).map((comparison) => ({ entry: folder, ...comparison }))
  })
  for (const { entry, dataset, relation, other } of found) {
    // A package of two entries speaks of its second.
    const id = entry === 'edge-update-schnet' ? `${entry}-second-stage` : entry
    const difference = ranks
      .get(dataset)!
      .differences.find(
        ({ better, worse }) => [better, worse].toSorted().join() === [id, other].toSorted().join(),
      )!
    const actual = difference.separated
      ? difference.better === id
        ? 'ahead of'
        : 'behind'
      : 'told apart from'
    expect(`${id} ${actual} ${other} on ${dataset}`).toBe(
      `${id} ${relation} ${other} on ${dataset}`,
    )
  }
  // Those that are behind a baseline say so: the sentences are found.
  expect(found.length).toBeGreaterThan(15)
})
