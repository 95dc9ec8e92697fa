import { constants } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { UsageError } from './UsageError.ts'

/**
 * Refuses, before any work is done, an output that would replace what is read, or that cannot be written.
 * @param reads files and folders that the command reads; nothing is written over a file or into a run folder.
 */
export async function checkOutput(out: string, reads: readonly string[]): Promise<void> {
  const target = await realpath(out).catch(() => resolve(out))
  for (const read of reads) {
    const source = await realpath(read).catch(() => resolve(read))
    const isRun = await stat(resolve(source, 'run.json')).catch(() => undefined)
    if (target === source || (isRun && target.startsWith(source + sep))) {
      throw new UsageError(`writing ${out} would replace what is read. Give another path.`)
    }
  }
  const there = await stat(target).catch(() => undefined)
  if (there?.isDirectory()) {
    throw new UsageError(`${out} is a folder. Give the path of a file.`)
  }
  const folder = await nearestThere(dirname(target))
  const isWritable = await access(folder, constants.W_OK).then(
    async () => (await stat(folder)).isDirectory(),
    () => false,
  )
  if (!isWritable) {
    throw new UsageError(`${out} cannot be written: ${folder} is no folder that may be written to.`)
  }
}

/** The folder, or the nearest above it that is there. */
async function nearestThere(folder: string): Promise<string> {
  const above = dirname(folder)
  const isThere = await stat(folder).catch(() => undefined)
  return isThere || above === folder ? folder : nearestThere(above)
}
