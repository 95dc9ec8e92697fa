import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MoleculeTable } from '@couplet/data'
import { parameterSlots, type GraphInput, type ParameterSlot } from '@couplet/engine'
import {
  featureBatch,
  presetConfig,
  TYPE_INPUT,
  type Bucket,
  type NetworkModel,
} from '@couplet/model'
import type { Architecture } from '@couplet/model/schema'
import { recordSteps, type RecordedForward } from './recordSteps.ts'

type Step = Architecture['steps'][number]
type Shape = Step['gives'][number]

/** Axes get lengths of their own from here, so that a length in a shape tells which axis it is; hyperparameters are rarely primes. */
const FIRST_FLAT = 211
const FIRST_LONGEST = 41
const MOLECULES = 37

/**
 * Describes what the small preset of a network computes, by running its `forward` once on placeholders.
 * @param train molecules that the network is prepared on, as before training.
 * @param example one small molecule.
 * @param folder the `src` folder of the entry, whose comments describe the steps.
 */
export async function describeArchitecture(
  model: NetworkModel,
  train: MoleculeTable,
  example: MoleculeTable,
  folder: string,
): Promise<Architecture> {
  const config = presetConfig(model, 'small')
  const state = model.prepare(train, config)
  const source = { model, config, state }
  const { bucket: needed } = featureBatch(source, example)
  const { arrays, bucket } = featureBatch(source, example, distinctLengths(needed))
  const features = Object.entries(arrays).filter(([name]) => name !== TYPE_INPUT)
  const slots = parameterSlots(model.parameters(config, state))
  const inputs: GraphInput[] = [
    ...slots.map(({ name, shape }) => ({
      name: `parameter:${name}`,
      shape,
      dtype: 'float32' as const,
    })),
    ...features.map(([name, { shape, data }]) => ({
      name,
      shape,
      dtype: data instanceof Int32Array ? ('int32' as const) : ('float32' as const),
    })),
  ]
  const recorded = recordSteps(inputs, `/entries/${model.entry.id}/src/`, (tensors, context) => {
    const weights = slots.map(({ name }) => [name, tensors[`parameter:${name}`]!] as const)
    const read = features.map(([name]) => [name, tensors[name]!] as const)
    return {
      ...model.forward(Object.fromEntries(weights), Object.fromEntries(read), context, config),
    }
  })
  const comments = await readComments(folder)
  return {
    schemaVersion: 1,
    entry: { id: model.entry.id, version: model.entry.version },
    small: config,
    published: presetConfig(model, 'published'),
    parameters: slots.reduce((sum, { size, trainable }) => sum + (trainable ? size : 0), 0),
    features: features.map(([name, { shape }]) => ({ name, shape: nameAxes(shape, bucket) })),
    steps: summarise(recorded, slots, bucket).map((step) => ({
      ...step,
      about: comments.get(step.name) ?? null,
    })),
  }
}

/** Longer axes than needed, no two alike. */
function distinctLengths(needed: Bucket): Record<string, number> {
  const taken = new Set([MOLECULES])
  const lengths: Record<string, number> = { molecules: MOLECULES }
  for (const [axis, length] of Object.entries(needed)) {
    if (axis === 'molecules') continue
    let candidate = Math.max(length, axis.startsWith('longest') ? FIRST_LONGEST : FIRST_FLAT)
    while (taken.has(candidate) || !isPrime(candidate)) candidate++
    taken.add(candidate)
    lengths[axis] = candidate
  }
  return lengths
}

function isPrime(value: number): boolean {
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false
  return true
}

/** Lengths as names of axes and products of them, where they are. */
function nameAxes(shape: readonly number[], bucket: Bucket): Shape {
  const axes = Object.entries(bucket)
  return shape.map((length) => {
    const parts: string[] = []
    let rest = length
    for (const [axis, size] of axes) {
      while (rest % size === 0 && rest > 0) {
        parts.push(axis.replace(/^longest(.)/, (_, letter: string) => letter.toLowerCase()))
        rest /= size
      }
    }
    if (parts.length === 0) return length
    return [...(rest === 1 ? [] : [String(rest)]), ...parts].join(' * ')
  })
}

