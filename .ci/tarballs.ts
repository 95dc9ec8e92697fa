import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT, runTool } from './runTool.ts'
import type { Outcome } from './Step.ts'

const run = promisify(execFile)

/** Packages whose README examples are run, with what the examples take for granted. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'packages/engine': '',
  'packages/layers': '',
  'packages/eval': `
const predictionsA = molecules.couplings!.map((value) => 1.1 * value)
const predictionsB = molecules.couplings!.map((value) => 1.2 * value)
`,
  'packages/entries/mpnn': `
const train = molecules
`,
}
/** What they depend on. */
const NEEDED = ['packages/data', 'packages/model']
const PACKAGES = [...NEEDED, ...Object.keys(EXAMPLES)]

/** Six geometries of methane, with couplings that only look like some. */
const MOLECULES = `
import { buildTable } from '@couplet/data'
const table = buildTable(
  [1, 1.01, 1.02, 1.03, 1.04, 1.05].map((scale, index) => ({
    name: \`methane-\${index}\`,
    atomicNumbers: Uint8Array.of(6, 1, 1, 1, 1),
    positions: Float32Array.of(0, 0, 0, 0.63, 0.63, 0.63, -0.63, -0.63, 0.63, -0.63, 0.63, -0.63, 0.63, -0.63, -0.63).map((value) => scale * value),
  })),
)
const molecules = { ...table, couplings: Float32Array.from(table.pairTypes, (type, pair) => 80 - 10 * type + Math.sin(pair)) }
`
/** Says at the end of an example that it got there, and what ran it. */
const REPORT = `
import { findRunners } from '@couplet/engine'
const { runner: taken, reason } = (await findRunners()).find(({ available, automatic }) => available && automatic)!
console.log(\`RUNNER \${taken}: \${reason}\`)
`

/** What npm prints where the registry cannot be reached. */
const OFFLINE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET|ERR_SOCKET_TIMEOUT/

/**
 * Packs some packages, installs them with npm in an empty folder, and runs the first example of each README there. Twice: as anybody would, and
 * without the install script of onnxruntime-node, whose failure makes npm leave that package out without a word. Notes which runner took over.
 */
export async function checkTarballs(): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'couplet-tarballs-'))
  try {
    const filters = PACKAGES.map((path) => `--filter=./${path}`).join(' ')
    const built = await runTool(
      `turbo run build ${filters} --concurrency=2 --output-logs=errors-only`,
    )
    if (built.status !== 'passed') return built
    for (const path of PACKAGES) await run('pnpm', ['pack', '--pack-destination', folder], at(path))
    const tarballs = (await readdir(folder)).filter((name) => name.endsWith('.tgz'))
    const notes: string[] = []
    for (const [how, env] of [
      ['npm install', {}],
      ['without install script', { ONNXRUNTIME_NODE_INSTALL: 'skip' }],
    ] as const) {
      const home = await mkdtemp(join(folder, 'home-'))
      const problem = await install(
        home,
        tarballs.map((name) => join(folder, name)),
        env,
      )
      if (problem) return problem
      const { runner, output } = await runExamples(home)
      if (!runner) return { status: 'failed', note: `examples after ${how}`, output }
      const expected = how === 'npm install' ? /^ort(-web)?:/ : /^ort:/
      notes.push(`${how}: ${runner}`)
      if (!expected.test(runner)) return { status: 'failed', note: notes.join('; ') }
    }
    return {
      status: 'passed',
      note: `${Object.keys(EXAMPLES).length} examples; ${notes.join('; ')}`,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Installs into an empty folder; an outcome where that ends the step. */
async function install(
  home: string,
  tarballs: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Outcome | undefined> {
  await writeFile(join(home, 'package.json'), '{ "private": true, "type": "module" }\n')
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--fetch-retries=1']
  try {
    await run('npm', ['install', ...flags, ...tarballs, '@tensorflow/tfjs@4.22.0'], at(home, env))
  } catch (error) {
    const output = String((error as { stderr?: string }).stderr ?? error)
    if (OFFLINE.test(output))
      return { status: 'skipped', note: 'the npm registry cannot be reached' }
    return { status: 'failed', note: 'npm install of the tarballs', output }
  }
  return undefined
}

/** Runs all examples; the runner that the last one names, or what went wrong. */
async function runExamples(home: string): Promise<{ runner?: string; output: string }> {
  let output = ''
  for (const [path, preamble] of Object.entries(EXAMPLES)) {
    const readme = await readFile(join(ROOT, path, 'README.md'), 'utf8')
    const [, example] = /```ts\n([^]*?)```/.exec(readme)!
    const name = path.replaceAll('/', '-')
    const setting = preamble ? MOLECULES + preamble : ''
    await writeFile(join(home, `${name}.ts`), `${setting}${example}${REPORT}`)
    try {
      output = (await run(process.execPath, [`${name}.ts`], at(home))).stdout
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
      return { output: `${name}: ${stdout}${stderr}` }
    }
  }
  return { runner: /^RUNNER (.*)$/m.exec(output)![1]!, output }
}

function at(folder: string, env: NodeJS.ProcessEnv = {}) {
  const cwd = folder.startsWith('/') || /^[A-Z]:/.test(folder) ? folder : join(ROOT, folder)
  const path = [join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  return { cwd, env: { ...process.env, PATH: path, ...env }, maxBuffer: 2 ** 26 }
}
