import type { Evidence } from '../Evidence.ts'
import { missingParts } from '../missingParts.ts'
import { addDftNumbers } from './dftNumbers.ts'
import { addEntryNumbers } from './entryNumbers.ts'
import { addResultNumbers } from './resultNumbers.ts'
import { addStudyNumbers } from './studyNumbers.ts'

/** Texts that stand for keys in the paper: numbers as they are printed, and names. */
export type Numbers = ReadonlyMap<string, string>

/** Takes a number by its key. */
export type Add = (key: string, value: string | number) => void

/** Every number that the paper may state, by its key, as it is printed. */
export function collectNumbers(evidence: Evidence): Numbers {
  const numbers = new Map<string, string>()
  const add: Add = (key, value) => numbers.set(key, String(value))
  const missing = missingParts(evidence)
  add('draft', missing.length > 0 ? ' (draft)' : '')
  add('missing', missing.join('; '))
  for (const [key, { value }] of Object.entries(evidence.facts)) add(`fact.${key}`, value)
  addEntryNumbers(evidence, add)
  addDftNumbers(evidence, add)
  addResultNumbers(evidence, add)
  addStudyNumbers(evidence, add)
  return numbers
}
