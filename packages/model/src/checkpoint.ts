import type { HostArray, HostArrays } from '@couplet/engine'
import { INNER_FOLDS } from '@couplet/data'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { checkTrained, progressSchema, stateSchema } from './checkTrained.ts'
import type { AnyModel } from './Model.ts'
import { ModelError } from './ModelError.ts'
import type { Recipe } from './Recipe.ts'
import { configSchema, recipeSchema } from './schema.ts'
import { formatSafetensors, parseSafetensors } from './safetensors.ts'
import type { Trained } from './Trained.ts'

/** Version of the checkpoint's layout. */
const FORMAT = 'couplet-checkpoint-1'
/** Prefixes of the arrays that only an unfinished training has. */
const RESUME = {
  values: 'resume/values/',
  firstMoments: 'resume/first/',
  secondMoments: 'resume/second/',
} as const

/** Headers of the networks of a first stage. */
const firstStageSchema = z.array(z.record(z.string(), z.string())).length(INNER_FOLDS)
/** Prefix of the arrays of a network of the first stage, before its number. */
const FIRST_STAGE = 'first-stage/'

/**
 * A trained model as one safetensors file: the weights under their names, and in the header entry, versions, configuration,
 * state, seed, recipe, runner and progress, and a checksum of all that. An unfinished training also holds what {@link fit} needs
 * to go on exactly.
 * @param notes further texts for the header, for example data set and fold.
 */
export function formatCheckpoint(
  trained: Trained,
  notes: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { arrays, metadata } = partsOf(trained)
  const texts = { ...notes, ...metadata }
  return formatSafetensors(arrays, { ...texts, checksum: checksumOf(arrays, texts) })
}

/** Of names, shapes, values and texts, as they would be written without it. */
function checksumOf(arrays: HostArrays, texts: Readonly<Record<string, string>>): string {
  return bytesToHex(sha256(formatSafetensors(arrays, texts)))
}

interface Parts {
  readonly arrays: HostArrays
  readonly metadata: Readonly<Record<string, string>>
}

function partsOf(trained: Trained): Parts {
  const { model, config, state, weights, seed, recipe, runner, progress, firstStage } = trained
  const { resume, ...position } = progress
  const arrays: Record<string, HostArray> = { ...weights }
  for (const [part, prefix] of Object.entries(RESUME)) {
    for (const [name, array] of Object.entries(resume?.[part as keyof typeof RESUME] ?? {})) {
      arrays[prefix + name] = array
    }
  }
  const networks = firstStage?.map(partsOf)
  for (const [index, network] of networks?.entries() ?? []) {
    for (const [name, array] of Object.entries(network.arrays)) {
      arrays[`${FIRST_STAGE}${index}/${name}`] = array
    }
  }
  const metadata = {
    format: FORMAT,
    entry: model.entry.id,
    entryVersion: model.entry.version,
    specVersion: model.specVersion,
    config: JSON.stringify(config),
    state: JSON.stringify(state),
    seed: String(seed),
    recipe: JSON.stringify(recipe),
    runner,
    progress: JSON.stringify(position),
    node: process.version,
    ...(networks ? { firstStage: JSON.stringify(networks.map((one) => one.metadata)) } : {}),
  }
  return { arrays, metadata }
}

/**
 * Reads a checkpoint.
 * @param models the entries to choose from.
 * @param where name of the file, for messages.
 * @throws ModelError if it is no checkpoint, of an unknown entry, or damaged.
 */
export function parseCheckpoint(
  bytes: Uint8Array,
  models: readonly AnyModel[],
  where: string,
): { trained: Trained; notes: Readonly<Record<string, string>> } {
  const { arrays, metadata } = parseSafetensors(bytes, where)
  const { checksum, ...texts } = metadata
  // Checkpoints of before have none.
  if (checksum !== undefined && checksum !== checksumOf(arrays, texts)) {
    throw new ModelError(
      `${where}: it is damaged, since it does not have the checksum that was written into it. Copy it again, or train again.`,
    )
  }
  return { trained: restore({ arrays, metadata: texts }, models, where), notes: texts }
}

function restore({ arrays, metadata }: Parts, models: readonly AnyModel[], where: string): Trained {
  if (metadata['format'] !== FORMAT) {
    throw new ModelError(
      `${where}: format is ${metadata['format'] ?? 'missing'}, not ${FORMAT}. Train again, or use the release that wrote it.`,
    )
  }
  const model = models.find(({ entry }) => entry.id === metadata['entry'])
  if (!model) {
    throw new ModelError(
      `${where}: entry ${metadata['entry']} is not known here. Known: ${models.map(({ entry }) => entry.id).join(', ')}.`,
    )
  }
  if (metadata['entryVersion'] !== model.entry.version) {
    throw new ModelError(
      `${where}: written by version ${metadata['entryVersion']} of ${model.entry.id}, but this is version ${model.entry.version}. Train again, or use the release that wrote it.`,
    )
  }
  const field = <T>(name: string, schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(parseJson(metadata[name]))
    if (parsed.success) return parsed.data
    const { path, message } = parsed.error.issues[0]!
    throw new ModelError(
      `${where}: ${[name, ...path].join('.')} in the header is wrong (${message}). Use a checkpoint that Couplet wrote.`,
    )
  }
  const part = (prefix: string): HostArrays =>
    Object.fromEntries(
      Object.entries(arrays)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, array]) => [name.slice(prefix.length), array]),
    )
  const weights = Object.fromEntries(
    Object.entries(arrays).filter(
      ([name]) => !name.startsWith('resume/') && !name.startsWith(FIRST_STAGE),
    ),
  )
  const values = part(RESUME.values)
  const position = field('progress', progressSchema)
  const progress =
    Object.keys(values).length > 0
      ? {
          ...position,
          resume: {
            values,
            firstMoments: part(RESUME.firstMoments),
            secondMoments: part(RESUME.secondMoments),
          },
        }
      : position
  const first = model.kind === 'network' ? model.firstStage : undefined
  const networks = first && field('firstStage', firstStageSchema)
  const trained: Trained = {
    model,
    config: field('config', configSchema),
    state: field('state', stateSchema),
    weights,
    seed: field('seed', z.int()),
    recipe: field('recipe', recipeSchema) as Recipe,
    runner: metadata['runner'] ?? 'not recorded',
    progress,
    ...(networks
      ? {
          firstStage: networks.map((header, index) => {
            const network = { arrays: part(`${FIRST_STAGE}${index}/`), metadata: header }
            return restore(network, [first], `${where}, network ${index} of the first stage`)
          }),
        }
      : {}),
  }
  checkTrained(trained, where)
  return trained
}

/** Nothing where the text is missing or no JSON. */
function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
