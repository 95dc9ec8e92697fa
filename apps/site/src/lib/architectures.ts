import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Architecture, architectureSchema } from '@couplet/model/schema'
import { ROOT } from './project.ts'

/**
 * What the network of an entry computes, step by step.
 * @returns undefined for an entry that is no single network.
 * @throws Error where the file does not follow its schema.
 */
export function architectureOf(entry: string): Architecture | undefined {
  const path = join(ROOT, 'paper', 'architectures', `${entry}.json`)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  const parsed = architectureSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  throw new Error(
    `${path}: ${parsed.error.issues[0]?.message}. Write it anew with \`couplet report\`.`,
  )
}

/** Name of a function in words: `updateAtoms` is `update atoms`. */
export function inWords(name: string): string {
  return name.replaceAll(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  )
}

/** Lengths of an array, for example `[atoms, 64]`. */
export function formatShape(shape: Architecture['steps'][number]['gives'][number]): string {
  return `[${shape.join(', ').replaceAll(' * ', '·')}]`
}
