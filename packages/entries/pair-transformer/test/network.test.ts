import { COUPLING_TYPES } from '@couplet/data'
import { presetConfig } from '@couplet/model'
import { expect, test } from 'vitest'
import { pairTransformer } from '../src/index.ts'
import { parameters, type PairTransformerConfig } from '../src/network.ts'

const published = pairTransformer.published

/** Parameters by the first part of their names. */
function blocks(config: PairTransformerConfig): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(config))) {
    const block = name.split('/')[0]!
    const size = shape.reduce((product, length) => product * length, 1)
    counts.set(block, (counts.get(block) ?? 0) + size)
  }
  return counts
}

test('the encoder of the published sizes has as many parameters as BERT of these widths', () => {
  const counts = blocks(published)
  expect(counts.get('layer-0')).toBe(4 * 832 ** 2 + 4 * 832 + 2 * 832 * 2048 + 2048 + 832 + 4 * 832)
  expect(counts.get('head-1jhc')).toBe(2 * (2 * (832 ** 2 + 832) + 4 * 832) + 832 * 5 + 5)
})

test.each([
  [8, 74.5e6],
  [6, 62.2e6],
])('with %i layers the published sizes have as many parameters as reported', (layers, reported) => {
  const counts = blocks({ ...published, layers })
  // The ninth head, of the mute pairs, which no loss ever reached, is left out here: it is as large as another.
  const total = [...counts.values()].reduce((sum, size) => sum + size, counts.get('head-1jhc')!)
  console.log(`${layers} layers: ${total} parameters, reported ${reported}`)
  expect(Math.abs(total / reported - 1)).toBeLessThan(0.01)
})

test('the small preset has as many parameters as its table says', () => {
  const config = presetConfig(pairTransformer, 'small') as PairTransformerConfig
  const total = [...blocks(config).values()].reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(200_000)
  expect([...blocks(config).keys()].filter((name) => name.startsWith('head'))).toHaveLength(
    COUPLING_TYPES.length,
  )
})
