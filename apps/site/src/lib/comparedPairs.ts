import { readStandings } from './datasets.ts'

/** Two entries that have results on the same data set, in alphabetical order. */
export interface ComparedPair {
  readonly a: string
  readonly b: string
}

/** Every two entries that can be compared on some data set. */
export async function comparedPairs(): Promise<ComparedPair[]> {
  const pairs = new Map<string, ComparedPair>()
  for (const { results } of await readStandings()) {
    const ids = results.map(({ entry }) => entry.id).toSorted()
    for (const [index, a] of ids.entries()) {
      for (const b of ids.slice(index + 1)) pairs.set(`${a} ${b}`, { a, b })
    }
  }
  return [...pairs.values()]
}

/** Path of the page about two entries, whichever comes first. */
export function pairAddress(one: string, other: string): string {
  const [a, b] = [one, other].toSorted()
  return `/compare/${a}/${b}/`
}
