import { formatHertz } from '@couplet/eval'

/** Number of steps of the heat scale: classes `h0` (worst of the column) to `h6` (best). */
const STEPS = 6

/**
 * Class of a cell on the heat scale: logarithmic from the largest to the smallest error of its column.
 * @param errors every error of the column, in hertz.
 */
export function heatClass(error: number, errors: readonly number[]): string {
  const [best, worst] = [Math.log(Math.min(...errors)), Math.log(Math.max(...errors))]
  if (best === worst) return 'h0'
  return `h${Math.round((STEPS * (worst - Math.log(error))) / (worst - best))}`
}

/** `1st`, `2nd`, `3rd`, `4th`. */
export function ordinal(rank: number): string {
  const endings: Readonly<Record<number, string>> = { 1: 'st', 2: 'nd', 3: 'rd' }
  const teen = Math.floor(rank / 10) % 10 === 1
  return `${rank}${(teen ? undefined : endings[rank % 10]) ?? 'th'}`
}

/** A duration for people, from seconds to hours. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${seconds.toPrecision(2)} s`
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  if (seconds < 7200) return `${(seconds / 60).toFixed(seconds < 600 ? 1 : 0)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** Milliseconds with two digits, at least. */
export function formatMilliseconds(value: number): string {
  return value < 10 ? value.toPrecision(2) : formatWhole(Math.round(value))
}

/** A difference in hertz with its sign, for example `+0.12`. */
export function formatDifference(hertz: number): string {
  const size = Math.abs(hertz)
  const digits = size >= 0.001 || size === 0 ? formatHertz(size) : size.toPrecision(1)
  return `${hertz < 0 ? '-' : '+'}${digits}`
}

/** A rank, or the ranks that are open: `3`, `1–4`. */
export function formatRank({
  best,
  worst,
}: {
  readonly best: number
  readonly worst: number
}): string {
  return best === worst ? String(best) : `${best}–${worst}`
}

/** A share of resamples in per cent; near 0 and 1 no more than their number can tell. */
export function formatShare(share: number): string {
  if (share > 0.999) return 'more than 99.9\u00a0%'
  if (share < 0.001) return 'less than 0.1\u00a0%'
  return `${(share * 100).toFixed(1)}\u00a0%`
}

/** `seed 1`, `seeds 1, 2 and 3`. */
export function formatSeeds(seeds: readonly number[]): string {
  const list = new Intl.ListFormat('en-GB').format(seeds.map(String))
  return `${seeds.length === 1 ? 'seed' : 'seeds'} ${list}`
}

/** Thousands separated, for counts in sentences. */
export function formatWhole(count: number): string {
  return count.toLocaleString('en')
}
