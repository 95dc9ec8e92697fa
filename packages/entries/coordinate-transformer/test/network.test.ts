import { expect, test } from 'vitest'
import { coordinateTransformer } from '../src/index.ts'
import { parameters } from '../src/network.ts'

test('the published sizes have as many parameters as reported', () => {
  const blocks = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(coordinateTransformer.published))) {
    const block = name.split('/')[0]!
    const size = shape.reduce((product, length) => product * length, 1)
    blocks.set(block, (blocks.get(block) ?? 0) + size)
  }
  const total = [...blocks.values()].reduce((sum, size) => sum + size, 0)
  console.log([...blocks].map(([block, size]) => `${block} ${size}`).join('\n'))
  console.log(`all ${total}, reported about 82.0 million`)
  expect(Math.abs(total / 82.0e6 - 1)).toBeLessThan(0.01)
})
