import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './project.ts'

const GENERATED = join(ROOT, 'paper', 'generated')

/** Forms of the paper, as files: name, what it is. */
const FORMS: Readonly<Record<string, string>> = {
  'paper.html': 'HTML',
  'paper.pdf': 'PDF',
  'paper.xml': 'JATS',
  'paper-arxiv.tar.gz': 'LaTeX sources',
}

/** A file of the paper. */
export interface PaperFile {
  readonly name: string
  readonly form: string
}

/** The files that were built; none before `couplet paper` ran. */
export function paperFiles(): PaperFile[] {
  if (!existsSync(GENERATED)) return []
  const names = readdirSync(GENERATED)
  return Object.entries(FORMS).flatMap(([name, form]) =>
    names.includes(name) ? [{ name, form }] : [],
  )
}

/** Bytes of one of the files. */
export function readPaperFile(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(GENERATED, name)))
}

/** Title and sections of the paper, for the page that leads to it. */
export function paperOutline(): {
  readonly title: string
  readonly sections: readonly { readonly id: string; readonly heading: string }[]
} {
  const html = readFileSync(join(GENERATED, 'paper.html'), 'utf8')
  const text = (fragment: string): string =>
    fragment
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
  return {
    title: text(html.match(/<h1[^>]*>([^]*?)<\/h1>/)?.[1] ?? 'The paper'),
    sections: Array.from(
      html.matchAll(/<h2[^>]*\bid="([^"]*)"[^>]*>([^]*?)<\/h2>/g),
      ([, id, heading]) => ({ id: id!, heading: text(heading!) }),
    ),
  }
}
