import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CONFORMANCE_FIXES } from './conformanceFixes.ts'
import type { EntryPackage } from './entryPackage.ts'
import {
  checkEntryFile,
  checkFiles,
  checkManifest,
  checkReadme,
  checkRegistered,
  type Problem,
} from './entryRules.ts'
import { runInCheckout } from './runInCheckout.ts'

/** Whatever is run through pnpm, as people type it. */
const EXEC = 'npx pnpm@12.21.0 exec'
/** turbo looks for pnpm, which is there inside of pnpm alone. */
const TURBO = ['npx', '--yes', 'pnpm@12.21.0', 'exec', 'turbo', 'run']
/** Lines of a tool's output that are shown; the command shows all. */
const SHOWN = 30

/** One thing that CI checks of an entry. */
export interface EntryCheck {
  /** One word. */
  readonly name: string
  /** What must hold. */
  readonly about: string
  readonly run: (entryPackage: EntryPackage) => Promise<Problem[]>
}

/** Everything that CI checks of an entry, the fastest first. */
export const ENTRY_CHECKS: readonly EntryCheck[] = [
  { name: 'files', about: 'the files of an entry are there', run: checkFiles },
  { name: 'entry', about: 'entry.json follows the schema', run: checkEntryFile },
  {
    name: 'manifest',
    about: 'package.json says what is published, and the licence',
    run: checkManifest,
  },
  { name: 'readme', about: 'README.md credits the idea and lists deviations', run: checkReadme },
  { name: 'known', about: 'the command line knows the entry', run: checkRegistered },
  tool(
    'table',
    'tables of results in READMEs and diagrams are up to date',
    () => ['node', 'apps/cli/src/main.ts', 'report', '--check'],
    () => 'npm run -s couplet -- report',
  ),
  tool(
    'licence',
    'no rows of the competition',
    () => ['node', '.ci/verify.ts', 'licence'],
    () => 'take the named files out; tests make their fixtures themselves',
  ),
  tool(
    'format',
    'oxfmt would change nothing',
    (folder) => ['oxfmt', '--check', folder],
    (folder) => `${EXEC} oxfmt ${folder}`,
  ),
  tool(
    'types',
    'the compiler accepts it',
    (folder) => ['tsc', '--noEmit', '-p', folder],
    (folder) => `mend the lines above, then repeat: ${EXEC} tsc --noEmit -p ${folder}`,
  ),
  tool(
    'lint',
    'the linter finds nothing',
    (folder) => ['oxlint', '--type-aware', folder],
    (folder) => `mend the lines above, or try: ${EXEC} oxlint --type-aware --fix ${folder}`,
  ),
  tool(
    'unused',
    'nothing is exported or depended on without use',
    () => ['knip'],
    () => `take out what is named above, then repeat: ${EXEC} knip`,
  ),
  { name: 'tests', about: 'its tests and the conformance suite pass', run: runTests },
  tool(
    'package',
    'it builds, and publint accepts what it would publish',
    (_, id) => [...TURBO, 'check:package', `--filter=@couplet/${id}`, '--output-logs=errors-only'],
    (_, id) =>
      `mend what is named above, then repeat: ${EXEC} turbo run check:package --filter=@couplet/${id}`,
  ),
  {
    name: 'docs',
    about: 'every export is documented',
    run: checkDocs,
  },
]

/** A check that is a command of the workspace. */
function tool(
  name: string,
  about: string,
  command: (folder: string, id: string) => readonly string[],
  fix: (folder: string, id: string) => string,
): EntryCheck {
  return {
    name,
    about,
    async run({ root, folder, id }) {
      const { passed, output } = await runInCheckout(root, command(folder, id))
      return passed ? [] : [{ what: shortened(output), fix: fix(folder, id) }]
    },
  }
}

/** TypeDoc reads all packages in one go; what it complains about names the package. */
async function checkDocs({ root }: EntryPackage): Promise<Problem[]> {
  const command = [...TURBO, 'docs', '--output-logs=errors-only']
  const { passed, output } = await runInCheckout(root, command)
  if (passed) return []
  const complaints = output.split('\n').filter((line) => /\[(warning|error)\]/.test(line))
  const fix =
    'give every export a doc comment, and export every type that an export mentions; then repeat: npx pnpm@12.21.0 verify docs'
  return [{ what: shortened(complaints.length > 0 ? complaints.join('\n') : output), fix }]
}

interface TestReport {
  readonly testResults: readonly {
    readonly message: string
    readonly status: string
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** Each test that fails is a problem of its own; a broken promise of the conformance suite has a fix of its own. */
async function runTests({ root, folder }: EntryPackage): Promise<Problem[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'couplet-check-'))
  try {
    const report = join(scratch, 'tests.json')
    const repeat = `${EXEC} vitest run ${folder}`
    const { passed, output } = await runInCheckout(root, [
      'vitest',
      'run',
      folder,
      '--reporter=json',
      `--outputFile=${report}`,
    ])
    if (passed) return []
    const text = await readFile(report, 'utf8').catch(() => undefined)
    const broken = text === undefined ? [] : brokenTests(JSON.parse(text) as TestReport, folder)
    return broken.length > 0
      ? broken
      : [{ what: shortened(output), fix: `mend it, then repeat: ${repeat}` }]
  } finally {
    await rm(scratch, { recursive: true })
  }
}

function brokenTests({ testResults }: TestReport, folder: string): Problem[] {
  const repeat = `${EXEC} vitest run ${folder}`
  return testResults.flatMap(({ message, status, assertionResults }): Problem[] => {
    if (status === 'failed' && assertionResults.length === 0) {
      return [{ what: shortened(message), fix: `mend it, then repeat: ${repeat}` }]
    }
    const failed = assertionResults.filter((test) => test.status === 'failed')
    return failed.map(({ title, failureMessages: [failure = ''] }) => {
      const [sentence = ''] = failure.split('\n')
      const known = CONFORMANCE_FIXES[title]
      const golden = title.includes('golden') ? ` COUPLET_WRITE_GOLDEN=1 ${repeat}` : ''
      return {
        what: `${title}: ${sentence}`,
        fix: known ? `${known}${golden}` : `mend it, then repeat: ${repeat}`,
      }
    })
  })
}

function shortened(output: string): string {
  const lines = output.trim().split('\n')
  if (lines.length <= SHOWN) return lines.join('\n')
  return [...lines.slice(0, SHOWN), `… ${lines.length - SHOWN} more lines`].join('\n')
}
