import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { PROJECT_DIRECTORY } from '../results.ts'
import { UsageError } from '../UsageError.ts'

/** A file that follows from entries and results, wholly or in part. */
export interface ReportFile {
  readonly path: string
  /** What it should hold. */
  readonly text: string
  /** Whether it holds that already. */
  readonly fresh: boolean
}

/** A file that should hold a text. */
export async function wholeFile(path: string, text: string): Promise<ReportFile> {
  const current = await readFile(path, 'utf8').catch(() => '')
  return { path, text, fresh: current === text }
}

/**
 * A file that should hold a text between the lines `<!-- name:begin -->` and `<!-- name:end -->`.
 * @throws UsageError where it has no such lines.
 */
export async function markedFile(path: string, name: string, text: string): Promise<ReportFile> {
  const current = await readFile(path, 'utf8').catch(() => '')
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`]
  const [from, to] = [current.indexOf(begin), current.indexOf(end)]
  if (from < 0 || to < from) {
    throw new UsageError(
      `${relative(PROJECT_DIRECTORY, path)} has no lines ${begin} and ${end}. Put them where the ${name} belong.`,
    )
  }
  const renewed = `${current.slice(0, from + begin.length)}\n\n${text}\n\n${current.slice(to)}`
  return { path, text: renewed, fresh: renewed === current }
}
