import type { ErrorTable } from './errorTable.ts'
import { TYPE_COUNT } from './score.ts'

/** Least number of pairs behind a sum of errors that may be published of data whose labels may not. */
export const LEAST_PAIRS = 3

/** Digits of a fold key that result files hold: enough to tell billions of constitutions apart. */
export const KEY_DIGITS = 16

/**
 * Adds the errors of constitutions up to groups, so that no sum is over one or two pairs: from those, and the predictions of an entry
 * trained again, labels could be guessed. A constitution that has no such cell stays alone. The others are joined in the order of their fold
 * keys, which is random with regard to chemistry, until no cell of the group is short; what is left over at the end joins one
 * of them. So the groups follow from the molecules alone and are the same for every entry.
 *
 * Groups are drawn like constitutions in a bootstrap: intervals come out as wide on average, and a little less certain themselves.
 *
 * @param errors sums per molecule; those with the same fold key go into one group.
 * @returns sums per group, named after the first digits of the first fold key in each, as in result files; with `groupSizes`.
 */
export function groupErrors({ names, foldKeys, errorSums, counts }: ErrorTable): ErrorTable {
  const keys = foldKeys?.map((key) => key.slice(0, KEY_DIGITS)) ?? names
  const members = new Map<string, number[]>()
  for (const [molecule, key] of keys.entries()) {
    members.set(key, [...(members.get(key) ?? []), molecule])
  }
  const isShort = (molecules: readonly number[]): boolean =>
    Array.from({ length: TYPE_COUNT }, (_, type) => {
      const pairs = molecules.reduce((sum, one) => sum + counts[one * TYPE_COUNT + type]!, 0)
      return pairs > 0 && pairs < LEAST_PAIRS
    }).includes(true)
  const groups: number[][] = []
  let open: number[] = []
  for (const key of [...members.keys()].toSorted()) {
    const own = members.get(key)!
    if (!isShort(own)) {
      groups.push(own)
      continue
    }
    open = [...open, ...own]
    if (isShort(open)) continue
    groups.push(open)
    open = []
  }
  // What is left over joins the last group that helps it, or, where none alone does, several.
  while (open.length > 0 && groups.length > 0 && isShort(open)) {
    const helps = groups.findLastIndex((group) => !isShort([...group, ...open]))
    open = [...groups.splice(helps, 1)[0]!, ...open]
  }
  if (open.length > 0) groups.push(open)
  const summed = {
    errorSums: new Float64Array(groups.length * TYPE_COUNT),
    counts: new Uint32Array(groups.length * TYPE_COUNT),
  }
  for (const [group, molecules] of groups.entries()) {
    for (const molecule of molecules) {
      for (let type = 0; type < TYPE_COUNT; type++) {
        const [from, to] = [molecule * TYPE_COUNT + type, group * TYPE_COUNT + type]
        summed.errorSums[to]! += errorSums[from]!
        summed.counts[to]! += counts[from]!
      }
    }
  }
  return {
    names: groups.map(([first]) => keys[first!]!),
    groupSizes: groups.map(({ length }) => length),
    ...summed,
  }
}
