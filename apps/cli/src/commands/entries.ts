import { Command } from 'commander'
import { ENTRIES } from '../entries.ts'
import { jsonOption } from '../options.ts'

/** `couplet entries`: what can be trained. */
export function entriesCommand(): Command {
  return new Command('entries')
    .description('List the entries: what they are and whose idea.')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  couplet entries --json')
    .action(({ json }: { json?: boolean }) => {
      if (json) {
        console.log(
          JSON.stringify(
            ENTRIES.map(({ entry }) => entry),
            null,
            2,
          ),
        )
        return
      }
      for (const { entry, kind } of ENTRIES) {
        const { team, rank } = entry.originator
        console.log(`${entry.id} ${entry.version} (${kind})`)
        console.log(`  ${entry.name}. ${entry.summary}`)
        console.log(
          `  Idea: ${team}${rank === null ? '' : `, rank ${rank} in 2019`}. Charges: ${entry.charges}.`,
        )
        console.log(`  Deviations from the original: ${entry.deviations.length} (see --json)\n`)
      }
    })
}
