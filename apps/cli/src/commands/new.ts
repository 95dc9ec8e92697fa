import { Command } from 'commander'
import { createEntry, TEMPLATE } from '../createEntry.ts'
import { jsonOption } from '../options.ts'
import { PROJECT_DIRECTORY, requireCheckout } from '../results.ts'
import { runInCheckout } from '../runInCheckout.ts'
import { UsageError } from '../UsageError.ts'

interface NewCall {
  readonly install: boolean
  readonly json?: boolean
}

/** Makes the workspace know the new package. */
const INSTALL = '`npx pnpm@12.21.0 install`'

/** `couplet new`: makes the package of a new entry. */
export function newCommand(): Command {
  return new Command('new')
    .description(`Make the package of a new entry, a copy of ${TEMPLATE} to start from.`)
    .argument(
      '<architecture>',
      'its name, in small letters with hyphens: of the architecture, not of the team',
    )
    .option('--no-install', `do not link the new package; couplet does not start before ${INSTALL}`)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  couplet new gated-graph-network
  couplet check gated-graph-network

Works in a checkout of the project. CONTRIBUTING.md leads through what comes next.`,
    )
    .action((id: string, call: NewCall) => make(id, call))
}

async function make(id: string, { install, json }: NewCall): Promise<void> {
  await requireCheckout()
  const made = await createEntry(PROJECT_DIRECTORY, id)
  if (!json) {
    const lines = made.map((path, index) => `${index === 0 ? 'made   ' : 'changed'}  ${path}`)
    console.log(lines.join('\n'))
  }
  if (install) {
    console.error('linking the package (pnpm install) …')
    await link(id)
  }
  if (json) {
    console.log(JSON.stringify({ entry: id, files: made, installed: install }))
    return
  }
  if (install) console.log('changed  pnpm-lock.yaml')
  if (!install) console.log(`\nFirst: ${INSTALL}. Before it, couplet does not start.`)
  console.log(`
Next, in packages/entries/${id}:
  1. src/network.ts    the network; its first comment says it in ten lines
  2. src/featurize.ts  molecules to arrays
  3. src/entry.json    whose idea, links, licence of the original, every deviation; the same in README.md
  4. npm run -s couplet -- check ${id}    what CI will say, with a fix for each failure`)
}

/** Makes the workspace know the new package, and the README's table of entries hold it. */
async function link(id: string): Promise<void> {
  const pnpm = [
    'npx',
    '--yes',
    'pnpm@12.21.0',
    'install',
    '--no-frozen-lockfile',
    '--prefer-offline',
  ]
  const commands = [pnpm, ['node', 'apps/cli/src/main.ts', 'report']]
  for (const command of commands) {
    const { passed, output } = await runInCheckout(PROJECT_DIRECTORY, command)
    if (passed) continue
    const last = output.split('\n').slice(-5).join('\n')
    throw new UsageError(
      `packages/entries/${id} is made, but \`${command.join(' ')}\` failed:\n${last}\nMend that and call it again: until ${INSTALL} has ended well, couplet does not start.`,
    )
  }
}
