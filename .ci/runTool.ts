import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Outcome } from './Step.ts'

/** Root of the project. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** A step that takes longer hangs: the whole verification has less than 20 minutes on two cores. */
const TIME_LIMIT = 12 * 60_000

const IS_WINDOWS = process.platform === 'win32'

const ENVIRONMENT = {
  ...process.env,
  PATH: [join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
  // Tools report nothing to anybody and colour nothing that is collected.
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
}

/** Processes under way, to be ended with this one. */
const running = new Set<() => void>()

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const end of running) end()
    process.exit(1)
  })
}

/**
 * Runs a command of the workspace, for example `oxfmt --check .`, at the root and without input.
 * @param live passes what it prints on at once, instead of keeping it.
 */
export async function runTool(command: string, { live = false } = {}): Promise<Outcome> {
  const [file, ...rest] = command.split(' ')
  const output: Buffer[] = []
  const child = spawn(file!, rest, {
    cwd: ROOT,
    env: ENVIRONMENT,
    shell: IS_WINDOWS,
    // A group of its own, so that a time limit ends also what the tool has started.
    detached: !IS_WINDOWS,
    stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
  })
  child.stdout?.on('data', (data: Buffer) => output.push(data))
  child.stderr?.on('data', (data: Buffer) => output.push(data))
  const end = (): void => {
    if (IS_WINDOWS || child.pid === undefined) child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  }
  running.add(end)
  let note = ''
  const timer = setTimeout(() => {
    note = `ended after ${TIME_LIMIT / 60_000} minutes`
    end()
  }, TIME_LIMIT)
  const code = await new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('error', (error) => {
      note = `${file} did not start: ${error.message}. Run it through \`npm test\`.`
      resolve(1)
    })
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal))
  })
  clearTimeout(timer)
  running.delete(end)
  if (code === 0) return { status: 'passed' }
  const text = Buffer.concat(output).toString('utf8')
  return { status: 'failed', note: note || `\`${command}\` ended with ${code}`, output: text }
}

/** Runs commands one after the other, all of them; failed if one is. */
export async function runTools(...commands: readonly string[]): Promise<Outcome> {
  const outcomes: Outcome[] = []
  for (const command of commands) outcomes.push(await runTool(command))
  const failed = outcomes.filter(({ status }) => status === 'failed')
  if (failed.length === 0) return { status: 'passed' }
  return {
    status: 'failed',
    note: failed.map(({ note }) => note).join('; '),
    output: failed.map(({ output }) => output).join('\n'),
  }
}
