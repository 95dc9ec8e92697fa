import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** How a tool ended. */
export interface ToolOutcome {
  readonly passed: boolean
  /** What it printed on both channels, without colours. */
  readonly output: string
}

/** Runs a tool of a checkout at its root, for example `oxfmt --check .`, without input. */
export function runInCheckout(
  root: string,
  [file, ...rest]: readonly string[],
): Promise<ToolOutcome> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    NO_COLOR: '1',
  }
  // Tools that run inside of a test shall not take themselves for a part of it.
  for (const name of Object.keys(env)) if (/^(VITEST|FORCE_COLOR)/.test(name)) delete env[name]
  return new Promise((resolve) => {
    const child = spawn(file!, rest, {
      cwd: root,
      env,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'))
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', (error) => {
      resolve({ passed: false, output: `${file} did not start: ${error.message}` })
    })
    child.once('close', (code) => {
      // Some tools colour in continuous integration whatever NO_COLOR says.
      resolve({ passed: code === 0, output: stripVTControlCharacters(output).trim() })
    })
  })
}
