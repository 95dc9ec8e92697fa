import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { getPriority, setPriority } from 'node:os'
import { join } from 'node:path'
import { WorkerFailure } from './WorkerFailure.ts'

/** Limits and place of one step. */
export interface WorkerLimits {
  /** Wall seconds after which the step is killed. */
  readonly seconds: number
  /** Resident megabytes of the process and its children after which the step is killed; watched on Linux only. */
  readonly memoryMb: number
  /** Added to the niceness of the process. */
  readonly nice?: number
  /** Folder for scratch files; each step makes and removes its own inside. */
  readonly scratch: string
  /** Stops the step when aborted. */
  readonly signal?: AbortSignal
}

/** Milliseconds between two looks at the memory. */
const WATCH_INTERVAL = 500
/** What is kept of the end of standard error, in characters. */
const KEPT_ERRORS = 4000

/**
 * Runs one step in a process (group) of its own: writes the job as JSON, calls `command job.json result.json` in a fresh
 * scratch folder, and reads the result.
 *
 * @throws WorkerFailure with the reason when a limit is reached, the process crashes, its result is no JSON object or says
 *   `error`. No process and no file is left behind.
 */
export async function runWorker(
  command: readonly string[],
  job: object,
  limits: WorkerLimits,
): Promise<Record<string, unknown>> {
  await mkdir(limits.scratch, { recursive: true })
  const folder = await mkdtemp(join(limits.scratch, 'step-'))
  try {
    await writeFile(join(folder, 'job.json'), JSON.stringify(job))
    await run([...command, 'job.json', 'result.json'], folder, limits)
    return parseResult(await readFile(join(folder, 'result.json'), 'utf8').catch(() => undefined))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function run(command: readonly string[], cwd: string, limits: WorkerLimits): Promise<void> {
  const { signal } = limits
  if (signal?.aborted) throw new WorkerFailure('stopped', false)
  const [program, ...args] = command
  const child = spawn(program!, args, {
    cwd,
    // A group of its own, so that what it starts can be stopped with it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: workerEnvironment(),
  })
  let errors = ''
  child.stderr.on('data', (chunk) => (errors = (errors + String(chunk)).slice(-KEPT_ERRORS)))
  let failure: WorkerFailure | undefined
  const stop = (reason: WorkerFailure): void => {
    failure ??= reason
    killGroup(child)
  }
  const onAbort = (): void => stop(new WorkerFailure('stopped', false))
  const onExit = (): void => killGroup(child)
  const timer = setTimeout(
    () => stop(new WorkerFailure(`time limit of ${Math.round(limits.seconds)} s`)),
    limits.seconds * 1000,
  )
  const watch = setInterval(() => {
    void residentMb(child.pid).then((used) => {
      if (used > limits.memoryMb) stop(new WorkerFailure(`memory limit of ${limits.memoryMb} MB`))
    })
  }, WATCH_INTERVAL)
  signal?.addEventListener('abort', onAbort)
  process.once('exit', onExit)
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('error', (error) => reject(new WorkerFailure(`${program}: ${error.message}`)))
      child.on('spawn', () => {
        if (limits.nice && child.pid) lowerPriority(child.pid, limits.nice)
      })
      child.on('close', (code, killed) => {
        if (failure) reject(failure)
        else if (code === 0) resolve()
        else reject(new WorkerFailure(`${killed ?? `exit code ${code}`}${lastLine(errors)}`))
      })
    })
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
    signal?.removeEventListener('abort', onAbort)
    process.off('exit', onExit)
    // What it may have started and left.
    killGroup(child)
  }
}

/** One thread, and no Python packages but the system's. */
function workerEnvironment(): NodeJS.ProcessEnv {
  const { PYTHONPATH: _, ...inherited } = process.env
  return { ...inherited, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
}

/** Adds to the niceness that the process has from this one; one that may not be changed, or has ended, stays as it is. */
function lowerPriority(id: number, nice: number): void {
  try {
    setPriority(id, Math.min(19, getPriority() + nice))
  } catch {
    // It computes the same at any priority.
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** Resident memory of a process and what it started, by Linux's /proc; 0 elsewhere. */
async function residentMb(id: number | undefined): Promise<number> {
  if (id === undefined) return 0
  const read = (file: string): Promise<string> =>
    readFile(`/proc/${id}/${file}`, 'latin1').catch(() => '')
  const kilobytes = Number(/^VmRSS:\s*(\d+) kB$/m.exec(await read('status'))?.[1] ?? 0)
  const children = (await read(`task/${id}/children`)).split(' ').filter(Boolean)
  const below = await Promise.all(children.map((child) => residentMb(Number(child))))
  return below.reduce((sum, one) => sum + one, (kilobytes * 1024) / 1e6)
}

function lastLine(errors: string): string {
  const line = errors.trim().split('\n').at(-1)?.trim()
  return line ? `: ${line.slice(0, 200)}` : ''
}

function parseResult(text: string | undefined): Record<string, unknown> {
  if (text === undefined) throw new WorkerFailure('it left no result')
  let result: unknown
  try {
    result = JSON.parse(text)
  } catch {
    throw new WorkerFailure('its result is not JSON')
  }
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw new WorkerFailure('its result is no JSON object')
  }
  const { error } = result as { error?: unknown }
  if (error !== undefined) {
    throw new WorkerFailure(
      (typeof error === 'string' ? error : JSON.stringify(error)).slice(0, 300),
    )
  }
  return result as Record<string, unknown>
}
