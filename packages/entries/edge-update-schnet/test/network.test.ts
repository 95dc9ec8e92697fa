import { readFileSync } from 'node:fs'
import { presetConfig } from '@couplet/model'
import { expect, test } from 'vitest'
import { EDGE_FEATURES, SECOND_STAGE_EDGE_FEATURES } from '../src/featurize.ts'
import { edgeUpdateSchnet } from '../src/index.ts'
import { parameters, type EdgeUpdateSchnetConfig } from '../src/network.ts'

const { published } = edgeUpdateSchnet

/** Parameters by block, shapes alone. */
function blocksOf(config: EdgeUpdateSchnetConfig, edgeFeatures: number): Map<string, number> {
  const blocks = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(config, edgeFeatures))) {
    const block = name.split('/').slice(0, 2).join('/')
    const size = shape.reduce((product, length) => product * length, 1)
    blocks.set(block, (blocks.get(block) ?? 0) + size)
  }
  return blocks
}

const totalOf = (blocks: ReadonlyMap<string, number>): number =>
  [...blocks.values()].reduce((sum, size) => sum + size, 0)

test('the published sizes, block by block; the reference gives no number of parameters', () => {
  const blocks = blocksOf(published, EDGE_FEATURES)
  console.log(`published: ${totalOf(blocks)} parameters`)
  console.log([...blocks].map(([block, size]) => `  ${block} ${size}`).join('\n'))
  console.log(
    [
      '  not given by the reference: layers and hidden widths of the filters and of the networks of the atoms (here two layers of 128),',
      '  layers of the readout (here a shared one of 128, then private ones, 128 wide and with four outputs), the first map of an edge (here one layer)',
    ].join('\n'),
  )
  const d = 128
  const layer = (inputs: number, outputs: number): number => inputs * outputs + outputs
  expect(blocks.get('interaction-2/edge')).toBe(layer(3 * d, 2 * d) + layer(2 * d, d))
  expect(blocks.get('interaction-2/filter')).toBe(2 * layer(d, d))
  expect(blocks.get('interaction-2/atom')).toBe(2 * layer(d, d))
  expect(blocks.get('interaction-2/message')).toBe(d * d)
  expect(blocks.get('embedding/edges')).toBe(layer(150 + EDGE_FEATURES, d))
  expect(blocks.has('interaction-3/edge')).toBe(false)
})

test('the second stage has one value more for each edge, and no other parameter', () => {
  const [first, second] = [EDGE_FEATURES, SECOND_STAGE_EDGE_FEATURES].map((features) =>
    totalOf(blocksOf(published, features)),
  )
  expect(second! - first!).toBe(published.width)
})

test('the presets have as many parameters as the README says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const small = presetConfig(edgeUpdateSchnet, 'small') as EdgeUpdateSchnetConfig
  for (const [preset, config] of Object.entries({ published, small })) {
    const total = totalOf(blocksOf(config, EDGE_FEATURES)).toLocaleString('en-US')
    expect(readme).toContain(`\`${preset}\` (${total} parameters)`)
  }
})
