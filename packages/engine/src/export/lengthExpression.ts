/** Lengths of named axes. */
export type AxisLengths = Readonly<Record<string, number>>

/** How a number of a graph follows from the lengths of axes. */
export type LengthExpression =
  /** `offset + sum of factor * length`. */
  | { readonly kind: 'sum'; readonly offset: number; readonly factors: AxisLengths }
  /** `factor * product of length ^ power`. */
  | { readonly kind: 'product'; readonly factor: number; readonly powers: AxisLengths }

/**
 * The rule behind a number that was seen at some lengths: the same everywhere, a sum of multiples of lengths, or a product of their powers.
 *
 * @param values what the number was, one for each sample.
 * @param samples a first one, for every axis one that differs from the first in it alone, and others, which the rule must meet, too.
 * @param floating whether the number is a float32, which may be a fraction; otherwise the rule is free of division.
 * @returns nothing if no such rule gives all values.
 */
export function solveLengths(
  values: readonly number[],
  samples: readonly AxisLengths[],
  floating: boolean,
): LengthExpression | undefined {
  const [base, first] = [samples[0]!, values[0]!]
  const changes = Object.keys(base).flatMap((axis) => {
    const index = sampleOf(axis, samples)
    return values[index] === first
      ? []
      : [{ axis, value: values[index]!, from: base[axis]!, to: samples[index]![axis]! }]
  })
  const factors = changes.map(({ axis, value, from, to }) => [axis, (value - first) / (to - from)])
  const sum: LengthExpression = { kind: 'sum', offset: first, factors: Object.fromEntries(factors) }
  const offset = first - (evaluateLengths(sum, base) - first)
  const powers = changes.map(({ axis, value, from, to }) => [
    axis,
    Math.round(Math.log(value / first) / Math.log(to / from)),
  ])
  const product: LengthExpression = {
    kind: 'product',
    factor: 1,
    powers: Object.fromEntries(powers),
  }
  const quotient = first / evaluateLengths(product, base)
  const factor = floating ? Math.fround(quotient) : quotient
  const tolerance = floating ? 1e-6 : 0
  return [
    { ...sum, offset },
    { ...product, factor },
  ]
    .filter((rule) => isWhole(rule) || (floating && rule.kind === 'product'))
    .find((rule) =>
      samples.every((lengths, index) => {
        const value = values[index]!
        return Math.abs(evaluateLengths(rule, lengths) - value) <= tolerance * Math.abs(value)
      }),
    )
}

/** Index of the sample that differs from the first one in this axis alone; 0 if there is none. */
function sampleOf(axis: string, samples: readonly AxisLengths[]): number {
  const differing = (lengths: AxisLengths): string =>
    Object.keys(lengths)
      .filter((name) => lengths[name] !== samples[0]![name])
      .join()
  return Math.max(
    0,
    samples.findIndex((lengths) => differing(lengths) === axis),
  )
}

/** Whether a rule gives whole numbers without division. */
function isWhole(rule: LengthExpression): boolean {
  return rule.kind === 'sum'
    ? [rule.offset, ...Object.values(rule.factors)].every(Number.isInteger)
    : Number.isInteger(rule.factor) && Object.values(rule.powers).every((power) => power > 0)
}

/** The number at some lengths. */
function evaluateLengths(rule: LengthExpression, lengths: AxisLengths): number {
  if (rule.kind === 'sum')
    return Object.entries(rule.factors).reduce(
      (sum, [axis, factor]) => sum + factor * lengths[axis]!,
      rule.offset,
    )
  return Object.entries(rule.powers).reduce(
    (product, [axis, power]) => product * lengths[axis]! ** power,
    rule.factor,
  )
}

/** The axis whose length the number is, or nothing if it is anything else. */
export function plainAxis(rule: LengthExpression): string | undefined {
  if (rule.kind === 'product' || rule.offset !== 0) return undefined
  const [first, ...others] = Object.entries(rule.factors)
  return first?.[1] === 1 && others.length === 0 ? first[0] : undefined
}

/** The rule for people, for example `edges`, `2*edges + 1` or `atoms*molecules`. */
export function formatLengths(rule: LengthExpression): string {
  if (rule.kind === 'sum') {
    const terms = Object.entries(rule.factors).map(([axis, factor]) =>
      factor === 1 ? axis : `${factor}*${axis}`,
    )
    return [...terms, ...(rule.offset === 0 && terms.length > 0 ? [] : [rule.offset])].join(' + ')
  }
  const powers = Object.entries(rule.powers).map(([axis, power]) =>
    power === 1 ? axis : `${axis}^${power}`,
  )
  return [...(rule.factor === 1 ? [] : [rule.factor]), ...powers].join('*')
}
