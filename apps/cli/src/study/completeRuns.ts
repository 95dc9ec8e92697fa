import { join } from 'node:path'
import { readdir } from 'node:fs/promises'
import { Run } from '../Run.ts'

/** The complete runs in a folder of runs, in the order of their names; none if there is no such folder. */
export async function completeRuns(folder: string): Promise<Run[]> {
  const items = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = items.filter((item) => item.isDirectory()).map(({ name }) => name)
  const runs: Run[] = []
  for (const name of names.toSorted()) {
    // Other folders are none of ours, for example `quick`.
    const run = await Run.open(join(folder, name)).catch(() => undefined)
    if (run && (await run.report())) runs.push(run)
  }
  return runs
}
