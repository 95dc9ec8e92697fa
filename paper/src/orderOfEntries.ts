import { studiesOf, studiesOfSample, type Evidence } from './Evidence.ts'

/** Scores of one entry on both data sets. */
export type BothScores = readonly [dft: number, champs: number]

/** Scores of the entries that have results on both data sets. */
export function scoredOnBoth({ results }: Evidence): BothScores[] {
  const champs = new Map(
    (results.get('champs-sample') ?? []).map(({ entry, score }) => [entry.id, score]),
  )
  return (results.get('couplet-dft') ?? []).flatMap(({ entry, score }) => {
    const other = champs.get(entry.id)
    return other === undefined ? [] : [[score, other] as const]
  })
}

/** Kendall's rank correlation: 1 where both put the entries in the same order, -1 in the opposite one. */
export function kendall(scores: readonly BothScores[]): number {
  let sum = 0
  let pairs = 0
  for (const [index, a] of scores.entries()) {
    for (const b of scores.slice(index + 1)) {
      sum += Math.sign((a[0] - b[0]) * (a[1] - b[1]))
      pairs++
    }
  }
  return pairs === 0 ? 1 : sum / pairs
}

/** Pairs of entries that the ranks of both data sets tell apart: how many, and those that stand in opposite order. */
export function separatedOnBoth(evidence: Evidence): {
  readonly count: number
  readonly reversed: readonly (readonly [better: string, worse: string])[]
} {
  const [here, there] = [studiesOf(evidence).ranks, studiesOfSample(evidence).ranks].map((study) =>
    (study?.differences ?? []).filter(({ separated }) => separated),
  )
  const has = (better: string, worse: string): boolean =>
    there!.some((pair) => pair.better === better && pair.worse === worse)
  const pairs = here!.map(({ better, worse }) => [better, worse] as const)
  const reversed = pairs.filter(([better, worse]) => has(worse, better))
  const alike = pairs.filter(([better, worse]) => has(better, worse))
  return { count: alike.length + reversed.length, reversed }
}
