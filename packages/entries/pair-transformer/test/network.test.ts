import { readFileSync } from 'node:fs'
import { COUPLING_TYPES } from '@couplet/data'
import { presetConfig } from '@couplet/model'
import { expect, test } from 'vitest'
import { pairTransformer } from '../src/index.ts'
import { parameters, type PairTransformerConfig } from '../src/network.ts'

const published = pairTransformer.published
const small = presetConfig(pairTransformer, 'small') as PairTransformerConfig

/** Parameters by the first part of their names, shapes alone. */
function blocks(config: PairTransformerConfig): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(config))) {
    const block = name.split('/')[0]!
    const size = shape.reduce((product, length) => product * length, 1)
    counts.set(block, (counts.get(block) ?? 0) + size)
  }
  return counts
}

const totalOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, size) => sum + size, 0)

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
  const total = totalOf(counts)
  console.log(`${layers} layers: ${total} parameters, reported ${reported}`)
  console.log([...counts].map(([block, size]) => `  ${block} ${size}`).join('\n'))
  console.log('  not given by the reference: which 7 kinds of mute pair there were (here 25)')
  expect(Math.abs(total / reported - 1)).toBeLessThan(0.01)
})

test('the ninth pair of private networks, of the mute pairs, is held untrained in the published sizes alone', () => {
  const counts = blocks(published)
  expect(counts.get('head-mute')).toBe(counts.get('head-1jhc'))
  const untrained = Object.entries(parameters(published)).flatMap(([name, { trainable }]) =>
    trainable === false ? [name.split('/')[0]!] : [],
  )
  expect(new Set(untrained)).toEqual(new Set(['head-mute']))
  expect([...blocks(small).keys()].filter((name) => name.startsWith('head'))).toEqual(
    COUPLING_TYPES.map((type) => `head-${type.toLowerCase()}`),
  )
})

test('the presets have as many parameters as the README says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const [preset, config] of Object.entries({ published, small })) {
    const total = totalOf(blocks(config)).toLocaleString('en-US')
    expect(readme).toContain(`\`${preset}\` (${total} parameters)`)
  }
})
