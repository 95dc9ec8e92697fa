import { beforeAll, describe, expect, test } from 'vitest'
import { formatCheckpoint, parseCheckpoint } from '../src/checkpoint.ts'
import { trainingMolecules } from '../src/conformance/molecules.ts'
import { fit } from '../src/fit.ts'
import { presetConfig } from '../src/Model.ts'
import { ModelError } from '../src/ModelError.ts'
import { formatSafetensors, parseSafetensors } from '../src/safetensors.ts'
import type { Trained } from '../src/Trained.ts'
import { toyNetwork } from './toyNetwork.ts'

const recipe = toyNetwork.recipe.tiny
let unfinished: Trained
let complete: Trained

beforeAll(async () => {
  const config = presetConfig(toyNetwork, 'tiny')
  const options = { config, recipe, seed: 5, workers: 1 }
  unfinished = await fit(toyNetwork, trainingMolecules(), {
    ...options,
    signal: AbortSignal.abort(),
  })
  complete = await fit(toyNetwork, trainingMolecules(), {
    ...options,
    recipe: [{ ...recipe[0]!, epochs: 1 }],
  })
})

/** The checkpoint with its header or arrays changed, by someone who leaves out the checksum. */
function damaged(
  change: (metadata: Record<string, string>, arrays: Record<string, unknown>) => void,
): Uint8Array {
  const { arrays, metadata } = parseSafetensors(formatCheckpoint(unfinished), 'a file')
  const { checksum: _checksum, ...header } = metadata
  const values = { ...arrays }
  change(header, values)
  return formatSafetensors(values, header)
}

function parse(bytes: Uint8Array): ReturnType<typeof parseCheckpoint> {
  return parseCheckpoint(bytes, [toyNetwork], 'run/model.safetensors')
}

/** The JSON text of a header field with one value replaced. */
function replaced(text: string | undefined, values: object): string {
  return JSON.stringify({ ...(JSON.parse(text!) as object), ...values })
}

