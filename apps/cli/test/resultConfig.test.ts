import { presetConfig } from '@couplet/model'
import { expect, test } from 'vitest'
import { ENTRIES } from '../src/entries.ts'
import {
  entryChange,
  epochsWithin,
  installedData,
  resultConfig,
  staleReason,
} from '../src/resultConfig.ts'
import { committedResults } from '../src/results.ts'

test('a result about other data than are installed is stale, whatever else it says', async () => {
  const installed = await installedData()
  const [committed] = await committedResults(installed.name)
  const model = ENTRIES.find(({ entry }) => entry.id === committed!.entry.id)!
  const { versions } = installed
  const about = (sha256: string, name = installed.name): string | undefined =>
    staleReason({ ...committed!, dataset: { ...committed!.dataset, name, sha256 } }, model, {
      ...installed,
      versions: [...versions, { version: 7, sha256: '7'.repeat(64) }],
    })
  const current = about(installed.sha256)
  expect(about('f'.repeat(64))).toBe('stale: other data')
  expect(about('7'.repeat(64))).toBe('stale: version 7 of the data')
  // What is installed of another data set is not known.
  expect(about('f'.repeat(64), 'champs-sample')).toBe(current)
})

test('a result of other settings, or of another version of the entry, names what has changed', async () => {
  const [committed] = await committedResults('couplet-dft')
  const model = ENTRIES.find(({ kind }) => kind === 'fitted')!
  const config = resultConfig(presetConfig(model, 'small'), [])
  const result = { ...committed!, entry: { ...committed!.entry, ...model.entry }, config }
  expect(entryChange(result, model)).toBeUndefined()
  expect(entryChange({ ...result, config: { ...config, idle: true } }, model)).toBe('other idle')
  const entry = { ...result.entry, version: '99.0.0' }
  expect(entryChange({ ...result, entry }, model)).toBe('version 99.0.0')
})

test('a result tells the epochs of each phase, for its own budget alone', async () => {
  const results = await committedResults('couplet-dft')
  const committed = results.find(({ entry }) => entry.id === 'mpnn')!
  const recipe = ENTRIES.flatMap((model) =>
    model.kind === 'network' && model.entry.id === 'mpnn' ? model.recipe.small : [],
  )
  const budget = Number(committed.config['recipe/budget'])
  expect(epochsWithin(committed, recipe, budget)).toEqual([committed.config['recipe/train/epochs']])
  expect(epochsWithin(committed, recipe, budget + 1)).toBeUndefined()
})
