import { COUPLING_TYPES } from '@couplet/data'
import { formatCount, formatHertz, formatScore, type Result } from '@couplet/eval'
import type { Evidence } from './Evidence.ts'
import { interval, minus } from './numbers.ts'

/** A table as text; columns after the first `names` are numbers and stand to the right. */
export interface PaperTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** How many columns hold words. */
  readonly names: number
}

/** Tables by name; undefined where what they are about has not been run. */
export const TABLES: Readonly<Record<string, (evidence: Evidence) => PaperTable | undefined>> = {
  'scores-couplet-dft': ({ results }) => scores(results.get('couplet-dft')),
  'scores-champs-sample': ({ results }) => scores(results.get('champs-sample')),
}

function scores(results: readonly Result[] | undefined): PaperTable | undefined {
  if (!results) return undefined
  return {
    head: ['entry', 'score', '95 % interval', ...COUPLING_TYPES, 'parameters'],
    names: 1,
    rows: results.map((result) => [
      result.entry.id,
      minus(formatScore(result.score)),
      interval(result.interval, formatScore),
      ...result.types.map(({ mae }) => formatHertz(mae)),
      formatCount(result.parameters),
    ]),
  }
}
