import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** What a call left behind. */
export interface Call {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Calls the command line in a folder as a user would, in a process of its own. */
export function callCouplet(
  cwd: string,
  args: readonly string[],
  onStart: (child: ChildProcess, stderr: () => string) => void = () => {},
): Promise<Call> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => (stdout += String(chunk)))
    child.stderr.on('data', (chunk) => (stderr += String(chunk)))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    onStart(child, () => stderr)
  })
}
