import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { LABEL_PROGRAM } from './labelProgram.ts'
import { LabelError } from './LabelError.ts'

/** The system's Python, to which Debian's packages belong. */
const SYSTEM_PYTHON = '/usr/bin/python3'

const INSTALL = 'sudo apt-get install --no-install-recommends psi4 python3-numpy xtb'

/** A Python that can compute couplings, and the versions of what they depend on. */
export interface LabelPython {
  /** Program and arguments of one step. */
  readonly command: readonly string[]
  /** Versions of Psi4, NumPy and Python, and the method: level, grids, tolerances. */
  readonly versions: Readonly<Record<string, unknown>>
}

/**
 * Asks a Python for its versions of Psi4 and NumPy.
 * @throws LabelError with what to install where one of them is missing.
 */
export async function findLabelProgram(python: string = SYSTEM_PYTHON): Promise<LabelPython> {
  // Steps run in folders of their own, where a relative path would lead elsewhere.
  const program = python.includes('/') ? resolve(python) : python
  // Psi4 leaves a file of timings where it runs.
  const folder = await mkdtemp(join(tmpdir(), 'couplet-python-'))
  const { code, stdout, stderr } = await call(program, [LABEL_PROGRAM, '--versions'], folder)
  await rm(folder, { recursive: true, force: true })
  const last = stderr.trim().split('\n').at(-1) ?? ''
  if (code === 'ENOENT') {
    throw new LabelError(`there is no ${python}. Couplings need Python with Psi4 and NumPy. On Debian 12 or Ubuntu: ${INSTALL}
  Elsewhere, install Psi4 for a Python and name it: --python <program>.`)
  }
  if (code !== 0) {
    throw new LabelError(`${python} cannot load Psi4 and NumPy (${last.slice(0, 200)}). On Debian 12 or Ubuntu: ${INSTALL}
  Elsewhere, name a Python that can: --python <program>.`)
  }
  try {
    const versions = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>
    return { command: [program, LABEL_PROGRAM], versions }
  } catch {
    throw new LabelError(
      `${python} does not tell its versions. Check that it runs: ${python} ${LABEL_PROGRAM} --versions`,
    )
  }
}

function call(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number | string | null; stdout: string; stderr: string }> {
  const { PYTHONPATH: _, ...env } = process.env
  return new Promise((done) => {
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => (stdout += String(chunk)))
    child.stderr.on('data', (chunk) => (stderr += String(chunk)))
    child.on('error', (error: NodeJS.ErrnoException) =>
      done({ code: error.code ?? 'error', stdout, stderr }),
    )
    child.on('close', (code) => done({ code, stdout, stderr }))
  })
}
