import { isDeepStrictEqual } from 'node:util'
import { presetConfig, type Preset } from '../Model.ts'
import { parseEntry } from '../schema.ts'
import { broken } from './compare.ts'
import { trainingMolecules } from './molecules.ts'
import type { Subject } from './Subject.ts'

/** Words of small letters, digits and hyphens, joined by slashes; `resume/` and `first-stage/` are taken by checkpoints. */
const ARRAY_NAME = /^(?!(resume|first-stage)\/)[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)*$/
const PRESETS: readonly Preset[] = ['published', 'small', 'tiny']

/** The entry describes itself as the schema demands, and its arrays have names that a checkpoint can keep. */
export async function checkEntry(subject: Subject): Promise<void> {
  const { model, config } = subject
  const version: string = model.specVersion
  if (version !== 'v1') throw broken(model, `specVersion is ${version}, not v1.`)
  try {
    parseEntry(model.entry)
  } catch (error) {
    throw broken(model, `the entry does not follow the schema (${String(error)}).`)
  }
  const state = model.prepare(trainingMolecules(), config)
  const names =
    model.kind === 'network'
      ? Object.keys(model.parameters(config, state))
      : Object.keys((await subject.trained()).weights)
  if (names.length === 0) throw broken(model, 'it has no parameters.')
  const odd = names.find((name) => !ARRAY_NAME.test(name))
  if (odd !== undefined) {
    throw broken(
      model,
      `parameter ${odd} is not named like block-0/kernel (words joined by - and /).`,
    )
  }
}

/** Configurations and what is learnt before training can be written to a checkpoint's header. */
export async function checkJson({ model, config }: Subject): Promise<void> {
  for (const preset of PRESETS) {
    const bad = lostInJson(presetConfig(model, preset))
    if (bad !== undefined) {
      throw broken(model, `${bad} of the ${preset} configuration does not survive JSON.`)
    }
  }
  const bad = lostInJson(model.prepare(trainingMolecules(), config))
  if (bad !== undefined) throw broken(model, `${bad} of the state does not survive JSON.`)
}

/** Key of the first value that JSON changes or leaves out. */
function lostInJson(value: object): string | undefined {
  const copy = JSON.parse(JSON.stringify(value)) as Record<string, unknown>
  return Object.entries(value).find(([key, item]) => !isDeepStrictEqual(item, copy[key]))?.[0]
}
