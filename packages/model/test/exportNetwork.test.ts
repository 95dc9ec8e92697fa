import { selectMolecules } from '@couplet/data'
import { openOnnx } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  extremeMolecules,
  heldOutMolecules,
  trainingMolecules,
} from '../src/conformance/molecules.ts'
import { exportNetwork } from '../src/exportNetwork.ts'
import { featureBatch } from '../src/featureBatch.ts'
import { fit } from '../src/fit.ts'
import { presetConfig, type NetworkModel } from '../src/Model.ts'
import { ModelError } from '../src/ModelError.ts'
import { predict } from '../src/predict.ts'
import type { Trained } from '../src/Trained.ts'
import { toyNetwork, type ToyConfig } from './toyNetwork.ts'

let trained: Trained
const molecules = heldOutMolecules()
const all = [...molecules.names.keys()]

beforeAll(async () => {
  trained = await fit(toyNetwork, trainingMolecules(), {
    config: presetConfig(toyNetwork, 'tiny'),
    recipe: toyNetwork.recipe.tiny,
    workers: 1,
  })
})

/** The trained toy, doubling its predictions in batches of fewer atoms than this. */
function doublingBelow(atoms: number): Trained {
  const model: NetworkModel<ToyConfig> = {
    ...toyNetwork,
    forward(weights, features, context, config) {
      const { couplings } = toyNetwork.forward(weights, features, context, config)
      const small = features['elements']!.shape[0] < atoms
      return { couplings: small ? tf.mul(couplings, 2) : couplings }
    },
  }
  return { ...trained, model }
}

describe('an exported network', () => {
  test.each([[all], [[1]], [[4, 0]]])('predicts as predict does: molecules %j', async (chosen) => {
    const { onnx, free, fixed } = await exportNetwork(trained, molecules)
    expect(free.toSorted()).toEqual(['atoms', 'molecules', 'pairs'])
    expect(fixed).toEqual({})
    const table = selectMolecules(molecules, chosen)
    const session = await openOnnx(onnx)
    const { couplings } = await session.run(featureBatch(trained, table).arrays)
    await session.close()
    const expected = await predict(trained, table, { workers: 1 })
    for (const [pair, coupling] of expected.entries()) {
      const error = Math.abs(couplings!.data[pair]! - coupling)
      expect(error).toBeLessThan(1e-5 * Math.max(1, Math.abs(coupling)))
    }
  })

  test('was compared with predict, and says what it is', async () => {
    const notes = { dataset: 'a few molecules' }
    const { check, metadata, inputs, outputs } = await exportNetwork(trained, molecules, {
      metadata: notes,
    })
    expect(check).toMatchObject({ molecules: 5, pairs: 39 })
    expect(metadata).toMatchObject({
      ...notes,
      entry: 'toy',
      units: 'hertz',
      config: JSON.stringify(trained.config),
    })
    expect(JSON.parse(metadata['inputs']!)).toEqual(inputs)
    expect(inputs).toContainEqual({ name: 'basis', dtype: 'float32', shape: ['pairs', 8] })
    expect(inputs).toContainEqual({ name: 'couplingTypes', dtype: 'int32', shape: ['pairs'] })
    expect(outputs).toEqual([{ name: 'couplings', dtype: 'float32', shape: ['pairs'] }])
  })

  test('takes fixed lengths where asked', async () => {
    const capacity = { pairs: 41, atoms: 30, molecules: 4 }
    const { inputs, free, fixed, onnx } = await exportNetwork(trained, molecules, { capacity })
    expect(free).toEqual([])
    expect(fixed['pairs']).toEqual({ length: 41, reason: 'as asked' })
    expect(inputs.find(({ name }) => name === 'basis')!.shape).toEqual([41, 8])
    const session = await openOnnx(onnx)
    const table = selectMolecules(molecules, [0, 1])
    const { couplings } = await session.run(featureBatch(trained, table, capacity).arrays)
    expect(couplings!.shape).toEqual([41])
    await session.close()
  })

  test('gets fixed lengths where the free ones would predict something else', async () => {
    // Compiled at more than sixty atoms, where nothing is doubled; the five molecules have fewer.
    const { free, fixed, check } = await exportNetwork(doublingBelow(50), molecules)
    expect(free).toEqual([])
    expect(fixed['atoms']!.length).toBeLessThan(50)
    expect(check).toMatchObject({ molecules: 5 })
  })

  test('is refused where it does not predict the same', async () => {
    const capacity = { atoms: 60 }
    await expect(exportNetwork(doublingBelow(50), molecules, { capacity })).rejects.toThrow(
      /predicts other couplings than `predict`/,
    )
  })
})

describe('features', () => {
  test('are never made of labels, and hold the types', () => {
    const { arrays, bucket } = featureBatch(trained, molecules)
    const { couplings: _, contributions: __, ...unlabelled } = molecules
    expect(arrays).toEqual(featureBatch(trained, unlabelled).arrays)
    expect(bucket.pairs).toBe(molecules.pairTypes.length + 1)
    expect([...arrays['couplingTypes']!.data]).toEqual([...molecules.pairTypes, 0])
  })

  test('of molecules without pairs, of other axes and of too small a capacity are refused', () => {
    const extremes = extremeMolecules()
    const bare = selectMolecules(extremes, [extremes.names.indexOf('carbon-dioxide')])
    expect(() => featureBatch(trained, bare)).toThrow(/have no coupled pairs/)
    expect(() => featureBatch(trained, molecules, { edges: 9 })).toThrow(
      /toy has no axis edges\. Its axes: molecules, atoms, pairs/,
    )
    expect(() => featureBatch(trained, molecules, { pairs: 9 })).toThrow(
      /the capacity of pairs is 9, but these molecules need 40/,
    )
    expect(() => featureBatch(trained, molecules, { pairs: 2e5 })).toThrow(ModelError)
  })
})
