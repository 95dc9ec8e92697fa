import { readFileSync } from 'node:fs'
import { presetConfig } from '@couplet/model'
import { expect, test } from 'vitest'
import { EDGE_FEATURES } from '../src/featurize.ts'
import { edgeUpdateSchnet } from '../src/index.ts'
import { parameters, type EdgeUpdateSchnetConfig } from '../src/network.ts'

test('the small preset has as many parameters as the README says', () => {
  const config = presetConfig(edgeUpdateSchnet, 'small') as EdgeUpdateSchnetConfig
  const count = Object.values(parameters(config, EDGE_FEATURES)).reduce(
    (sum, { shape }) => sum + shape.reduce((product, length) => product * length, 1),
    0,
  )
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const said = /`small` \(([\d,]+) parameters\)/.exec(readme)![1]!
  console.log(`small: ${count} parameters`)
  expect(count).toBe(Number(said.replaceAll(',', '')))
})
