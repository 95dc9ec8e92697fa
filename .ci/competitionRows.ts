import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ROOT } from './runTool.ts'
import type { Outcome } from './Step.ts'

/**
 * Code and prose may name a molecule of the competition, in an example or a message. Every other file is data: text, compressed or
 * binary, none may hold a row about such a molecule, because the competition's data is CC BY-NC-SA 4.0 and not ours to ship.
 */
const CODE_AND_PROSE = new Set(['.ts', '.md', '.astro', '.bib'])

const MOLECULE_NAME = /dsgdb9nsd_\d{6}/

/** Looks for rows of the competition in all files that are, or could be, committed. */
export function findCompetitionRows(): Outcome {
  let listing: string
  try {
    listing = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    return { status: 'skipped', note: 'not a git checkout' }
  }
  const files = listing.split('\0').filter((path) => path !== '' && isData(path))
  const guilty = files.filter((path) => {
    const contents = read(join(ROOT, path))
    return contents !== undefined && holdsCompetitionRows(contents)
  })
  if (guilty.length === 0) return { status: 'passed', note: `${files.length} data files` }
  const advice = `Molecules of the competition are named in:\n${guilty.join('\n')}\nTake them out; tests make their fixtures themselves.`
  return { status: 'failed', note: `${guilty.length} files`, output: advice }
}

/** Whether a file is looked into. */
export function isData(path: string): boolean {
  return !CODE_AND_PROSE.has(extname(path))
}

/** Whether the contents of a file, gzip or not, name a molecule of the competition. */
export function holdsCompetitionRows(contents: Buffer): boolean {
  const isGzip = contents[0] === 0x1f && contents[1] === 0x8b
  // One byte, one character: finds ASCII names in binary files too.
  return MOLECULE_NAME.test((isGzip ? gunzipSync(contents) : contents).toString('latin1'))
}

/** Nothing for a file that is listed but deleted from the working tree. */
function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