describe('a checkpoint', () => {
  test('gives back a complete training', () => {
    expect(parse(formatCheckpoint(complete)).trained).toEqual(complete)
    expect(complete.progress).toEqual({ step: 2, steps: 2, workers: 1 })
  })

  test('gives back an unfinished training with all it needs to go on', () => {
    const { trained } = parse(formatCheckpoint(unfinished))
    expect(trained).toEqual(unfinished)
    expect(Object.keys(trained.progress.resume!.secondMoments)).toEqual(
      Object.keys(trained.weights),
    )
  })

  test('keeps a component switched off, of which presets do not speak', () => {
    const switching = { ...toyNetwork, switches: ['extra'] }
    const without = { ...complete, model: switching, config: { ...complete.config, extra: false } }
    const bytes = formatCheckpoint(without)
    expect(parseCheckpoint(bytes, [switching], 'a file').trained.config).toEqual(without.config)
    expect(() => parse(bytes)).toThrow(/extra in the configuration is false/)
    const damage = formatCheckpoint({ ...without, config: { ...without.config, extra: 'no' } })
    expect(() => parseCheckpoint(damage, [switching], 'a file')).toThrow(
      /extra in the configuration is no/,
    )
  })

  test('says what trained it and why', () => {
    expect(complete.runner).toMatch(/^[a-z-]+: \S+( \S+){3,}$/)
    expect(unfinished.runner).toBe('not trained yet')
    expect(parse(formatCheckpoint(complete)).notes['runner']).toBe(complete.runner)
    expect(parse(damaged((m) => delete m['runner'])).trained.runner).toBe('not recorded')
  })

  test('keeps notes, which cannot replace what it says itself', () => {
    const { notes } = parse(formatCheckpoint(complete, { dataset: 'dft', fold: '2', seed: '99' }))
    expect(notes).toMatchObject({
      dataset: 'dft',
      fold: '2',
      seed: '5',
      entry: 'toy',
      entryVersion: '0.1.0',
    })
  })

  test('with any bit changed is refused', () => {
    const bytes = formatCheckpoint(complete)
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true))
    const seed = Buffer.from(bytes).indexOf('"seed":"5"') + '"seed":"'.length
    for (const at of [seed, 8 + header, bytes.length - 1]) {
      const flipped = Uint8Array.from(bytes)
      flipped[at]! ^= 1
      expect(() => parse(flipped)).toThrow(/run\/model\.safetensors: it is damaged/)
    }
  })

  test('without a checksum, as they were written before, is read', () => {
    expect(parse(damaged(() => {})).trained).toEqual(unfinished)
  })

  test.each<{ what: string; message: RegExp; change: Parameters<typeof damaged>[0] }>([
    {
      what: 'another kind of safetensors file',
      message: /format is missing, not couplet-checkpoint-1/,
      change: (m) => delete m['format'],
    },
    {
      what: 'an unknown entry',
      message: /entry other is not known here\. Known: toy/,
      change: (m) => (m['entry'] = 'other'),
    },
    {
      what: 'a configuration that is no JSON',
      message: /config in the header is wrong/,
      change: (m) => (m['config'] = '{'),
    },
    {
      what: 'a missing state',
      message: /state in the header is wrong/,
      change: (m) => delete m['state'],
    },
    {
      what: 'a configuration with a list',
      message: /config\.hidden in the header is wrong/,
      change: (m) => (m['config'] = replaced(m['config'], { hidden: [12] })),
    },
    {
      what: 'a configuration of the wrong type',
      message: /hidden in the configuration is 12/,
      change: (m) => (m['config'] = replaced(m['config'], { hidden: '12' })),
    },
    {
      what: 'a configuration without a key',
      message: /hidden in the configuration is undefined/,
      change: (m) => (m['config'] = '{"dropout": 0.1}'),
    },
    {
      what: 'a configuration for larger arrays',
      message: /array element\/embedding should have shape \[10,9999\] but has \[10,12\]/,
      change: (m) => (m['config'] = replaced(m['config'], { hidden: 9999 })),
    },
    {
      what: 'a size that no network has',
      message: /config\.hidden in the header is wrong/,
      change: (m) => (m['config'] = replaced(m['config'], { hidden: 1e9 })),
    },
    {
      what: 'another version of the entry',
      message: /written by version 9\.9\.9 of/,
      change: (m) => (m['entryVersion'] = '9.9.9'),
    },
    {
      what: 'a state without a scale',
      message: /state\.scale in the header is wrong/,
      change: (m) => (m['state'] = '{}'),
    },
    {
      what: 'a scale of seven types',
      message: /state\.scale\.mean in the header is wrong/,
      change: (m) =>
        (m['state'] = JSON.stringify({
          scale: { ...unfinished.state.scale, mean: [1, 2, 3, 4, 5, 6, 7] },
        })),
    },
    {
      what: 'a scale with a gap',
      message: /state\.scale\.mean\.0 in the header is wrong/,
      change: (m) =>
        (m['state'] = JSON.stringify({
          scale: { ...unfinished.state.scale, mean: [NaN, 0, 0, 0, 0, 0, 0, 0] },
        })),
    },
    {
      what: 'a seed that is no whole number',
      message: /seed in the header is wrong/,
      change: (m) => (m['seed'] = '0.5'),
    },
    {
      what: 'a recipe of another kind',
      message: /recipe\.0\..* in the header is wrong/,
      change: (m) => (m['recipe'] = '[{}]'),
    },
    {
      what: 'a thousand million workers',
      message: /progress\.workers in the header is wrong/,
      change: (m) => (m['progress'] = replaced(m['progress'], { workers: 1e9 })),
    },
    {
      what: 'a missing array',
      message: /array head\/bias should have shape \[1\] but has \[none\]/,
      change: (_, a) => delete a['head/bias'],
    },
    {
      what: 'an array too many',
      message: /array extra should have shape \[none\] but has \[1\]/,
      change: (_, a) => (a['extra'] = { shape: [1], data: Float32Array.of(1) }),
    },
    {
      what: 'an array of another shape',
      message: /array head\/bias should have shape \[1\] but has \[1,1\]/,
      change: (_, a) => (a['head/bias'] = { shape: [1, 1], data: Float32Array.of(1) }),
    },
    {
      what: 'an array of integers',
      message: /array head\/bias holds integers/,
      change: (_, a) => (a['head/bias'] = { shape: [1], data: Int32Array.of(1) }),
    },
    {
      what: 'a missing moment',
      message: /array head\/bias should have shape \[1\] but has \[none\]/,
      change: (_, a) => delete a['resume/first/head/bias'],
    },
  ])('refuses $what', ({ change, message }) => {
    const bytes = damaged(change)
    expect(() => parse(bytes)).toThrow(ModelError)
    expect(() => parse(bytes)).toThrow(message)
    expect(() => parse(bytes)).toThrow(/run\/model\.safetensors: /)
  })
})
