import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Entry, parseEntry } from '@couplet/model/schema'
import { ROOT } from './project.ts'

/** An entry, and where it comes from. */
export interface SiteEntry extends Entry {
  /** Name of its npm package. */
  readonly packageName: string
  /** Folder of the package, relative to the project's root. */
  readonly folder: string
  /** Parts of `@couplet/layers` that its sources import. */
  readonly layers: readonly string[]
}

const ENTRIES = join(ROOT, 'packages', 'entries')

let entries: readonly SiteEntry[] | undefined

/**
 * Every entry of the project, those of the competition first, by rank, then the others by name.
 * @throws Error that names the file and the fields if an `entry.json` does not follow its schema.
 */
export function readEntries(): readonly SiteEntry[] {
  entries ??= readdirSync(ENTRIES, { withFileTypes: true })
    .filter((folder) => folder.isDirectory())
    .flatMap(({ name }) => entriesOfPackage(join(ENTRIES, name)))
    .toSorted(
      (a, b) =>
        (a.originator.rank ?? Infinity) - (b.originator.rank ?? Infinity) ||
        a.name.localeCompare(b.name),
    )
  return entries
}

/** The entry of this id. */
export function entryOf(id: string): SiteEntry | undefined {
  return readEntries().find((entry) => entry.id === id)
}

/** A package holds one entry, or several in folders of their own. */
function entriesOfPackage(folder: string): SiteEntry[] {
  const sources = join(folder, 'src')
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  const { name: packageName } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
  }
  return files
    .filter((file) => /(^|[/\\])entry\.json$/.test(file))
    .map((file) => {
      const beside = file.replace(/entry\.json$/, '')
      const modules = files.filter((one) => one.startsWith(beside) && one.endsWith('.ts'))
      return {
        ...readEntry(join(sources, file)),
        packageName,
        folder: relative(ROOT, folder),
        layers: importedLayers(modules.map((one) => readFileSync(join(sources, one), 'utf8'))),
      }
    })
}

function readEntry(path: string): Entry {
  try {
    return parseEntry(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw new Error(`${relative(ROOT, path)}: ${(error as Error).message}`, { cause: error })
  }
}

/** Functions that modules import from `@couplet/layers`, without types and specifications of parameters. */
function importedLayers(modules: readonly string[]): string[] {
  const names = modules.flatMap((text) =>
    [...text.matchAll(/import\s*\{([^}]*)\}\s*from '@couplet\/layers'/g)].flatMap(([, list]) =>
      list!.split(',').map((name) => name.trim()),
    ),
  )
  const parts = names.filter((name) => /^[a-z]/.test(name) && !/^type |Spec$/.test(name))
  return [...new Set(parts)].toSorted()
}
