import * as tf from '@tensorflow/tfjs'
import { afterAll, describe, expect, test } from 'vitest'
import {
  CHECKS,
  Subject,
  testModel,
  type CheckName,
  type ConformanceOptions,
} from '../src/conformance.ts'
import type { AnyModel, FittedModel, NetworkModel } from '../src/Model.ts'
import { typeScale } from '../src/typeScale.ts'
import { toyEntry, toyNetwork, type ToyConfig } from './toyNetwork.ts'

/** Each breaks one promise, and is told so in the intended sentence. */
interface Broken {
  readonly how: string
  readonly check: CheckName
  readonly sentence: RegExp
  readonly model: AnyModel
  readonly options?: ConformanceOptions
}

type Toy = NetworkModel<ToyConfig>

/** The toy with its distance basis shifted by something that it must not depend on. */
function leaking(amount: (...of: Parameters<Toy['featurize']>) => number | number[]): Toy {
  return {
    ...toyNetwork,
    featurize(...of) {
      const features = toyNetwork.featurize(...of)
      const { shape, data } = features['basis']!
      const added = amount(...of)
      const shift = (pair: number): number =>
        typeof added === 'number' ? added : (added[pair] ?? 0)
      return {
        ...features,
        basis: { shape, data: data.map((value, i) => value + shift(Math.floor(i / 8))) },
      }
    },
  }
}

/** The toy with something done to its predictions. */
function changing(
  change: (couplings: tf.Tensor1D, features: Readonly<Record<string, tf.Tensor>>) => tf.Tensor,
): Toy {
  return {
    ...toyNetwork,
    forward(weights, features, context, config) {
      const { couplings } = toyNetwork.forward(weights, features, context, config)
      return { couplings: change(couplings, features) as tf.Tensor1D }
    },
  }
}

let random = 0
let calls = 0
const leaked: tf.Tensor[] = []
const [first] = toyNetwork.recipe.tiny

