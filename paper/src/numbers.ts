import { COUPLING_TYPES } from '@couplet/data'
import { formatCount, formatHertz, formatScore, formatSeconds, type Result } from '@couplet/eval'
import type { Evidence } from './Evidence.ts'

/** Texts that stand for keys in the paper: numbers as they are printed, and names. */
export type Numbers = ReadonlyMap<string, string>

/** Every number that the paper may state, by its key, as it is printed. */
export function collectNumbers(evidence: Evidence): Numbers {
  const numbers = new Map<string, string>()
  numbers.set('entries.count', String(evidence.entries.length))
  for (const [dataset, results] of evidence.results) {
    const first = results[0]!
    numbers.set(`${dataset}.entries`, String(results.length))
    numbers.set(`${dataset}.molecules`, String(first.counts.test.molecules))
    numbers.set(`${dataset}.pairs`, String(first.counts.test.pairs))
    for (const result of results) addResult(numbers, `${dataset}.${result.entry.id}`, result)
  }
  return numbers
}

function addResult(numbers: Map<string, string>, key: string, result: Result): void {
  numbers.set(`${key}.score`, minus(formatScore(result.score)))
  numbers.set(`${key}.interval`, interval(result.interval, formatScore))
  numbers.set(`${key}.parameters`, formatCount(result.parameters))
  numbers.set(`${key}.seconds`, formatSeconds(result.run.seconds))
  for (const [type, { mae }] of result.types.entries()) {
    numbers.set(`${key}.${COUPLING_TYPES[type]}`, formatHertz(mae))
  }
}

/** A number with a minus sign instead of a hyphen. */
export function minus(number: string): string {
  return number.replace(/^-(?=[\d.])/, '−')
}

/** Both ends in brackets. */
export function interval(
  { low, high }: { readonly low: number; readonly high: number },
  format: (value: number) => string,
): string {
  return `[${minus(format(low))}, ${minus(format(high))}]`
}
