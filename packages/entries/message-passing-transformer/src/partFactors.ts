import type { TypeScale } from '@couplet/model'

/** Centre and spread in hertz by which the team brought all couplings, whatever their type, to the size of 1. */
const CENTRE = 16
const SPREAD = 35
/** What the team divided the five parts by: Fermi contact, spin-dipolar, para- and diamagnetic spin-orbit part, and the rest. */
const DIVISORS = [1, 250, 45, 35, 500]
/** Number of parts of which a coupling is the sum: the four contributions and the rest. */
export const PARTS = DIVISORS.length

/** The team's scale: (J - 16) / 35 for couplings and Fermi contact parts of every type, x / 35 for the other contributions. */
export function teamScale(measured: TypeScale): TypeScale {
  const all = <T>(value: T): T[] => measured.count.map(() => value)
  return {
    count: measured.count,
    mean: all(CENTRE),
    deviation: all(SPREAD),
    contributionMean: all([CENTRE, 0, 0, 0]),
    contributionDeviation: all(DIVISORS.slice(0, 4).map((divisor) => SPREAD / divisor)),
  }
}

/**
 * Size of the five parts of which a coupling is the sum, in units of the coupling's deviation, `[8][5]`: what their networks'
 * outputs are multiplied by. The rest is taken for half as large as the smallest contribution, which gives the team's divisors with
 * the team's scale; these stand too where the labels have no contributions.
 */
export function partFactors({
  deviation,
  contributionMean,
  contributionDeviation,
}: TypeScale): number[][] {
  return deviation.map((whole, type) => {
    const known = contributionMean[type]!.some((value) => value !== 0)
    if (!known) return DIVISORS.map((divisor) => 1 / divisor)
    const sizes = contributionDeviation[type]!.map((value) => value / whole)
    return [...sizes, 0.5 * Math.min(...sizes)]
  })
}
