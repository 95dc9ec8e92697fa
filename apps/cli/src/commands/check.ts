import { Command } from 'commander'
import { CheckFailed } from '../CheckFailed.ts'
import { ENTRY_CHECKS, type EntryCheck } from '../checkEntry.ts'
import { findEntryPackage } from '../entryPackage.ts'
import type { Problem } from '../entryRules.ts'
import { jsonOption } from '../options.ts'
import { PROJECT_DIRECTORY, requireCheckout } from '../results.ts'
import { UsageError } from '../UsageError.ts'

interface CheckCall {
  readonly only?: readonly string[]
  readonly json?: boolean
}

/** `couplet check`: what CI checks of one entry, with a fix for each failure. */
export function checkCommand(): Command {
  const names = ENTRY_CHECKS.map(({ name }) => name)
  return new Command('check')
    .description('Run for one entry what CI runs, and print a fix for each failure.')
    .argument('<entry>', 'name of its folder in packages/entries')
    .option('--only <check...>', `some of ${names.join(', ')}`)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Example:
  couplet check edge-update-schnet
  couplet check edge-update-schnet --only types tests

Works in a checkout of the project. Exit code 1 where something fails.`,
    )
    .action((entry: string, call: CheckCall) => check(entry, call))
}

async function check(entry: string, { only, json }: CheckCall): Promise<void> {
  await requireCheckout()
  const entryPackage = await findEntryPackage(PROJECT_DIRECTORY, entry)
  const results: { name: string; problems: readonly Problem[] }[] = []
  for (const { name, about, run } of chosen(only)) {
    if (process.stderr.isTTY) process.stderr.write(`run   ${name.padEnd(9)} ${about}\r`)
    const started = performance.now()
    const problems = await run(entryPackage)
    results.push({ name, problems })
    if (json) continue
    const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`
    const label = problems.length === 0 ? 'PASS' : 'FAIL'
    console.log(`${label}  ${name.padEnd(9)} ${seconds.padStart(7)}  ${about}`)
    for (const { what, fix } of problems) {
      console.log(`${what.replaceAll(/^/gm, '      ')}\n      fix: ${fix}`)
    }
  }
  const failed = results.filter(({ problems }) => problems.length > 0)
  if (json) console.log(JSON.stringify({ entry, checks: results }))
  else if (failed.length === 0) console.log(`${entry}: all ${results.length} checks pass.`)
  if (failed.length > 0) {
    throw new CheckFailed(
      `${entry}: ${failed.length} of ${results.length} checks fail: ${failed.map(({ name }) => name).join(', ')}.`,
    )
  }
}

function chosen(only: readonly string[] | undefined): readonly EntryCheck[] {
  const unknown = only?.find((name) => !ENTRY_CHECKS.some((one) => one.name === name))
  if (unknown !== undefined) {
    throw new UsageError(
      `there is no check ${unknown}. Checks: ${ENTRY_CHECKS.map(({ name }) => name).join(', ')}.`,
    )
  }
  return ENTRY_CHECKS.filter(({ name }) => only?.includes(name) ?? true)
}
