/**
 * The elements of a formula with their counts, alike for every way of writing it: `CH3OH` and `CH4O` give `C1H4O1`.
 * @returns undefined for what is no formula of elements with one letter, which are all that the molecules here have.
 */
export function elementCounts(formula: string): string | undefined {
  if (!/^(?:[A-Z]\d*)+$/i.test(formula)) return undefined
  const counts = new Map<string, number>()
  for (const [, element, count] of formula.toUpperCase().matchAll(/([A-Z])(\d*)/g)) {
    counts.set(element!, (counts.get(element!) ?? 0) + Number(count || 1))
  }
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([element, count]) => `${element}${count}`)
    .join('')
}
