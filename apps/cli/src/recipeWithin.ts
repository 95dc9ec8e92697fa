import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { sha256, writeAtomically } from '@couplet/data/node'
import { fit, type NetworkModel, type Recipe } from '@couplet/model'
import { z } from 'zod'
import type { Dataset } from './Dataset.ts'
import { Interrupted } from './Interrupted.ts'
import { ProgressLine } from './ProgressLine.ts'
import { splitOf, type RunPlan } from './Run.ts'
import { stopwatch } from './stopwatch.ts'
import type { TrainRunOptions } from './trainRun.ts'
import { UsageError } from './UsageError.ts'

/**
 * Share of a budget, and core-seconds at least, that the trial first warms up for and then is timed for: in a program's first seconds,
 * until its hot functions are compiled, a step takes up to a third longer.
 */
export const TRIAL = { share: 0.1, coreSeconds: 3 } as const
/** Steps of the trial that are timed at least, compiling ones aside. */
const TRIAL_STEPS = 12

const pacingSchema = z.strictObject({
  coreSeconds: z.number().positive(),
  workers: z.int().positive(),
  /** Molecules trained on per core-second, once warm, compiling aside. */
  moleculesPerCoreSecond: z.number().positive(),
  /** Core-seconds besides: compiling and warming up. */
  setUpSeconds: z.number().nonnegative(),
  /** Epochs of each phase. */
  epochs: z.array(z.int().positive()),
  device: z.string(),
})

type Pacing = z.infer<typeof pacingSchema>

/**
 * A recipe with as many epochs as fit a budget of core-seconds (processor time of all threads, compiling included), in the recipe's
 * proportion between phases; at least one each. The speed is measured in a short trial on the training molecules of the plan's fold and kept in
 * the folder of runs, so that all folds and seeds train for the same number of epochs, and a repeated call finds its run again.
 * @throws UsageError if what was kept cannot be read; Interrupted where the signal comes before the speed is known.
 */
export async function recipeWithin(
  coreSeconds: number,
  model: NetworkModel,
  dataset: Dataset,
  plan: Pick<RunPlan, 'entry' | 'fold' | 'config' | 'recipe'>,
  runs: string,
  options: Pick<TrainRunOptions, 'workers' | 'runner' | 'signal'>,
): Promise<Recipe> {
  const { entry, config, recipe } = plan
  const { workers = null, runner = 'auto' } = options
  const identity = { entry, config, recipe, coreSeconds, workers, runner, data: dataset.sha256 }
  const hash = sha256(JSON.stringify(identity)).slice(0, 10)
  const path = join(runs, `${entry.id}-${dataset.name}-budget-${hash}.json`)
  let pacing = await readPacing(path)
  if (!pacing) {
    pacing = await measurePacing(coreSeconds, model, dataset, plan, options)
    await writeAtomically(path, [`${JSON.stringify(pacing, null, 2)}\n`])
  }
  return withEpochs(recipe, pacing.epochs)
}

/** A recipe with so many epochs of each phase. */
export function withEpochs(recipe: Recipe, epochs: readonly number[]): Recipe {
  return recipe.map((phase, index) => ({ ...phase, epochs: epochs[index] ?? phase.epochs }))
}

/** Trains for a moment. */
async function measurePacing(
  coreSeconds: number,
  model: NetworkModel,
  dataset: Dataset,
  { fold, config, recipe }: Pick<RunPlan, 'fold' | 'config' | 'recipe'>,
  options: Pick<TrainRunOptions, 'workers' | 'runner' | 'signal'>,
): Promise<Pacing> {
  const { train } = splitOf(dataset.table, fold)
  const line = new ProgressLine(`${model.entry.id} (${dataset.name}): speed`)
  line.update(0, 'compiling the network')
  const enough = new AbortController()
  const signals = [enough.signal, ...(options.signal ? [options.signal] : [])]
  const spent = stopwatch()
  const last = { graphs: -1, coreSeconds: 0, molecules: 0, steps: 0 }
  const timed = { steps: 0, coreSeconds: 0, molecules: 0 }
  let workers = 1
  const [phase] = recipe
  const part = Math.max(TRIAL.share * coreSeconds, TRIAL.coreSeconds)
  // Long enough that the trial never ends by itself.
  const trialEpochs = Math.max(phase!.epochs, 1000)
  await fit(model, train, {
    ...options,
    config,
    recipe: [{ ...phase!, epochs: trialEpochs }],
    signal: AbortSignal.any(signals),
    onProgress({ steps, molecules, runner }) {
      workers = runner.workers
      const { coreSeconds: now } = spent()
      const { graphs } = runner.compiled
      // A step that compiled a graph says nothing about speed.
      if (last.coreSeconds >= part && graphs === last.graphs) {
        timed.steps += 1
        timed.coreSeconds += now - last.coreSeconds
        timed.molecules += molecules - last.molecules
      }
      Object.assign(last, { graphs, coreSeconds: now, molecules, steps })
      const share = timed.coreSeconds / part
      const shown = (Math.min(now / part, 1) + Math.min(share, timed.steps / TRIAL_STEPS, 1)) / 2
      line.update(shown, 'measuring the speed')
      if (timed.steps >= TRIAL_STEPS && share >= 1) enough.abort()
    },
  })
  if (timed.steps < TRIAL_STEPS) {
    line.end('stopped')
    throw new Interrupted('Nothing was trained yet. Repeat the command to begin.')
  }
  const moleculesPerCoreSecond = timed.molecules / timed.coreSeconds
  // A model with two stages trains several networks: so many times the steps of one.
  const networks = last.steps / (trialEpochs * Math.ceil(train.names.length / phase!.batch))
  const setUpSeconds = Math.max(0, last.coreSeconds - last.molecules / moleculesPerCoreSecond)
  const left = coreSeconds - networks * setUpSeconds
  const whole = (left * moleculesPerCoreSecond) / (networks * train.names.length)
  const planned = recipe.reduce((sum, { epochs }) => sum + epochs, 0)
  const epochs = recipe.map((one) => Math.max(1, Math.floor((whole * one.epochs) / planned)))
  line.end(
    `${Math.round(moleculesPerCoreSecond)} molecules per core-second: ${epochs.join(' + ')} epochs in ${coreSeconds} core-seconds`,
  )
  return {
    coreSeconds,
    workers,
    moleculesPerCoreSecond,
    setUpSeconds,
    epochs,
    device: cpus()[0]?.model.trim() || 'unknown processor',
  }
}

async function readPacing(path: string): Promise<Pacing | undefined> {
  let contents: string
  try {
    contents = await readFile(path, 'utf8')
  } catch {
    return undefined
  }
  try {
    return pacingSchema.parse(JSON.parse(contents))
  } catch {
    throw new UsageError(`${path} is damaged. Delete it, and the speed is measured again.`)
  }
}
