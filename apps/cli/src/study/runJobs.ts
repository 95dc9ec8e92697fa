import { spawn, type ChildProcess } from 'node:child_process'
import { entryOf } from '../entries.ts'
import { interruptible, Interrupted } from '../Interrupted.ts'
import { ProgressLine } from '../ProgressLine.ts'
import type { StudyJob } from './StudyJob.ts'

/** Characters of a failed job's output that are shown. */
const SHOWN = 600
const MAIN = process.argv[1]!

/** A job that did not become complete. */
export interface FailedJob {
  readonly job: StudyJob
  /** The end of what it printed. */
  readonly output: string
}

/** How jobs are run. */
export interface RunJobsOptions {
  /** Where run folders are. */
  readonly runs: string
  /** Jobs at the same time; each trains with one thread. */
  readonly processes: number
  /** Jobs that are complete already, for the share that is done. */
  readonly done: readonly StudyJob[]
}

/**
 * Trains jobs, each in a process of its own, so many at the same time, with one progress line. A job that fails does not stop the
 * others. The first job of an entry with the same budget, settings and data runs alone among its kind: it measures the entry's speed, which
 * decides the number of epochs of all.
 * @returns the jobs that failed.
 * @throws Interrupted after Ctrl-C, when every job has saved a checkpoint.
 */
export async function runJobs(
  jobs: readonly StudyJob[],
  { runs, processes, done }: RunJobsOptions,
): Promise<FailedJob[]> {
  const pending = [...jobs]
  const running = new Map<StudyJob, { child: ChildProcess; share: number; output: string }>()
  const paced = new Set<string>()
  const failed: FailedJob[] = []
  const all = jobs.length + done.length
  const work = workOf(jobs) + workOf(done)
  let finished = done.length
  let worked = workOf(done)
  await interruptible(async ({ signal, onKept }) => {
    const line = new ProgressLine(`${all} trainings`)
    line.goOn(worked / work, '')
    onKept('Each training goes on from its own checkpoint.')
    const update = (): void => {
      const shares = Array.from(running, ([job, { share }]) => share * workOf([job]))
      const now = shares.reduce((sum, share) => sum + share, worked)
      const names = [...running.keys()].map(({ entry, fold, seed }) => `${entry} ${fold}/${seed}`)
      line.update(now / work, `${finished} done; ${names.join(', ')}`)
    }
    const stop = (): void => {
      for (const { child } of running.values()) child.kill('SIGTERM')
    }
    signal.addEventListener('abort', stop)
    const startable = (): number =>
      pending.findIndex((job) => {
        const kin = paceOf(job)
        return paced.has(kin) || ![...running.keys()].some((other) => paceOf(other) === kin)
      })
    const workThrough = async (): Promise<void> => {
      while (!signal.aborted && pending.length > 0) {
        const index = startable()
        if (index < 0) {
          await new Promise((resolve) => setTimeout(resolve, 500))
          continue
        }
        const [job] = pending.splice(index, 1)
        const code = await train(job!, runs, running, update)
        const output = running.get(job!)!.output
        running.delete(job!)
        if (code === 0) {
          finished++
          worked += workOf([job!])
          paced.add(paceOf(job!))
        } else if (!signal.aborted) failed.push({ job: job!, output: output.slice(-SHOWN) })
        update()
      }
    }
    await Promise.all(Array.from({ length: processes }, workThrough))
    line.end(
      `${finished} of ${all} are complete${failed.length > 0 ? `, ${failed.length} failed` : ''}`,
    )
    if (signal.aborted) throw new Interrupted('Saved. The same command goes on.')
  })
  return failed
}

/** Work of jobs, a network's training being 1. What is fitted takes seconds, trees at most part of a budget. */
function workOf(jobs: readonly StudyJob[]): number {
  return jobs.reduce((sum, { entry }) => sum + (entryOf(entry).kind === 'fitted' ? 0.1 : 1), 0)
}

/** Jobs that share their speed, and so their number of epochs. */
function paceOf({ fold: _fold, seed: _seed, from: _from, ...job }: StudyJob): string {
  return JSON.stringify(job)
}

function train(
  job: StudyJob,
  runs: string,
  running: Map<StudyJob, { child: ChildProcess; share: number; output: string }>,
  update: () => void,
): Promise<number | null> {
  return new Promise((resolve) => {
    // A group of its own: Ctrl-C in a terminal reaches this process alone, which then stops each child once.
    const child = spawn(
      process.execPath,
      [...process.execArgv, MAIN, 'study', 'job', JSON.stringify(job), '--runs', runs],
      { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    const state = { child, share: 0, output: '' }
    running.set(job, state)
    child.stderr.on('data', (chunk: Buffer) => {
      state.output = (state.output + chunk.toString()).slice(-2 * SHOWN)
      const [, percent] = [...state.output.matchAll(/\]\s+(\d+) %/g)].at(-1) ?? []
      // Measuring the speed is a small part of a training.
      const isTrial = state.output.trimEnd().split('\n').at(-1)!.includes(': speed')
      if (percent !== undefined && !isTrial) state.share = Number(percent) / 100
      update()
    })
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code))
  })
}
