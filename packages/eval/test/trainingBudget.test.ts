import { describe, expect, it } from 'vitest'
import { commonBudget, trainedElsewhere, trainingCoreSeconds } from '../src/index.ts'
import { exampleResult } from './examples.ts'

describe('core-seconds of a training', () => {
  const { run } = exampleResult()
  it('are processor time', () => {
    expect(trainingCoreSeconds({ run: { ...run, seconds: 9, coreSeconds: 7, cores: 2 } })).toBe(7)
  })
  it('are wall time by threads where a file has no other', () => {
    const { coreSeconds: _, ...older } = run
    expect(trainingCoreSeconds({ run: { ...older, seconds: 9, cores: 2 } })).toBe(18)
  })
})

describe('a common budget', () => {
  const network = (budget?: number) => ({
    config: {
      'recipe/train/epochs': 3,
      ...(budget === undefined ? {} : { 'recipe/budget': budget }),
    },
  })
  const fitted = { config: { trees: 100 } }
  it.each([
    ['every network has it', [network(120), fitted, network(120)], 120],
    ['one differs', [network(120), network(60)], undefined],
    ['one has none', [network(120), network()], undefined],
    ['there is no network', [fitted], undefined],
  ])('%s', (_, results, budget) => {
    expect(commonBudget(results)).toBe(budget)
  })
})

describe('results of another processor', () => {
  const on = (device: string) => ({ run: { device } })
  it.each([
    ['are those of the rarer one', [on('A'), on('B'), on('A')], [on('B')]],
    ['are none where all are of one', [on('A'), on('A')], []],
    ['are none of none', [], []],
  ])('%s', (_, results, elsewhere) => {
    expect(trainedElsewhere(results)).toEqual(elsewhere)
  })
})
