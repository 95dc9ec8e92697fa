import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { CheckFailed } from '../CheckFailed.ts'
import { jsonOption, LAST_PORT, wholeNumber } from '../options.ts'
import { withProgress } from '../ProgressLine.ts'
import { PROJECT_DIRECTORY, requireCheckout } from '../results.ts'
import { runInCheckout } from '../runInCheckout.ts'
import { UsageError } from '../UsageError.ts'

const FOLDER = join(PROJECT_DIRECTORY, 'apps', 'site')
const PNPM = ['npx', '--yes', 'pnpm@12.21.0', '--silent', '--filter', '@couplet/site'] as const

interface SiteCall {
  readonly preview?: boolean
  readonly port: number
  readonly json?: boolean
}

/** `couplet site`: the comparison site, from the committed results. */
export function siteCommand(): Command {
  return new Command('site')
    .description('Build the comparison site from the entries and the committed results.')
    .option('--preview', 'show the site that was built last, until Ctrl-C')
    .addOption(
      new Option('--port <n>', 'port of the preview')
        .argParser(wholeNumber(1, LAST_PORT))
        .default(4321),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  couplet site
  couplet site --preview

Works in a checkout of the project. The site is in apps/site/dist: plain files for any web server. COUPLET_SITE_URL is the
address where they will stand, for example https://example.org/couplet/; without it links fit the preview.`,
    )
    .action((call: SiteCall) => site(call))
}

async function site({ preview, port, json }: SiteCall): Promise<void> {
  await requireCheckout()
  if (preview) {
    if (!existsSync(join(FOLDER, 'dist', 'index.html'))) {
      throw new UsageError('there is no site to show yet. Build it first: couplet site')
    }
    return serve(port)
  }
  const { passed, output } = await withProgress(
    'site',
    () => runInCheckout(PROJECT_DIRECTORY, [...PNPM, 'build']),
    (outcome) => (outcome.passed ? 'built' : 'failed'),
  )
  if (!passed) throw new CheckFailed(`the site was not built.\n${output}`)
  const folder = join(FOLDER, 'dist')
  if (json) console.log(JSON.stringify({ folder, summary: output }))
  else console.log(`${output}\nThe site is in ${folder}. Look at it: couplet site --preview`)
}

/** Code of a program that Ctrl-C has ended. */
const INTERRUPTED = 130

/** Passes the preview's output on, and ends with it. */
function serve(port: number): Promise<void> {
  const [file, ...rest] = PNPM
  const child = spawn(file, [...rest, 'preview', '--port', String(port)], {
    cwd: PROJECT_DIRECTORY,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
  })
  // Ctrl-C reaches both; the preview ends first.
  process.on('SIGINT', () => {})
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      // Ctrl-C is no failure.
      if (code === 0 || code === null || code === INTERRUPTED) resolve()
      else reject(new CheckFailed(`the preview ended with code ${code}.`))
    })
  })
}
