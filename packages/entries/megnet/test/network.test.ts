import { COUPLING_TYPES } from '@couplet/data'
import { presetConfig } from '@couplet/model'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { megnet } from '../src/index.ts'
import { parameters, type MegnetConfig } from '../src/network.ts'

const published = megnet.published

/** Parameters by the first parts of their names, the number of the block left out. */
function count(config: MegnetConfig): { total: number; blocks: Map<string, number> } {
  const blocks = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(config))) {
    const block = name.startsWith('block-')
      ? name.replace(/^block-\d+\/(dense|\w+).*$/, 'all blocks, $1')
      : name.split('/')[0]!
    const size = shape.reduce((product, length) => product * length, 1)
    blocks.set(block, (blocks.get(block) ?? 0) + size)
  }
  return { total: [...blocks.values()].reduce((sum, size) => sum + size, 0), blocks }
}

/** Layers between these widths, with biases. */
const layers = (...widths: readonly number[]): number =>
  widths.slice(1).reduce((sum, width, layer) => sum + (widths[layer]! + 1) * width, 0)

test('the published sizes, block by block, beside the 57 million of the reference', () => {
  const { total, blocks } = count(published)
  console.log(`published: ${total} parameters; the reference derives about 57 million`)
  console.log([...blocks].map(([block, size]) => `  ${block} ${size}`).join('\n'))
  console.log(
    '  not given by the reference: hidden width of the update networks (here twice the width), layers of V and body in the gated sum (one),\n' +
      '  first linear maps of atoms, edges and molecule (one layer), 6 of 28 atom inputs, 1 of 11 bond flags (and 3 of a unit vector, left out), the global inputs',
  )
  // What the reference does give: three networks d -> 2d -> d in each block, and readouts D -> D/2 -> D/4 -> D/4 -> 1 of 4, 7 and 9 states.
  const dense = 3 * (layers(256, 512, 256) + 2 * 256 + 2 * 512)
  expect(blocks.get('all blocks, dense')).toBe(10 * dense)
  for (const type of COUPLING_TYPES) {
    const states = 256 * [4, 7, 9][Number(type[0]) - 1]!
    expect(blocks.get(`readout-${type.toLowerCase()}`)).toBe(
      layers(states, states / 2, states / 4, states / 4, 1),
    )
  }
  // The rest of the 57 million falls on sizes that are not given; none is chosen to make up for it.
  expect(total).toBeLessThan(57e6)
})

test('angle messages add parameters to the edges alone', () => {
  const { blocks } = count(published)
  const { blocks: withAngles } = count({ ...published, angleMessages: true })
  const grown = [...withAngles].filter(([block, size]) => size !== blocks.get(block))
  expect(grown.map(([block]) => block)).toEqual([
    'embedding',
    'all blocks, angles',
    'all blocks, edges',
  ])
})

test('the README tells the number of parameters', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const preset of ['published', 'small'] as const) {
    const { total } = count(presetConfig(megnet, preset) as MegnetConfig)
    expect(readme).toContain(`\`${preset}\` (${total.toLocaleString('en-US')} parameters)`)
  }
})
