import { mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { asDataError } from './readBytes.ts'

/** What a process has for itself, while it lasts. */
export interface Claim {
  /** Its folder, for files of this process alone. */
  readonly folder: string
  /** Ends the claim, and removes the folder with all that is in it. */
  close(): Promise<void>
}

/** Who has what another process wants. */
export interface Claimant {
  /** Its number. */
  readonly process: number
  /** Its folder, which a person may remove where the process is another program after all. */
  readonly folder: string
}

/** Claims of this process that are not closed. */
const held = new Set<string>()

/**
 * Claims something for this process alone: makes a folder `<above>/<process>`, where no other process that is alive may have one, and
 * clears away the folders of processes that ended without closing theirs. Of two that come at the same moment at most one succeeds.
 * Processes of other machines are not known to be alive.
 *
 * @param above a folder with claims of the same thing and nothing else; made if missing, and removed with the last claim.
 * @param refusal the error where another has it.
 * @throws the refusal; DataError if the folder cannot be made.
 */
export async function claimFolder(
  above: string,
  refusal: (claimant: Claimant) => Error,
): Promise<Claim> {
  const folder = join(above, await nameOfThisProcess())
  const key = resolve(folder)
  if (held.has(key)) throw refusal({ process: process.pid, folder })
  held.add(key)
  const close = async (): Promise<void> => {
    held.delete(key)
    await rm(folder, { recursive: true, force: true })
    // Another process may have come meanwhile.
    await rmdir(above).catch(() => {})
  }
  try {
    // Of a process that had the same number before.
    await rm(folder, { recursive: true, force: true })
    // Made before the others are looked at: so, of two at the same moment, one at least sees the other.
    await mkdir(folder, { recursive: true })
    for (const name of await readdir(above)) {
      const other = join(above, name)
      if (other === folder) continue
      const owner = await ownerOf(name)
      if (owner !== undefined) throw refusal({ process: owner, folder: other })
      await rm(other, { recursive: true, force: true })
    }
  } catch (error) {
    await close().catch(() => {}) // what went wrong first is told
    throw asDataError(error, above)
  }
  return { folder, close }
}

/** Number of this process, and where it is known when it started: numbers are given again, after a restart of the machine for example. */
async function nameOfThisProcess(): Promise<string> {
  const started = (await statusOf(process.pid))?.started
  return started === undefined ? String(process.pid) : `${process.pid}-${started}`
}

/** The process that a folder is named after, if it is another than this one, and alive. */
async function ownerOf(name: string): Promise<number | undefined> {
  const [, digits, started] = /^(\d+)(?:-(\d+))?$/.exec(name) ?? []
  const id = Number(digits)
  if (!(id > 0) || id === process.pid || !exists(id)) return undefined
  const status = await statusOf(id)
  if (!status) return id
  const isSame = started === undefined || started === status.started
  return isSame && !status.hasEnded ? id : undefined
}

function exists(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch (error) {
    // It is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** When a process started, in ticks since the machine did, and whether it only waits to be cleared away; nothing where there is no /proc. */
async function statusOf(id: number): Promise<{ started: string; hasEnded: boolean } | undefined> {
  const line = await readFile(`/proc/${id}/stat`, 'latin1').catch(() => undefined)
  if (line === undefined) return undefined
  // The second field, the program's name in parentheses, may hold anything; the third is the state, the 22nd the start.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  return { started: fields[19]!, hasEnded: ['Z', 'X'].includes(fields[0]!) }
}
