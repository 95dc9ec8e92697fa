import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Marked } from 'marked'
import { readEntries, type SiteEntry } from './entries.ts'
import { ROOT } from './project.ts'

/** A network part of `@couplet/layers`. */
export interface Layer {
  readonly name: string
  /** Shapes in and out, and source, as HTML, from the README. */
  readonly shapes: string
  readonly source: string
  /** First paragraph of its doc comment. */
  readonly about: string
  /** Entries whose sources import it. */
  readonly users: readonly SiteEntry[]
}

const FOLDER = join(ROOT, 'packages', 'layers')

/** Every part that the README of the package lists. */
export function readLayers(): Layer[] {
  const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8')
  const rows = [...readme.matchAll(/^\| `(\w+)`\s*\|([^|]*)\|([^|]*)\|/gm)]
  return rows.map(([, name, shapes, source]) => ({
    name: name!,
    shapes: inline(shapes!),
    source: inline(source!),
    about: inline(docComment(name!)),
    users: readEntries().filter(({ layers }) => layers.includes(name!)),
  }))
}

/** The first paragraph above an exported function. */
function docComment(name: string): string {
  const index = readFileSync(join(FOLDER, 'src', 'index.ts'), 'utf8')
  const line = index.match(new RegExp(`\\{[^}]*\\b${name}\\b[^}]*\\}\\s*from '\\./([^']+)'`))
  const text = line ? readFileSync(join(FOLDER, 'src', line[1]!), 'utf8') : ''
  const before = text.slice(0, text.search(new RegExp(`^export function ${name}\\b`, 'm')))
  const comment = before.slice(before.lastIndexOf('/**'))
  return comment
    .replaceAll(/\*\/|\{@link (\w+)\}/g, '$1')
    .replaceAll(/^\s*\/?\*+ ?/gm, '')
    .split(/\n\s*\n|\n@/)[0]!
    .replaceAll('\n', ' ')
    .trim()
}

function inline(markdown: string): string {
  return new Marked().parseInline(markdown.trim(), { async: false })
}
