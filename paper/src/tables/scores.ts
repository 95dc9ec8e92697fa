import { COUPLING_TYPES } from '@couplet/data'
import { formatCount, formatHertz, type Result, trainingCoreSeconds } from '@couplet/eval'
import { score, scoreInterval, whole } from '../numbers/format.ts'
import { code } from './PaperTable.ts'
import type { TableMaker } from './tables.ts'

/** Scores, errors of each type, sizes and times of training on one data set. */
export function scores(dataset: string): TableMaker {
  return ({ results }) => {
    const all = results.get(dataset)
    return (
      all && {
        head: ['entry', 'score', '95 % interval', ...COUPLING_TYPES, 'params', 'core-s'],
        names: 1,
        rows: all.map((result) => [
          code(result.entry.id),
          score(result.score),
          scoreInterval(result.interval),
          ...result.types.map(({ mae }) => formatHertz(mae)),
          formatCount(result.parameters),
          coreSeconds(result),
        ]),
      }
    )
  }
}

function coreSeconds(result: Result): string {
  const seconds = trainingCoreSeconds(result)
  return seconds < 1 ? '<1' : whole(seconds)
}