const models: readonly Broken[] = [
  {
    how: 'names a parameter in capitals',
    check: 'entry',
    sentence: /parameter Head_1 is not named like block-0\/kernel/,
    model: {
      ...toyNetwork,
      parameters: (config, state) => ({
        ...toyNetwork.parameters(config, state),
        Head_1: { shape: [1], initialiser: { kind: 'constant', value: 0 } },
      }),
    } satisfies Toy,
  },
  {
    how: 'leaves a field out of entry.json',
    check: 'entry',
    sentence: /the entry does not follow the schema \(.*summary/,
    model: { ...toyNetwork, entry: { ...toyEntry, summary: '' } },
  },
  {
    how: 'has a function in its configuration',
    check: 'json',
    sentence: /activation of the published configuration does not survive JSON/,
    model: { ...toyNetwork, published: { ...toyNetwork.published, activation: Math.tanh } },
  },
  {
    how: 'keeps a typed array in its state',
    check: 'json',
    sentence: /vocabulary of the state does not survive JSON/,
    model: {
      ...toyNetwork,
      prepare: (train, config) => ({
        ...toyNetwork.prepare(train, config),
        vocabulary: Uint8Array.of(1, 6),
      }),
    } satisfies Toy,
  },
  {
    how: 'predicts NaN',
    check: 'finite',
    sentence: /the prediction for .*methane, pair 0 \(1JHC\).* is NaN|the loss became NaN/,
    model: {
      ...changing((couplings) => tf.log(tf.sub(tf.mul(couplings, 0), 1))),
      recipe: { ...toyNetwork.recipe, tiny: [] },
    },
  },
  {
    how: 'does not learn',
    check: 'fitsFour',
    sentence: /the tiny recipe does not fit four molecules: the error goes from/,
    model: {
      ...toyNetwork,
      recipe: { ...toyNetwork.recipe, tiny: [{ ...first!, learningRate: 1e-7 }] },
    },
  },
  {
    how: 'starts at random whatever the seed',
    check: 'seeds',
    sentence: /two trainings with the same seed differ/,
    model: {
      ...toyNetwork,
      parameters: (config, state) => ({
        ...toyNetwork.parameters(config, state),
        'head/bias': { shape: [1], initialiser: { kind: 'constant', value: (random += 0.1) } },
      }),
    } satisfies Toy,
  },
  {
    how: 'ignores the seed',
    check: 'seeds',
    sentence: /trainings with different seeds give the same weights/,
    model: {
      ...toyNetwork,
      published: { ...toyNetwork.published, dropout: 0 },
      recipe: { ...toyNetwork.recipe, tiny: [{ ...first!, batch: 4, augmentation: 'none' }] },
      parameters: (config, state) =>
        Object.fromEntries(
          Object.entries(toyNetwork.parameters(config, state)).map(([name, { shape }]) => [
            name,
            { shape, initialiser: { kind: 'constant', value: 0.1 } },
          ]),
        ),
    } satisfies Toy,
  },
  {
    how: 'reads a coordinate',
    check: 'motion',
    sentence: /a rotation and translation changes a prediction \(methane/,
    model: leaking(({ positions }) => positions[0]!),
  },
  {
    how: 'reads the number of an atom',
    check: 'atomOrder',
    sentence: /another order of the atoms changes a prediction \(/,
    model: leaking(({ pairAtoms }) => Array.from(pairAtoms.filter((_, i) => i % 2 === 0))),
  },
  {
    how: 'takes the mean over the batch away',
    check: 'batchMates',
    sentence: /other molecules in the batch change a prediction \(methane/,
    model: changing((couplings) => tf.sub(couplings, tf.mean(couplings))),
  },
  {
    how: 'counts the padding',
    check: 'padding',
    sentence: /a larger bucket changes a prediction \(methane/,
    model: leaking((_molecules, _state, _config, { pairs }) => 0.001 * pairs),
  },
  {
    how: 'reads the labels',
    check: 'labels',
    sentence: /predictions depend on labels of the molecules to predict: with other labels methane/,
    model: leaking(({ couplings }) => Array.from(couplings ?? [], (value) => 0.01 * value)),
  },
  {
    how: 'reads partial charges without saying so',
    check: 'labels',
    sentence: /predictions depend on labels of the molecules to predict/,
    model: leaking(({ mullikenCharges }) => mullikenCharges?.[0] ?? 0),
  },
  {
    how: 'divides by the number of bonds',
    check: 'extremes',
    sentence: /an unusual molecule cannot be predicted \(.*methane-without-bonds/,
    // In a batch of its own the molecule has no bonds at all, and its pairs get an infinite shift.
    model: leaking(({ bondAtoms }) => 0.01 / bondAtoms.length),
  },
  {
    how: 'needs a map in its state',
    check: 'checkpoint',
    sentence: /a checkpoint cannot be used again|predictions change after a checkpoint/,
    model: {
      ...leaking((_molecules, state) =>
        (state as unknown as { shift: Map<string, number> }).shift.get('a')!,
      ),
      prepare: (train, config) => ({
        ...toyNetwork.prepare(train, config),
        shift: new Map([['a', 0.1]]),
      }),
    } satisfies Toy,
  },
  {
    how: 'counts its calls',
    check: 'resume',
    sentence:
      /a resumed training differs from an uninterrupted one \(parameter element\/embedding\)/,
    model: leaking(() => 0.01 * calls++),
  },
  {
    how: 'keeps a tensor',
    check: 'tensors',
    sentence: /a prediction and a gradient leave \d+ tensors in memory/,
    model: {
      ...toyNetwork,
      featurize(...of) {
        leaked.push(tf.zeros([1]))
        return toyNetwork.featurize(...of)
      },
    } satisfies Toy,
  },
  {
    how: 'has a parameter that nothing uses',
    check: 'gradients',
    sentence: /parameter spare gets no gradient: the loss does not depend on it/,
    model: {
      ...toyNetwork,
      parameters: (config, state) => ({
        ...toyNetwork.parameters(config, state),
        spare: { shape: [2], initialiser: { kind: 'constant', value: 1 } },
      }),
    } satisfies Toy,
  },
  {
    how: 'multiplies a parameter by zero',
    check: 'gradients',
    sentence: /parameter spare gets no gradient: the loss does not depend on it/,
    model: {
      ...toyNetwork,
      parameters: (config, state) => ({
        ...toyNetwork.parameters(config, state),
        spare: { shape: [1], initialiser: { kind: 'constant', value: 1 } },
      }),
      forward(weights, features, context, config) {
        const { couplings } = toyNetwork.forward(weights, features, context, config)
        return { couplings: tf.add<tf.Tensor1D>(couplings, tf.mul(weights['spare']!, 0)) }
      },
    } satisfies Toy,
  },
  {
    how: 'computes something else on another backend',
    check: 'compiled',
    sentence: /the compiled (loss is|gradient of) /,
    model: changing((couplings) =>
      tf.getBackend() === 'cpu' ? tf.mul(couplings, 1.01) : couplings,
    ),
  },
  {
    how: 'holds a constant as long as a batch',
    check: 'exported',
    sentence: /the exported network takes one length of pairs alone: the network holds a constant/,
    model: changing((couplings) =>
      tf.add(couplings, tf.mul(tf.linspace(0, 1, couplings.shape[0]), 0)),
    ),
  },
  {
    how: 'departs from its golden values',
    check: 'golden',
    sentence: /the golden value of methane, pair 0 \(1JHC\) is 1 Hz, but the tiny preset gives/,
    model: toyNetwork,
    options: { golden: Array.from({ length: 39 }, () => 1) },
  },
  {
    how: 'has no golden values',
    check: 'golden',
    sentence: /there are no golden values. Give testModel a file name/,
    model: toyNetwork,
  },
]

describe('the conformance suite tells a model that', () => {
  let subject: Subject | undefined
  afterAll(() => {
    for (const tensor of leaked) tensor.dispose()
  })
  for (const { how, check, sentence, model, options = {} } of models) {
    test(`${how} (${check})`, async () => {
      subject = new Subject(model)
      try {
        await expect(CHECKS[check].run(subject, options)).rejects.toThrow(sentence)
      } finally {
        await subject.close()
      }
    })
  }

  test('opts out without a reason', () => {
    expect(() => testModel(toyNetwork, { optOut: { motion: ' ' } })).toThrow(
      /toy: the opt-out of motion needs the name of a check and a reason/,
    )
  })
})

/** Predicts the mean of each type: a fitted model without a mistake. */
const meanModel: FittedModel = {
  specVersion: 'v1',
  kind: 'fitted',
  entry: { ...toyEntry, id: 'mean' },
  published: {},
  small: {},
  tiny: {},
  prepare: (train) => ({ scale: typeScale(train) }),
  fit: (_train, { scale }) => ({ means: { shape: [8], data: Float32Array.from(scale.mean) } }),
  predict: ({ means }, { pairTypes }) => Float32Array.from(pairTypes, (type) => means!.data[type]!),
}

testModel(meanModel, { optOut: { golden: 'shows how an opt-out looks' } })
