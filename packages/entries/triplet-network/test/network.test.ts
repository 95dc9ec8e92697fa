import { presetConfig } from '@couplet/model'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tripletNetwork } from '../src/index.ts'
import { parameters, type TripletNetworkConfig } from '../src/network.ts'

/** Parameters by block, the number of the layer left out. */
function count(config: TripletNetworkConfig): { total: number; blocks: Map<string, number> } {
  const blocks = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(config))) {
    const block = name
      .replace(/^layer-\d+/, 'all layers')
      .split('/')
      .slice(0, 2)
      .join(', ')
    const size = shape.reduce((product, length) => product * length, 1)
    blocks.set(block, (blocks.get(block) ?? 0) + size)
  }
  return { total: [...blocks.values()].reduce((sum, size) => sum + size, 0), blocks }
}

test('the published sizes, block by block; the reference gives no number of parameters', () => {
  const { total, blocks } = count(tripletNetwork.published)
  console.log(`published: ${total} parameters`)
  console.log([...blocks].map(([block, size]) => `  ${block} ${size}`).join('\n'))
  console.log(
    '  not given by the reference: widths of the maps inside of a layer (here that of the state in which they end), Gaussians of the distance (here 64)',
  )
  const [n, e, t] = [512, 256, 96]
  const norm = (width: number): number => 2 * width
  expect(blocks.get('all layers, triplets')).toBe(4 * (e * t + n * t + 7 * t * t + t * t + norm(t)))
  expect(blocks.get('all layers, atoms')).toBe(
    4 * (e * n + n * n + t * t + t * n + 3 * n * n + n * n + norm(n)),
  )
  expect(blocks.get('all layers, edges')).toBe(
    4 * (n * e + t * t + t * e + 4 * e * e + e * e + norm(e)),
  )
})

test('no map of the body has a bias', () => {
  const names = Object.keys(parameters(tripletNetwork.published))
  expect(names.filter((name) => name.endsWith('/bias'))).toEqual([
    'readout/0/bias',
    'readout/1/bias',
    'readout/2/bias',
  ])
})

test('the README tells the number of parameters', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  for (const preset of ['published', 'small'] as const) {
    const { total } = count(presetConfig(tripletNetwork, preset) as TripletNetworkConfig)
    expect(readme).toContain(`\`${preset}\` (${total.toLocaleString('en-US')} parameters)`)
  }
})
