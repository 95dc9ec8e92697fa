import { readFileSync } from 'node:fs'
import { initialiseParameters } from '@couplet/engine'
import { presetConfig } from '@couplet/model'
import { expect, test } from 'vitest'
import { messagePassingTransformer } from '../src/index.ts'
import { parameters, type MessagePassingTransformerConfig } from '../src/network.ts'

/** Parameters by block, shapes alone. */
function count(config: MessagePassingTransformerConfig): Map<string, number> {
  const blocks = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(config))) {
    const isMessage = /^(edge|angle)-network|^block-\d+\/(bonds|pairs)\/out/.test(name)
    const block = isMessage ? `message nets: ${name.split('/')[0]}` : name.split('/')[0]!
    const size = shape.reduce((product, length) => product * length, 1)
    blocks.set(block, (blocks.get(block) ?? 0) + size)
  }
  return blocks
}

function sum(blocks: Iterable<readonly [string, number]>): number {
  return [...blocks].reduce((total, [, size]) => total + size, 0)
}

const published = messagePassingTransformer.published

test('the published sizes have as many parameters as reported, in all and in the message nets', () => {
  const blocks = count(published)
  const total = sum(blocks)
  const messages = sum([...blocks].filter(([name]) => name.startsWith('message nets')))
  console.log(`${total} parameters, reported 218.8 million; message nets ${messages}, reported 119`)
  console.log([...blocks].map(([block, size]) => `  ${block} ${size}`).join('\n'))
  console.log('not given by the reference: hidden layers of the angle network (one of 650 here)')
  expect(Math.abs(total / 218.8e6 - 1)).toBeLessThan(0.01)
  expect(Math.abs(messages / 119e6 - 1)).toBeLessThan(0.01)
})

test('the edge networks are tied: more blocks add none', () => {
  const [ten, eleven] = [count(published), count({ ...published, blocks: 11 })]
  expect(eleven.get('message nets: edge-network')).toBe(ten.get('message nets: edge-network'))
  expect(eleven.get('message nets: angle-network')).toBe(ten.get('message nets: angle-network'))
  // Two linear maps after messages, two for each attention by given scores, four of the third, two of the feed-forward network.
  const added = 2 * (650 ** 2 + 650) + 8 * (650 ** 2 + 650) + 2 * 650 * 2600 + 2600 + 650
  const others = 6 * 2 * 650 + 2 * 10 + 11 * 10
  expect(sum(eleven) - sum(ten)).toBe(added + others)
})

test('the small preset has as many parameters as the README says', () => {
  const config = presetConfig(messagePassingTransformer, 'small') as MessagePassingTransformerConfig
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const said = /`small` \(([\d,]+) parameters\)/.exec(readme)![1]!
  expect(sum(count(config))).toBe(Number(said.replaceAll(',', '')))
})

test('the gains in front of all steps start uniform in 0 to 1', () => {
  const config = presetConfig(messagePassingTransformer, 'small') as MessagePassingTransformerConfig
  const start = initialiseParameters(parameters(config), 3).toArrays()
  const gains = Object.entries(start).flatMap(([name, { data }]) =>
    name.endsWith('/norm/gain') ? [...data] : [],
  )
  // Six steps in each block.
  expect(gains).toHaveLength(6 * config.blocks * config.width)
  expect(gains.every((gain) => gain >= 0 && gain <= 1)).toBe(true)
  // As many in every tenth, within four standard deviations.
  const share = gains.length / 10
  for (let tenth = 0; tenth < 10; tenth++) {
    const own = gains.filter((gain) => Math.min(9, Math.floor(10 * gain)) === tenth).length
    expect(Math.abs(own - share)).toBeLessThan(4 * Math.sqrt(share))
  }
})
