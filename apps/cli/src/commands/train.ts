import { Command, Option } from 'commander'
import type { CouplingType } from '@couplet/data'
import type { AnyModel, Preset, Recipe } from '@couplet/model'
import { createRun } from '../createRun.ts'
import { EMBEDDED, readDataset, type Dataset } from '../Dataset.ts'
import { entryOf } from '../entries.ts'
import { interruptible, Interrupted } from '../Interrupted.ts'
import {
  configWith,
  jsonOption,
  learningRate,
  runnerOption,
  runsOption,
  wholeNumber,
  workersOption,
} from '../options.ts'
import { FOLD_NAMES, splitOf, type Fold, type Run, type RunPlan } from '../Run.ts'
import { openStart, typesOption } from '../startOf.ts'
import { CHECKPOINT_INTERVAL, isComplete, trainRun, type TrainRunOptions } from '../trainRun.ts'
import { UsageError } from '../UsageError.ts'

interface TrainCall extends Pick<TrainRunOptions, 'workers' | 'runner'> {
  readonly data: string
  readonly fold: Fold | 'all'
  readonly preset: Preset
  readonly set: string[]
  readonly epochs?: number
  readonly budget?: number
  readonly learningRate?: number
  readonly batch?: number
  readonly checkpointEvery: number
  readonly from?: string
  readonly types?: readonly CouplingType[]
  readonly seed: number
  readonly runs: string
  readonly json?: boolean
}

