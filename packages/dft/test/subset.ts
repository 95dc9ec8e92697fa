import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DFT_DIRECTORY } from '../src/index.ts'

/** Writes a data set of a few geometries of the embedded one into a new folder. */
export function writeSubset(folder: string, names: readonly string[]): string {
  mkdirSync(folder)
  for (const file of readdirSync(DFT_DIRECTORY)) {
    cpSync(join(DFT_DIRECTORY, file), join(folder, file))
    editLines(folder, file, (line, head) =>
      head || names.some((name) => line.split(',').includes(name)) ? line : undefined,
    )
  }
  return folder
}

/** Changes the lines of a file one by one; `undefined` takes a line out. */
export function editLines(
  folder: string,
  file: string,
  change: (line: string, head: boolean) => string | undefined,
): void {
  const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')
  const changed = lines.flatMap((line, index) => change(line, index === 0) ?? [])
  writeFileSync(join(folder, file), `${changed.join('\n')}\n`)
}
