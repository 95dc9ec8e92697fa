import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readEntries } from './entries.ts'
import { ROOT } from './project.ts'

/** The smallest and the largest network of 2019 among those whose architectures are entries here, in words, from the paper's facts. */
export function originalSizes(): string {
  const facts = JSON.parse(readFileSync(join(ROOT, 'paper', 'facts.json'), 'utf8')) as Record<
    string,
    { readonly value: string }
  >
  const sizes = readEntries()
    .flatMap(({ id, originator: { team } }) => {
      // For example `82 million`, or `84 to 180 million`.
      const { value } = facts[`${id}.parameters`] ?? {}
      return value === undefined ? [] : [{ team, millions: value.match(/[\d.]+/g)!.map(Number) }]
    })
    .flatMap(({ team, millions }) => millions.map((size) => ({ team, size })))
    .toSorted((a, b) => a.size - b.size)
  const [least, most] = [sizes[0]!, sizes.at(-1)!]
  return `where their size is known of networks with ${least.size} million (${least.team}) to ${most.size} million parameters (${most.team})`
}
