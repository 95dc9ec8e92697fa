import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { foldSplit, selectMolecules } from '@couplet/data'
import { readDft } from '@couplet/dft'
import { presetConfig } from '@couplet/model'
import { architectureSchema } from '@couplet/model/schema'
import { mpnn } from '@couplet/mpnn'
import * as tf from '@tensorflow/tfjs'
import { expect, test } from 'vitest'
import { describeArchitecture } from '../src/report/describeArchitecture.ts'

test('the steps of a network are the functions that its forward calls, with what flows between them', async () => {
  if (mpnn.kind !== 'network') throw new Error('mpnn is a network')
  await tf.ready()
  const { table } = await readDft()
  const example = selectMolecules(table, [0])
  const folder = fileURLToPath(new URL('../../../packages/entries/mpnn/src', import.meta.url))
  const found = await describeArchitecture(mpnn, foldSplit(table, 0).train, example, folder)
  expect(architectureSchema.parse(found)).toEqual(found)
  const { steps, width } = presetConfig(mpnn, 'small') as { steps: number; width: number }
  const step = (name: string) => found.steps.find((one) => one.name === name)!
  expect(found.steps.map(({ name }) => name)).toEqual([
    'describeEdges',
    'embedAtoms',
    'collectMessages',
    'updateAtom',
    'poolMolecules',
    'readPairs',
  ])
  expect(step('updateAtom').times).toBe(steps)
  expect(step('updateAtom').from.toSorted()).toEqual(['collectMessages', 'embedAtoms'])
  expect(step('updateAtom').gives).toEqual([['atoms', width]])
  expect(step('readPairs').gives).toEqual([['pairs']])
  expect(step('updateAtom').about).toContain('gated recurrent unit')
  // Its comment names a step of the list at the head of the file.
  expect(step('embedAtoms').about).toBe("An atom network turns each atom's features into its state")
  // No parameter is left out, none is shared between steps here.
  expect(found.steps.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(found.parameters)
})

test('every step of every network is explained in its sources', () => {
  const folder = fileURLToPath(new URL('../../../paper/architectures/', import.meta.url))
  const files = readdirSync(folder)
  expect(files.length).toBeGreaterThan(0)
  const unexplained = files.flatMap((file) => {
    const { steps } = architectureSchema.parse(JSON.parse(readFileSync(folder + file, 'utf8')))
    return steps.filter(({ about }) => about === null).map(({ name }) => `${file}: ${name}`)
  })
  expect(unexplained).toEqual([])
})
