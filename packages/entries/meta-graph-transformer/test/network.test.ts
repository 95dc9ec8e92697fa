import { initialiseParameters } from '@couplet/engine'
import { expect, test } from 'vitest'
import { metaGraphTransformer } from '../src/index.ts'
import { parameters, type MetaGraphTransformerConfig } from '../src/network.ts'

const listOf = (length: number): string[] => Array.from({ length }, (_, index) => `symbol ${index}`)
/** The numbers of symbols that the team's data had. */
const symbols = [
  [5, 13, 27],
  [43, 68, 84],
  [29, 118],
].map((levels) => levels.map(listOf))

/** Parameters in all and by block, shapes alone. */
function count(config: MetaGraphTransformerConfig): { total: number; blocks: Map<string, number> } {
  const blocks = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(config, { symbols }))) {
    const block = name.split('/')[0]!
    const size = shape.reduce((product, length) => product * length, 1)
    blocks.set(block, (blocks.get(block) ?? 0) + size)
  }
  return { total: [...blocks.values()].reduce((sum, size) => sum + size, 0), blocks }
}

test.each([
  ['model A', { layers: 10, innerWidth: 3500, headWidth: 200, headBlocks: 2 }, 84e6],
  ['the default of the released program', {}, 118e6],
])('%s has as many parameters as the team reported', (name, sizes, reported) => {
  const { total, blocks } = count({ ...metaGraphTransformer.published, ...sizes })
  console.log(`${name}: ${total} parameters, reported ${reported}`)
  console.log([...blocks].map(([block, size]) => `  ${block} ${size}`).join('\n'))
  expect(Math.abs(total / reported - 1)).toBeLessThan(0.01)
})

test('the range of attention starts at 1 for every two classes of token, for all heads alike', () => {
  const config = { ...metaGraphTransformer.published, width: 8, innerWidth: 4, headWidth: 2 }
  const start = initialiseParameters(parameters(config, { symbols }), 5).toArrays()
  const ranges = Object.entries(start).filter(([name]) => name.endsWith('/range'))
  expect(ranges).toHaveLength(config.layers)
  for (const [, { shape, data }] of ranges) {
    expect(shape).toEqual([3, 3])
    expect([...data]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1])
  }
})
