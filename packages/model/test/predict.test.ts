import { selectMolecules, type MoleculeTable } from '@couplet/data'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  extremeMolecules,
  heldOutMolecules,
  trainingMolecules,
} from '../src/conformance/molecules.ts'
import { featureBatch } from '../src/featureBatch.ts'
import { fit } from '../src/fit.ts'
import { presetConfig, type NetworkModel } from '../src/Model.ts'
import { ModelError } from '../src/ModelError.ts'
import { predict } from '../src/predict.ts'
import { parameterCount, type Trained } from '../src/Trained.ts'
import { toyEntry, toyNetwork, type ToyConfig } from './toyNetwork.ts'

let trained: Trained
const molecules = heldOutMolecules()

beforeAll(async () => {
  const options = {
    config: presetConfig(toyNetwork, 'tiny'),
    recipe: toyNetwork.recipe.tiny,
    workers: 1,
  }
  trained = await fit(toyNetwork, trainingMolecules(), options)
})

/** Largest difference in hertz. */
function largestDifference(one: Float32Array, other: Float32Array): number {
  expect(one).toHaveLength(other.length)
  return Math.max(...one.map((value, index) => Math.abs(value - other[index]!)))
}

describe('predict', () => {
  test('keeps the order of the pairs whatever the batches', async () => {
    const together = await predict(trained, molecules, { workers: 1 })
    for (const batch of [1, 2, 3]) {
      const apart = await predict(trained, molecules, { workers: 2, batch })
      expect(largestDifference(apart, together)).toBeLessThan(1e-3)
    }
    const last = selectMolecules(molecules, [molecules.names.length - 1])
    const alone = await predict(trained, last, { workers: 1 })
    expect(largestDifference(alone, together.slice(-alone.length))).toBeLessThan(1e-3)
  })

  test('is the same on the eager runner', async () => {
    const [compiled, eager] = [
      await predict(trained, molecules, { runner: 'ort', workers: 1 }),
      await predict(trained, molecules, { runner: 'tfjs-cpu' }),
    ]
    expect(largestDifference(compiled, eager)).toBeLessThan(1e-3)
  })

  test('gives nothing for molecules without pairs, and for no molecules', async () => {
    const extremes = extremeMolecules()
    const bare = selectMolecules(extremes, [extremes.names.indexOf('carbon-dioxide')])
    expect(await predict(trained, bare)).toEqual(new Float32Array(0))
    expect(await predict(trained, selectMolecules(molecules, []))).toEqual(new Float32Array(0))
  })

  test('reports the molecules done, the last report counting all with pairs', async () => {
    const reports: number[][] = []
    const onProgress = (...report: number[]): number => reports.push(report)
    await predict(trained, molecules, { workers: 1, batch: 2, onProgress })
    expect(reports).toEqual([
      [2, 5],
      [4, 5],
      [5, 5],
    ])
  })

  test('keeps labels from the model', async () => {
    const seen: MoleculeTable[] = []
    const curious: NetworkModel<ToyConfig> = {
      ...toyNetwork,
      featurize(table, ...rest) {
        seen.push(table)
        return toyNetwork.featurize(table, ...rest)
      },
    }
    await predict({ ...trained, model: curious }, molecules, { workers: 1 })
    expect(molecules.couplings).toBeDefined()
    expect(seen.map(({ couplings, contributions }) => [couplings, contributions])).toEqual([
      [undefined, undefined],
    ])
  })

  describe('of molecules that attention makes large', () => {
    /** The toy, as if every molecule were so many tokens that each attend to all; notes the molecules of each batch. */
    const attentive = (
      tokens: (name: string) => number,
      seen: string[][] = [],
    ): NetworkModel<ToyConfig> => ({
      ...toyNetwork,
      sizes: (table, state, config) => ({
        ...toyNetwork.sizes(table, state, config),
        longestTokens: Uint32Array.from(table.names.map(tokens)),
      }),
      featurize(table, ...rest) {
        seen.push([...table.names])
        return toyNetwork.featurize(table, ...rest)
      },
    })

    test('refuses one that does not fit into memory by itself, before its features are made', async () => {
      const seen: string[][] = []
      const large = molecules.names[2]!
      const model = attentive((name) => (name === large ? 20_000 : 5), seen)
      const message = `${large} is too large for this network (an array of 800000000 numbers, at most 268435456)`
      await expect(predict({ ...trained, model }, molecules)).rejects.toThrow(message)
      expect(() => featureBatch({ ...trained, model }, selectMolecules(molecules, [2]))).toThrow(
        /a batch with \S+ \(\d+ atoms, the largest of 1\) does not fit into memory as toy reads it/,
      )
      const small = { ...trained, model: { ...model, largestArray: () => 1000 } }
      expect(await predict(small, molecules)).toHaveLength(molecules.pairTypes.length)
      expect(seen.flat().toSorted()).toEqual([...molecules.names].toSorted())
    })

    test('cuts batches that do not fit together', async () => {
      const seen: string[][] = []
      // Three, with the block of the padding, are 4 * 8000 * 8000 numbers.
      const model = attentive(() => 8000, seen)
      const cut = await predict({ ...trained, model }, molecules, { workers: 1 })
      expect(seen.map(({ length }) => length)).toEqual([3, 2])
      const together = await predict(trained, molecules, { workers: 1 })
      expect(largestDifference(cut, together)).toBeLessThan(1e-3)
    })

    test('gives one its own shape where that of larger ones is too large', async () => {
      const seen: number[] = []
      const model = attentive((name) => (name === molecules.names[4] ? 11_000 : 10))
      const watched: NetworkModel<ToyConfig> = {
        ...model,
        featurize(table, state, config, bucket) {
          seen.push(bucket.molecules * bucket['longestTokens']! ** 2)
          return toyNetwork.featurize(table, state, config, bucket)
        },
      }
      await predict({ ...trained, model: watched }, molecules, { workers: 1 })
      expect(seen).toHaveLength(2)
      expect(Math.max(...seen)).toBeLessThan(2 ** 28)
    })

    test('says so where there is no room for the features', async () => {
      const model: NetworkModel<ToyConfig> = {
        ...toyNetwork,
        featurize: () => ({ x: { shape: [0], data: new Float32Array(-1) } }),
      }
      const message =
        /a batch with \S+ \(\d+ atoms, the largest of \d\) does not fit into memory as toy reads it \(Invalid typed array length: -1\)\. Give fewer/
      await expect(predict({ ...trained, model }, molecules)).rejects.toThrow(message)
      const { config } = trained
      const training = fit(model, trainingMolecules(), { config, workers: 1 })
      await expect(training).rejects.toThrow(message)
      await expect(training).rejects.toThrow(ModelError)
    })
  })

  test('refuses a value that is not finite, and says which molecule', async () => {
    const bias = { shape: [1], data: Float32Array.of(NaN) }
    const spoilt = { ...trained, weights: { ...trained.weights, 'head/bias': bias } }
    await expect(predict(spoilt, molecules)).rejects.toThrow(ModelError)
    await expect(predict(spoilt, molecules)).rejects.toThrow(
      /toy predicts NaN for a pair of methane\./,
    )
  })

  test('counts the learnt values', () => {
    // Embeddings of 10 elements and 9 types, 8 distances, the head and its bias, at a width of 12.
    expect(parameterCount(trained)).toBe((10 + 9 + 8 + 1) * 12 + 1)
    expect(trained.model.entry).toBe(toyEntry)
  })
})
