/** What stands for a number that there is not. */
export const NO_VALUE = '-'

/** A score with 3 decimals. */
export function formatScore(score: number | null): string {
  return score === null || !Number.isFinite(score) ? NO_VALUE : score.toFixed(3)
}

/** An error in hertz with about three digits; `<0.001` where fewer would remain of it. */
export function formatHertz(hertz: number | null): string {
  if (hertz === null || !Number.isFinite(hertz)) return NO_VALUE
  if (hertz > 0 && hertz < 0.001) return '<0.001'
  return hertz.toFixed(hertz >= 99.95 ? 0 : hertz >= 9.995 ? 1 : hertz >= 0.9995 ? 2 : 3)
}

/** A count such as 812, 45.6k or 1.23M. */
export function formatCount(count: number | null): string {
  if (count === null || !Number.isFinite(count)) return NO_VALUE
  if (count >= 999_500) return `${(count / 1e6).toPrecision(3)}M`
  if (count >= 1000) return `${(count / 1000).toPrecision(3)}k`
  return String(count)
}

/** Seconds with about three digits. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return NO_VALUE
  return seconds.toFixed(seconds >= 99.95 ? 0 : seconds >= 9.995 ? 1 : 2)
}