/** The recorded operations, step by step. */
function summarise(
  { ops, inputs, outputs }: RecordedForward,
  slots: readonly ParameterSlot[],
  bucket: Bucket,
): Omit<Step, 'about'>[] {
  const sizes = new Map(slots.map(({ name, size }) => [`parameter:${name}`, size]))
  const names = ops.map(({ step }) => step)
  const makers = new Map(ops.flatMap((op, place) => op.outputs.map(({ id }) => [id, place])))
  // What stands in `forward` itself belongs to the step that reads it first.
  for (const [place, op] of [...ops.entries()].toReversed()) {
    const reader = ops.findIndex(({ inputs: read }) =>
      op.outputs.some(({ id }) => read.includes(id)),
    )
    names[place] ??= reader < 0 ? undefined : names[reader]
  }
  const steps = new Map<string, Draft>()
  let current: string | undefined
  for (const [place, op] of ops.entries()) {
    const name = names[place] ?? 'output'
    const step = steps.get(name) ?? draft(name)
    steps.set(name, step)
    if (op.step !== undefined || name === 'output') {
      step.order = Math.min(step.order, place)
      // After another step: another round.
      if (name !== current) step.times++
      current = name
    }
    for (const id of op.inputs) {
      const input = inputs.get(id)
      const maker = makers.get(id)
      if (input?.startsWith('parameter:')) step.learnt.add(input)
      else if (input !== undefined) step.reads.add(input)
      const from = maker === undefined ? name : (names[maker] ?? 'output')
      if (from !== name) step.from.add(from)
    }
    for (const { id, shape } of op.outputs) {
      const leaves =
        outputs.includes(id) ||
        ops.some((other, index) => other.inputs.includes(id) && (names[index] ?? 'output') !== name)
      if (!leaves) continue
      const named = nameAxes(shape, bucket)
      step.gives.set(named.join(), named)
    }
  }
  return [...steps.values()]
    .toSorted((a, b) => a.order - b.order)
    .map(({ name, times, reads, from, gives, learnt }) => ({
      name,
      times,
      parameters: [...learnt].reduce((sum, input) => sum + sizes.get(input)!, 0),
      reads: [...reads],
      from: [...from],
      gives: [...gives.values()],
    }))
}

/** A step that is being put together. */
interface Draft {
  readonly name: string
  times: number
  /** Place of its first operation among all. */
  order: number
  readonly reads: Set<string>
  readonly from: Set<string>
  readonly gives: Map<string, Shape>
  readonly learnt: Set<string>
}

function draft(name: string): Draft {
  return {
    name,
    times: 0,
    order: Infinity,
    reads: new Set(),
    from: new Set(),
    gives: new Map(),
    learnt: new Set(),
  }
}

/**
 * What the comment above every function of the entry, also one in an object, says: its first sentence, or, where that only names
 * steps (`Step 2b.`), what the comment at the head of `network.ts` says of these.
 */
async function readComments(folder: string): Promise<Map<string, string>> {
  const files = await readdir(folder, { recursive: true })
  const steps = await readSteps(join(folder, 'network.ts'))
  const comments = new Map<string, string>()
  for (const file of files.filter((one) => one.endsWith('.ts'))) {
    const text = await readFile(join(folder, file), 'utf8')
    for (const [, comment, name, member] of text.matchAll(
      /\/\*\*((?:(?!\*\/)[^])*)\*\/\n *(?:(?:export )?function (\w+)|(\w+): \()/g,
    )) {
      const sentence = plainComment(comment!).split(/(?<=[.]) (?=[A-Z@])/)[0]!
      const named = sentence.match(
        /^Steps? (\d+[a-z]?(?:(?:,? and |, | to )\d+[a-z]?)*)(?:: |\.$|, )/,
      )
      const own = sentence.slice(named?.[0].length ?? 0).replace(/[.:]$/, '')
      // A shape alone says nothing that the diagram does not.
      const about = own && !/^`\[[^`]*`$/.test(own) ? own : stepsOf(named?.[1] ?? '', steps)
      if (about) comments.set((name ?? member)!, about)
    }
  }
  return comments
}

/** The steps that the comment at the head of a network lists, `1`, and their parts, `1a`, in order. */
async function readSteps(path: string): Promise<Map<string, string>> {
  const [, head] = (await readFile(path, 'utf8')).match(/^\/\*\*([^]*?)\*\//) ?? []
  const steps = new Map<string, string>()
  for (const item of head?.split(/^ \* (?=\d+\. )/m).slice(1) ?? []) {
    // A line that does not hang below the number belongs to no step.
    const [number, text] = [item.match(/^\d+/)![0], item.match(/^.*(?:\n|$)(?: \* {2,}.*\n)*/)![0]]
    const [whole, ...parts] = plainComment(text.replace(/^\d+\. /, '')).split(/\(([a-z])\) /)
    if (parts.length === 0) steps.set(number, whole!.replace(/\.$/, ''))
    for (let index = 0; index < parts.length; index += 2) {
      // A step may say more behind its last part.
      const part = parts[index + 1]!.split(/(?<=[.]) (?=[A-Z])/)[0]!
      steps.set(number + parts[index]!, part.trim().replace(/[.;]$/, ''))
    }
  }
  return steps
}

/** What is said of `2`, `1 and 2`, `3a to 3e`; undefined where nothing is. */
function stepsOf(names: string, steps: ReadonlyMap<string, string>): string | undefined {
  const wanted = names.split(/,? and |, /).flatMap((name) => {
    const keys = [...steps.keys()]
    const ends = name.split(' to ')
    // A step in parts is named by its number alone where a function does all of them.
    const first = keys.findIndex((key) => key === ends[0] || key.replace(/[a-z]$/, '') === ends[0])
    const last = keys.findLastIndex((key) => {
      return key === ends.at(-1) || key.replace(/[a-z]$/, '') === ends.at(-1)
    })
    return first < 0 ? [] : keys.slice(first, last + 1)
  })
  return wanted.map((name) => steps.get(name)!).join('; ') || undefined
}

function plainComment(comment: string): string {
  return comment
    .replaceAll(/^\s*\* ?/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
