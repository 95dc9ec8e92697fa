import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LabelError } from './LabelError.ts'

/** A folder for scratch files, while it lasts. */
export interface Scratch {
  readonly folder: string
  /** Removes it with all that is in it. */
  close(): Promise<void>
}

/**
 * Makes a folder for the scratch files of this process, `<out>/.scratch/<process>`, and clears away those that killed processes
 * left.
 *
 * @throws LabelError if another process that is alive has one: two would compute the same molecules.
 */
export async function openScratch(out: string): Promise<Scratch> {
  const above = join(out, '.scratch')
  await mkdir(above, { recursive: true })
  for (const name of await readdir(above)) {
    const id = Number(name)
    if (id !== process.pid && isAlive(id)) {
      throw new LabelError(
        `process ${name} is labelling in ${out}. Wait for it or give another --out; if it is another program, remove ${join(above, name)}.`,
      )
    }
    await rm(join(above, name), { recursive: true, force: true })
  }
  const folder = join(above, String(process.pid))
  await mkdir(folder)
  return {
    folder,
    close: async () => {
      await rm(folder, { recursive: true, force: true })
      // Another process may have come meanwhile.
      await rmdir(above).catch(() => {})
    },
  }
}

function isAlive(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0) return false
  try {
    return process.kill(id, 0)
  } catch (error) {
    // It is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
