import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import type { RunnerName } from '@couplet/engine'
import { fit, type AnyModel, type FitProgress, type Trained } from '@couplet/model'
import { atomCounts } from './atomCounts.ts'
import { counted } from './counted.ts'
import { ProgressLine } from './ProgressLine.ts'
import { isCheckout, PROJECT_DIRECTORY } from './results.ts'
import { splitOf, type Run, type RunReport } from './Run.ts'
import { RunWriter } from './RunWriter.ts'
import { startOf } from './startOf.ts'
import { stopwatch } from './stopwatch.ts'
import type { Dataset } from './Dataset.ts'

/** Seconds between two checkpoints of a training, if nothing else was asked for. */
export const CHECKPOINT_INTERVAL = 30

/** Settings that do not change what a run is. */
export interface TrainRunOptions {
  /** Worker threads; default one per core. */
  readonly workers?: number
  /** Backend; default the best that works. */
  readonly runner?: RunnerName | 'auto'
  /** Seconds between two checkpoints; default 30. */
  readonly checkpointInterval?: number
  /** Stops after the current step, and a checkpoint is written. */
  readonly signal?: AbortSignal
  /** Told what is kept if the process ends now, whenever that changes. */
  readonly onKept?: (kept: string) => void
}

/**
 * Trains a run, or goes on with it from its checkpoint, with a progress line; saves a checkpoint every half minute and at the
 * end. A complete run is returned as it is. Where it fails, the last line says which checkpoint is kept.
 * @returns what was learnt; unfinished if the signal stopped it.
 * @throws UsageError if another process trains the run.
 */
export async function trainRun(
  run: Run,
  model: AnyModel,
  dataset: Dataset,
  options: TrainRunOptions = {},
): Promise<Trained> {
  const saved = await run.load()
  if (saved && (await isReported(run, saved.trained))) return saved.trained
  const claim = await run.claim()
  try {
    return await trainClaimed(run, model, dataset, options)
  } finally {
    await claim.close()
  }
}

async function isReported(run: Run, trained: Trained): Promise<boolean> {
  return isComplete(trained) && (await run.report()) !== undefined
}

async function trainClaimed(
  run: Run,
  model: AnyModel,
  dataset: Dataset,
  { checkpointInterval = CHECKPOINT_INTERVAL, onKept, ...options }: TrainRunOptions,
): Promise<Trained> {
  // Read now: another process may have written it just before.
  const saved = await run.load()
  if (saved && (await isReported(run, saved.trained))) return saved.trained
  const { train } = splitOf(dataset.table, run.plan.fold)
  const commit = (await isCheckout()) ? commitOf(PROJECT_DIRECTORY) : null
  const resume = saved?.trained.progress.resume ? saved.trained : undefined
  const start = resume ? undefined : await startOf(run.plan)
  await run.tidy(resume?.progress.step ?? 0)
  const line = new ProgressLine(`${model.entry.id} (${dataset.name}, fold ${run.plan.fold})`)
  const spent = stopwatch(resume ? saved!.spent : undefined)
  const writer = new RunWriter(run, checkpointInterval, resume)
  if (resume) {
    const { step, steps } = resume.progress
    line.goOn(step / steps, `goes on from step ${step} of ${steps}`)
  } else if (model.kind === 'network') line.update(0, 'compiling the network')
  let last: FitProgress | undefined
  try {
    const trained = await fit(model, train, {
      config: run.plan.config,
      recipe: run.plan.recipe,
      seed: run.plan.seed,
      ...(resume ? { resume } : {}),
      ...(start ? { start } : {}),
      ...options,
      onProgress(progress) {
        writer.check()
        line.update(progress.step / progress.steps, describe(progress))
        const newEpoch = progress.epoch !== last?.epoch || progress.phase !== last.phase
        last = progress
        if (newEpoch) writer.log(logLine(progress, spent().seconds))
        writer.saveIfDue(() => progress.snapshot(), spent())
        onKept?.(writer.kept)
      },
    })
    const cost = spent()
    const { seconds } = cost
    const { step, steps, workers } = trained.progress
    if (!isComplete(trained)) {
      await writer.save(trained, cost)
      line.end(`stopped after step ${step} of ${steps}, and saved`)
      return trained
    }
    const report: RunReport = {
      ...cost,
      moleculesPerSecond: last ? last.molecules / last.seconds : train.names.length / seconds,
      runner: trained.runner,
      workers,
      device: cpus()[0]?.model.trim() || 'unknown processor',
      commit,
      train: {
        molecules: train.names.length,
        pairs: train.pairTypes.length,
        mostAtoms: atomCounts(train).reduce((most, atoms) => Math.max(most, atoms), 0),
      },
      // Node gives kilobytes.
      peakMemory: 1024 * process.resourceUsage().maxRSS,
      versions: versions(),
    }
    // The report first: a run killed in between still has a checkpoint to go on from.
    await run.finish(report)
    await writer.save(trained, cost)
    const speed = last
      ? `, ${Math.round(report.moleculesPerSecond)} molecules/s by ${report.runner}`
      : ''
    const text = `trained on ${train.names.length} molecules in ${seconds.toFixed(1)} s${speed}`
    line.end(last ? `${text}; ${compilation(last)}` : text)
    return trained
  } catch (error) {
    await writer.settled()
    line.end(`failed. ${writer.kept}`)
    throw error
  }
}

/** What compiling took, for example `compiled 5 graphs in 1.9 s`. */
function compilation({ runner: { name, compiled } }: FitProgress): string {
  const { graphs, seconds } = compiled
  if (graphs === 0) return `${name} compiles nothing`
  return `compiled ${counted(graphs, 'graph')} in ${seconds.toFixed(1)} s`
}

function describe({ phase, epoch, epochs, loss, molecules, seconds }: FitProgress): string {
  const speed = Math.round(molecules / Math.max(seconds, 1e-3))
  return `${phase}: epoch ${epoch}/${epochs}  loss ${loss.toFixed(3)}  ${speed} molecules/s`
}

function logLine(progress: FitProgress, elapsed: number): Record<string, unknown> {
  const { step, steps, phase, epoch, loss, gradientNorm, learningRate, padding, buckets } = progress
  const { name, reason, workers, compiled } = progress.runner
  const runner = { name, reason, workers, compiled: { ...compiled } }
  return {
    step,
    steps,
    phase,
    epoch,
    loss,
    gradientNorm,
    learningRate,
    seconds: Number(elapsed.toFixed(2)),
    padding,
    buckets,
    runner,
  }
}

/** Versions of Node and of the libraries that do the arithmetic. */
function versions(): Record<string, string> {
  const require = createRequire(import.meta.url)
  const engine = createRequire(require.resolve('@couplet/engine'))
  const versionOf = (name: string): string => {
    try {
      return (engine(`${name}/package.json`) as { version: string }).version
    } catch {
      return 'not installed'
    }
  }
  return {
    node: process.versions.node,
    tfjs: versionOf('@tensorflow/tfjs'),
    onnxruntime: versionOf('onnxruntime-node'),
  }
}

/** Whether a training has done all its steps. */
export function isComplete({ progress }: Trained): boolean {
  return progress.step === progress.steps
}

/** The commit of a checkout, with `-dirty` where tracked files were changed; null without git. */
function commitOf(folder: string): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== ''
    return git('rev-parse', '--short=12', 'HEAD') + (changed ? '-dirty' : '')
  } catch {
    return null
  }
}
