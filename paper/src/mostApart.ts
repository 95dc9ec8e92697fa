import type { ErrorsStudy } from '@couplet/eval'

/** Which of the better half of the entries errs least like the others of that half. */
export interface MostApart {
  readonly entry: string
  /** Mean correlation of its residuals with those of the others. */
  readonly correlation: number
  /** Mean correlation of the others among themselves. */
  readonly ofOthers: number
}

/** See {@link MostApart}; undefined with fewer than three entries in the better half. */
export function mostApart({ entries, correlation }: ErrorsStudy): MostApart | undefined {
  const half = entries.slice(0, Math.floor(entries.length / 2))
  if (half.length < 3) return undefined
  const row = (index: number): { other: number; value: number }[] =>
    half.flatMap((_, other) =>
      other === index ? [] : [{ other, value: correlation[index]![other]! }],
    )
  const means = half.map((_, index) => mean(row(index).map(({ value }) => value)))
  const apart = means.indexOf(Math.min(...means))
  const others = half.flatMap((_, index) => (index === apart ? [] : [row(index)]))
  const among = others.flatMap((values) => values.filter(({ other }) => other !== apart))
  return {
    entry: half[apart]!,
    correlation: means[apart]!,
    ofOthers: mean(among.map(({ value }) => value)),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
