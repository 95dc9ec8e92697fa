import { COUPLING_TYPES } from '@couplet/data'
import { expect, test } from 'vitest'
import { axisSizes } from '../src/batches.ts'
import { trainingMolecules } from '../src/conformance/molecules.ts'
import { presetConfig, type State } from '../src/Model.ts'
import { PhaseBatches } from '../src/PhaseBatches.ts'
import { toyNetwork, type ToyConfig } from './toyNetwork.ts'

test('weighs types by how often the training molecules have them, whatever molecules the state was learnt from', () => {
  const molecules = trainingMolecules()
  const config = presetConfig(toyNetwork, 'tiny') as ToyConfig
  const state = toyNetwork.prepare(molecules, config)
  const phase = {
    ...toyNetwork.recipe.tiny[0]!,
    batch: 2,
    loss: { kind: 'mean-type-mae' },
  } as const
  const sizes = axisSizes(molecules, toyNetwork.sizes(molecules, state, config))
  const weightsWith = (count: readonly number[]): readonly number[] => {
    const other: State = { scale: { ...state.scale, count } }
    const options = { sizes, seed: 1, workers: 1 }
    return new PhaseBatches(toyNetwork, molecules, other, config, phase, options).prepare(0)
      .objective.weights
  }
  const own = weightsWith(state.scale.count)
  // Half of the molecules at a time: half of the pairs of a type on average.
  const expected = COUPLING_TYPES.map((_, type) =>
    own[type] === 0 ? 0 : 1 / (8 * (state.scale.count[type]! / 2)),
  )
  expect(own.filter((weight) => weight > 0).length).toBeGreaterThan(3)
  for (const [type, weight] of own.entries()) expect(weight).toBeCloseTo(expected[type]!, 12)
  // A larger set before, and one that had none of some types.
  expect(weightsWith(state.scale.count.map((count) => 7 * count + 1))).toEqual(own)
  expect(weightsWith(state.scale.count.map((count, type) => (type % 2 === 0 ? 0 : count)))).toEqual(
    own,
  )
})
