import { COUPLING_TYPES } from '@couplet/data'
import { z } from 'zod'
import type { Config, State } from './Model.ts'
import { ModelError } from './ModelError.ts'
import type { Trained } from './Trained.ts'

/** More worker threads than a training uses; a damaged file shall not start them. */
const MAXIMUM_WORKERS = 256

const perType = <T extends z.ZodType>(item: T): z.ZodArray<T> =>
  z.array(item).length(COUPLING_TYPES.length)

/** What every state holds; entries add their own fields. */
export const stateSchema = z.looseObject({
  scale: z.strictObject({
    mean: perType(z.number()),
    deviation: perType(z.number().positive()),
    contributionMean: perType(z.array(z.number()).length(4)),
    contributionDeviation: perType(z.array(z.number().positive()).length(4)),
    count: perType(z.int().nonnegative()),
  }),
})

/** See `TrainingProgress`. */
export const progressSchema = z.strictObject({
  step: z.int().nonnegative(),
  steps: z.int().nonnegative(),
  workers: z.int().positive().max(MAXIMUM_WORKERS),
})

/**
 * Checks that what a file says fits its entry: the configuration's keys, the state, and name and shape of every array.
 * @throws ModelError
 */
export function checkTrained(
  { model, config, state, weights, progress }: Trained,
  where: string,
): void {
  const refuse = (what: string): never => {
    throw new ModelError(
      `${where}: ${what}. Use a checkpoint that this version of ${model.entry.id} wrote, or train again.`,
    )
  }
  const published = model.published as Config
  // Presets leave switches out: what is not said is there.
  const switches = model.kind === 'network' ? (model.switches ?? []) : []
  const isSwitch = (key: string): boolean =>
    switches.includes(key) && typeof config[key] === 'boolean'
  const odd = [...new Set([...Object.keys(published), ...Object.keys(config)])].find(
    (key) => typeof published[key] !== typeof config[key] && !isSwitch(key),
  )
  if (odd !== undefined) refuse(`${odd} in the configuration is ${String(config[odd])}`)
  const problem = model.stateSchema?.safeParse(state).error?.issues[0]
  if (problem) refuse(`state.${problem.path.join('.')} is wrong (${problem.message})`)
  if (model.kind === 'fitted') return
  const spec =
    expectedShapes(model, config, state) ?? refuse('configuration and state do not go together')
  const { values, ...moments } = progress.resume ?? {}
  const parts = [
    { arrays: weights, expected: spec.all },
    ...(values ? [{ arrays: values, expected: spec.all }] : []),
    ...Object.values(moments).map((arrays) => ({ arrays, expected: spec.trained })),
  ]
  for (const { arrays, expected } of parts) {
    const names = Object.keys({ ...expected, ...arrays })
    const bad = names.find((name) => arrays[name]?.shape.join() !== expected[name])
    if (bad !== undefined)
      refuse(
        `array ${bad} should have shape [${expected[bad] ?? 'none'}] but has [${arrays[bad]?.shape.join() ?? 'none'}]`,
      )
    const integers = names.find((name) => arrays[name]!.data instanceof Int32Array)
    if (integers !== undefined) refuse(`array ${integers} holds integers`)
  }
}

/** Shapes by name, as text. */
type Shapes = Readonly<Record<string, string>>

/** Shape of every parameter, and of those that have moments; nothing where the entry cannot make sense of the file's configuration or state. */
function expectedShapes(
  model: Trained['model'] & { readonly kind: 'network' },
  config: Config,
  state: State,
): { readonly all: Shapes; readonly trained: Shapes } | undefined {
  try {
    const spec = Object.entries(model.parameters(config, state))
    const shapes = (list: typeof spec): Shapes =>
      Object.fromEntries(list.map(([name, { shape }]) => [name, shape.join()]))
    return { all: shapes(spec), trained: shapes(spec.filter(([, item]) => item.trainable ?? true)) }
  } catch {
    return undefined
  }
}