/** `couplet train`: trains an entry into run folders. */
export function trainCommand(): Command {
  return new Command('train')
    .description('Train an entry. A run that was stopped goes on where it was.')
    .argument('<entry>', 'entry to train; `couplet entries` lists them')
    .option('--data <folder>', 'competition files, or couplet-dft for the embedded set', EMBEDDED)
    .addOption(
      new Option(
        '--fold <fold>',
        'what is held out: a fold, all five one after the other, the tuning set, or nothing',
      )
        .choices([...FOLD_NAMES, 'all'])
        .default('0'),
    )
    .addOption(
      new Option('--preset <name>', 'size of the entry')
        .choices(['small', 'tiny', 'published'])
        .default('small'),
    )
    .option('--set <name=value...>', 'change settings of the preset', [])
    .addOption(
      new Option('--epochs <n>', 'passes over the molecules in each phase').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(
      new Option(
        '--budget <s>',
        'core-seconds of a training, in place of --epochs: a short trial measures the speed first',
      )
        .argParser(wholeNumber(1))
        .conflicts('epochs'),
    )
    .addOption(
      new Option('--learning-rate <x>', 'largest learning rate of each phase').argParser(
        learningRate,
      ),
    )
    .addOption(
      new Option('--batch <n>', 'molecules of a step in each phase').argParser(wholeNumber(1)),
    )
    .addOption(
      new Option('--checkpoint-every <s>', 'seconds between two checkpoints')
        .argParser(wholeNumber(0))
        .default(CHECKPOINT_INTERVAL),
    )
    .addOption(
      new Option('--seed <n>', 'seed of everything random').argParser(wholeNumber(0)).default(1),
    )
    .option(
      '--from <run>',
      'fine-tune: start from the weights of this run, of the same entry, data and fold',
    )
    .addOption(typesOption())
    .addOption(workersOption())
    .addOption(runnerOption())
    .addOption(runsOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  couplet train edge-update-schnet --data ../champs --fold 0 --epochs 50
  couplet train mpnn --fold all --budget 120 --workers 1    the same 120 s for every fold and entry
  couplet train edge-update-schnet --from runs/edge-update-schnet-… --types 1JHC --epochs 20

The folder may hold any of train.csv, structures.csv (needed), scalar_coupling_contributions.csv and the other
competition files. Ctrl-C saves a checkpoint, and so does \`kill\`; the same command goes on from it, also after a crash.
A second Ctrl-C stops at once and leaves the checkpoint written last.`,
    )
    .action((entry: string, call: TrainCall) => train(entryOf(entry), call))
}

async function train(model: AnyModel, call: TrainCall): Promise<void> {
  const dataset = await readDataset(call.data)
  const folds: readonly Fold[] = call.fold === 'all' ? ['0', '1', '2', '3', '4'] : [call.fold]
  const folders: string[] = []
  await interruptible(async (interruption) => {
    for (const fold of folds) {
      const run = await planRun(model, dataset, fold, call, interruption.signal)
      const trained = await trainRun(run, model, dataset, {
        ...trainOptions(call),
        ...interruption,
      })
      folders.push(run.folder)
      if (!isComplete(trained)) {
        throw new Interrupted(`Saved ${run.folder}. Repeat the command to go on.`)
      }
    }
  })
  if (call.json) console.log(JSON.stringify({ runs: folders }))
  else console.log(`Next: couplet score ${folders.join(' ')}`)
}

function trainOptions({ workers, runner, checkpointEvery }: TrainCall): TrainRunOptions {
  return {
    checkpointInterval: checkpointEvery,
    ...(workers === undefined ? {} : { workers }),
    ...(runner === undefined ? {} : { runner }),
  }
}

/** The run folder for a fold of a data set with the call's settings. */
async function planRun(
  model: AnyModel,
  dataset: Dataset,
  fold: Fold,
  call: TrainCall,
  signal: AbortSignal,
): Promise<Run> {
  const { preset, set, epochs, budget, learningRate: rate, batch, seed, runs, from, types } = call
  if (splitOf(dataset.table, fold).train.names.length === 0) {
    throw new UsageError(
      `${dataset.source} has no molecules to train on outside fold ${fold}. Give a larger set.`,
    )
  }
  if (model.kind === 'fitted' && (from ?? types)) {
    throw new UsageError(
      `${model.entry.id} is no network: it cannot be fine-tuned. Leave out --from and --types.`,
    )
  }
  if (model.kind === 'fitted' && (epochs ?? batch ?? rate) !== undefined) {
    console.error(
      `${model.entry.id} is fitted in one go: --epochs, --batch and --learning-rate change nothing.`,
    )
  }
  const start = from === undefined ? undefined : await fineTuned(from, model, dataset, fold, set)
  const recipe: Recipe = start?.recipe ?? (model.kind === 'network' ? model.recipe[preset] : [])
  const choices = {
    fold,
    config: start?.config ?? configWith(model, preset, set),
    recipe: recipe.map((phase) => ({
      ...phase,
      epochs: epochs ?? phase.epochs,
      batch: batch ?? phase.batch,
      learningRate: rate ?? phase.learningRate,
      loss: types ? { ...phase.loss, types } : phase.loss,
    })),
    ...(start ? { from: start.from } : {}),
    seed,
    ...(budget === undefined ? {} : { budget }),
  }
  return createRun(model, dataset, choices, runs, { ...trainOptions(call), signal })
}

/** Configuration, last phase and place of the run to start from, which must have learnt from the same molecules and no others. */
async function fineTuned(
  folder: string,
  model: AnyModel,
  dataset: Dataset,
  fold: Fold,
  set: readonly string[],
): Promise<Pick<RunPlan, 'config' | 'recipe'> & Required<Pick<RunPlan, 'from'>>> {
  const { plan, from } = await openStart(folder)
  const refuse = (why: string): never => {
    throw new UsageError(`--from ${folder}: ${why}`)
  }
  if (plan.entry.id !== model.entry.id) refuse(`it is a run of ${plan.entry.id}.`)
  if (plan.dataset.sha256 !== dataset.sha256) {
    refuse(`it learnt from other data (${plan.dataset.source}). Give the same with --data.`)
  }
  if (plan.fold !== fold) {
    refuse(`it holds out fold ${plan.fold}, not ${fold}. Give --fold ${plan.fold}.`)
  }
  if (set.length > 0) refuse('its settings are kept. Leave out --set.')
  const recipe = plan.recipe.slice(-1).map((phase) => ({ ...phase, name: 'fine-tune' }))
  return { config: plan.config, recipe, from }
}
