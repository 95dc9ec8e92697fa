import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** What a call left behind. */
export interface Call {
  readonly code: number | null
  /** Signal that ended the process, if one did. */
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Calls the command line in a folder as a user would, in a process of its own. */
export function callCouplet(
  cwd: string,
  args: readonly string[],
  watch: Watch = {},
): Promise<Call> {
  return callNode(cwd, [...(watch.nodeArguments ?? []), MAIN, ...args], watch)
}

/** What happens to a process while it runs. */
export interface Watch {
  /** Options of node, before the program. */
  readonly nodeArguments?: readonly string[]
  /** Called whenever it printed something to standard error, with all of it. */
  readonly onStderr?: (stderr: string, child: ChildProcess) => void
}

/** Runs node in a folder and waits for its end. */
export function callNode(
  cwd: string,
  args: readonly string[],
  { onStderr }: Watch = {},
): Promise<Call> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => (stdout += String(chunk)))
    child.stderr.on('data', (chunk) => {
      stderr += String(chunk)
      onStderr?.(stderr, child)
    })
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}
