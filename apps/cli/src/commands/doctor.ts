import { access } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { Command } from 'commander'
import { findRunners } from '@couplet/engine'
import { CACHE_DIRECTORY } from '../Dataset.ts'
import { jsonOption } from '../options.ts'

/** `couplet doctor`: what this machine offers. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Show what this machine offers: Node, memory, where networks can run and why.')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  couplet doctor')
    .action(async ({ json }: { json?: boolean }) => {
      const runners = await findRunners()
      const chosen = runners.find(({ automatic, available }) => automatic && available)!.runner
      const report = {
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        processor: cpus()[0]?.model.trim() ?? 'unknown',
        cores: availableParallelism(),
        memory: { total: totalmem(), free: freemem() },
        runner: chosen,
        runners,
        cache: await access(CACHE_DIRECTORY).then(
          () => CACHE_DIRECTORY,
          () => null,
        ),
      }
      if (json) {
        console.log(JSON.stringify(report, null, 2))
        return
      }
      const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`
      console.log(`Node       ${report.node} on ${report.platform}`)
      console.log(`Processor  ${report.processor}, ${report.cores} cores: as many workers`)
      console.log(
        `Memory     ${gibibytes(report.memory.total)}, ${gibibytes(report.memory.free)} free`,
      )
      const list = (title: string, automatic: boolean): void => {
        console.log(title)
        for (const { runner, available, reason } of runners.filter(
          (found) => found.automatic === automatic,
        )) {
          const mark = runner === chosen ? '->' : available ? 'ok' : '--'
          console.log(`  ${mark} ${runner.padEnd(14)} ${reason}`)
        }
      }
      list('Networks run on (the first that works is taken):', true)
      list('Only where `couplet train --runner` asks for it:', false)
      console.log(`Cache      ${report.cache ?? 'none yet'}`)
    })
}
