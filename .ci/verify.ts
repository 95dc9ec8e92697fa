/**
 * `npm test`: everything that must hold before a change is merged. All steps but those that take longest run, also after one has failed; the last line is
 * the total over steps and tests. `npx pnpm@12.21.0 verify lint format` runs the named steps alone.
 */
import { execFileSync } from 'node:child_process'
import { findCompetitionRows } from './competitionRows.ts'
import { runTests } from './runTests.ts'
import { ROOT, runTool, runTools } from './runTool.ts'
import { checkTarballs } from './tarballs.ts'
import { formatTotal, type Outcome, type Step } from './Step.ts'

/** Two at a time: a core each on the smallest machine that is meant to do. */
const turbo = (task: string): string =>
  `turbo run ${task} --concurrency=2 --continue --output-logs=errors-only --log-order=grouped`

const STEPS: readonly Step[] = [
  {
    name: 'types',
    about: 'tsc accepts every package',
    run: () => runTools('tsc --noEmit -p .ci', turbo('typecheck')),
  },
  { name: 'lint', about: 'oxlint finds nothing', run: () => runTool('oxlint --type-aware') },
  {
    name: 'format',
    about: 'oxfmt would change nothing (pnpm format)',
    run: () => runTool('oxfmt --check .'),
  },
  { name: 'knip', about: 'nothing is unused', run: () => runTool('knip') },
  { name: 'sherif', about: 'package.json files agree', run: () => runTool('sherif') },
  {
    name: 'licence',
    about: 'no rows of the competition are committed',
    run: async () => findCompetitionRows(),
  },
  { name: 'readme', about: 'the table of entries is up to date', run: checkReadme },
  { name: 'changesets', about: 'changesets name packages that exist', run: checkChangesets },
  {
    name: 'packages',
    about: 'every package builds, and publint accepts what it would publish',
    run: () => runTool(turbo('check:package')),
  },
  {
    name: 'tarballs',
    about: 'packed packages install with npm, and their README examples run',
    run: checkTarballs,
    onlyNamed: true,
  },
  {
    name: 'site',
    about: 'the site builds, its pages are small enough and its links lead somewhere',
    run: () => runTool('pnpm --silent --filter @couplet/site build'),
  },
  {
    name: 'browser',
    about: 'the site works in Chromium, and axe finds no violation',
    run: () => runTests('--config apps/site/browser/vitest.config.ts'),
  },
  { name: 'docs', about: 'every export is documented', run: () => runTool(turbo('docs')) },
  {
    name: 'paper',
    about: 'the paper builds, and claims nothing that the results do not bear out',
    run: () => runTool('node apps/cli/src/main.ts paper'),
  },
  { name: 'tests', about: 'unit and conformance tests', run: () => runTests() },
]

async function checkReadme(): Promise<Outcome> {
  return runTool('node apps/cli/src/main.ts report --check')
}

/** Compares with `main`, or with that of the remote where a checkout has no branch of its own for it; a shallow one may lack both. */
async function checkChangesets(): Promise<Outcome> {
  if (hasCommonCommit('main')) return runTool('changeset status')
  if (hasCommonCommit('origin/main')) return runTool('changeset status --since=origin/main')
  return { status: 'skipped', note: 'no branch main to compare with' }
}

function hasCommonCommit(branch: string): boolean {
  try {
    execFileSync('git', ['merge-base', branch, 'HEAD'], { cwd: ROOT, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const wanted = process.argv.slice(2)
const names = STEPS.map(({ name }) => name)
const unknown = wanted.find((name) => !names.includes(name))
if (unknown !== undefined) {
  console.error(`There is no step ${unknown}. Steps: ${names.join(', ')}.`)
  process.exit(2)
}

const outcomes: Outcome[] = []
const failed: string[] = []
const started = performance.now()
for (const { name, about, run } of STEPS.filter(isWanted)) {
  console.log(`run   ${name.padEnd(10)} ${about}`)
  const start = performance.now()
  // A defect of the step itself is a failure too, and stops no other step.
  const outcome = await run().catch((error: unknown): Outcome => ({
    status: 'failed',
    note: String(error),
  }))
  const label = { passed: 'PASS', failed: 'FAIL', skipped: 'SKIP' }[outcome.status]
  console.log(
    `${label}  ${name.padEnd(10)} ${seconds(start).padStart(7)}${outcome.note ? `  ${outcome.note}` : ''}`,
  )
  if (outcome.status === 'failed') {
    failed.push(name)
    if (outcome.output) console.log(`\n${outcome.output.trimEnd().replaceAll(/^/gm, '      ')}\n`)
  }
  outcomes.push(outcome)
}
console.log(
  `\n${failed.length > 0 ? `failed: ${failed.join(', ')}` : 'all steps passed'} (${seconds(started)})`,
)
process.exitCode = failed.length > 0 ? 1 : 0
console.log(formatTotal(outcomes))

function isWanted({ name, onlyNamed = false }: Step): boolean {
  return wanted.includes(name) || (wanted.length === 0 && !onlyNamed)
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}
