import { setImmediate } from 'node:timers/promises'

/** Told how many molecules of a file are read, of how many. */
export type ReadingProgress = (done: number, all: number) => void

/** A line of a file and its number from 1. */
export interface DataLine {
  readonly line: string
  readonly number: number
}

/** No line is longer: what is beyond is cut off. */
const LONGEST = 2000

/** The lines of a text that are neither empty nor comments (`#`), trimmed. */
export function dataLines(text: string): DataLine[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const line = raw.slice(0, LONGEST).trim()
    return line === '' || line.startsWith('#') ? [] : [{ line, number: index + 1 }]
  })
}

/** Values one by one for work that takes long: before each, others get their turn, a clock that shows progress and Ctrl-C. */
export async function* inTurn<T>(
  values: readonly T[],
  onProgress: ReadingProgress,
): AsyncGenerator<T> {
  for (const [done, value] of values.entries()) {
    onProgress(done, values.length)
    await setImmediate()
    yield value
  }
}

/** Name of a molecule that has none, by the file and the number of its line or entry. */
export const numbered = (file: string, number: number): string =>
  `${file}_${String(number).padStart(6, '0')}`
