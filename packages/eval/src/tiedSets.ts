/**
 * Largest sets of entries no two of which are separated (Bron and Kerbosch 1973, without pivot: there are a dozen entries).
 *
 * @param count number of entries, in order of their scores.
 * @param separated pairs of entries that are separated, the better one first.
 * @returns the sets, each in order, the best first.
 */
export function tiedSets(
  count: number,
  separated: readonly (readonly [better: number, worse: number])[],
): number[][] {
  const apart = new Set(separated.map((pair) => pair.join()))
  const tied = (a: number, b: number): boolean =>
    a !== b && !apart.has(`${Math.min(a, b)},${Math.max(a, b)}`)
  const sets: number[][] = []
  const grow = (set: number[], candidates: number[], done: number[]): void => {
    if (candidates.length === 0 && done.length === 0) sets.push(set)
    let [left, seen] = [candidates, done]
    for (const next of candidates) {
      const near = (other: number): boolean => tied(next, other)
      grow([...set, next], left.filter(near), seen.filter(near))
      left = left.filter((other) => other !== next)
      seen = [...seen, next]
    }
  }
  grow(
    [],
    Array.from({ length: count }, (_, index) => index),
    [],
  )
  return sets
}
