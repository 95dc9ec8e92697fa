import { formatScore } from '@couplet/eval'

/** Both ends of an interval. */
interface Ends {
  readonly low: number
  readonly high: number
}

/** A number with a minus sign instead of a hyphen. */
export function minus(number: string): string {
  return number.replace(/^-(?=[\d.])/, '−')
}

/** A score, or a difference of scores, with three decimals. */
export function score(value: number): string {
  return minus(formatScore(value))
}

/** Both ends of an interval of scores in brackets. */
export function scoreInterval({ low, high }: Ends): string {
  return `[${score(low)}, ${score(high)}]`
}

/** A whole number with thin groups of three: 4 658 147 is harder to misread than 4658147. */
export function whole(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** A rank, or the ranks that the data leave open. */
export function rankText({ best, worst }: { best: number; worst: number }): string {
  return best === worst ? String(best) : `${best}–${worst}`
}

/** A share as whole per cent. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

const WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen'.split(
    ' ',
  )

const ORDINALS = 'zeroth first second third fourth fifth sixth seventh eighth ninth tenth'.split(
  ' ',
)

/** A place in words: `second`; beyond the tenth in digits. */
export function ordinal(place: number): string {
  return ORDINALS[place] ?? `${place}th`
}

/** A small whole number in words; any other as it is. */
export function inWords(number: string): string {
  return (/^\d+$/.test(number) && WORDS[Number(number)]) || number
}
