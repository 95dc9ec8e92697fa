import { COUPLING_TYPES } from '@couplet/data'
import { formatHertz } from '@couplet/eval'
import type { Evidence } from '../Evidence.ts'
import { score } from '../numbers/format.ts'
import type { PaperTable } from './PaperTable.ts'

/** What the ensembles of 2021, and the teams of 2019 whose architectures are here, reached with the competition's full data. */
export function history({ entries, history: record }: Evidence): PaperTable | undefined {
  const ranks = new Set(entries.map(({ originator }) => originator.rank))
  return (
    record && {
      head: ['rank', 'team or ensemble', ...COUPLING_TYPES, 'score'],
      names: 2,
      rows: [
        ...record.perType.filter(({ rank }) => rank === null || ranks.has(rank)),
        { rank: null, name: 'mean of the type', ...record.typeMean },
      ].map((row) => [
        row.rank === null ? '–' : String(row.rank),
        row.name,
        ...row.logMaes.map((value) => formatHertz(Math.exp(value))),
        score(row.score),
      ]),
    }
  )
}
