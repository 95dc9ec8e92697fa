import { COUPLING_TYPES } from '@couplet/data'
import { formatCount, formatHertz } from '@couplet/eval'
import { couplingsByType } from '../dftCouplings.ts'
import { resultOf, type Evidence } from '../Evidence.ts'
import { minus, score, whole } from '../numbers/format.ts'
import type { Inline } from '../syntax.ts'
import { text } from '../syntax.ts'
import { cite, code, type PaperTable } from './PaperTable.ts'

/** Where the originators' code is, by entry. */
const CODE: Readonly<Record<string, readonly string[]>> = {
  mpnn: ['code-mpnn'],
  'meta-graph-transformer': ['code-meta-graph-transformer'],
  'coordinate-transformer': ['code-coordinate-transformer'],
  'pair-transformer': ['code-host'],
  'edge-graph-attention': ['code-host'],
  megnet: ['code-host', 'code-megnet'],
  'message-passing-transformer': ['code-message-passing-transformer'],
  'edge-update-schnet': ['code-edge-update-schnet'],
  'edge-update-schnet-second-stage': ['code-edge-update-schnet'],
  cormorant: ['code-cormorant', 'code-host'],
  'triplet-network': ['code-triplet-network'],
}

const hertz = (value: number): string => minus(formatHertzSigned(value))

function formatHertzSigned(value: number): string {
  return value < 0 ? `-${formatHertz(-value)}` : formatHertz(value)
}

/** The embedded data set by type. */
export function data({ dft }: Evidence): PaperTable {
  return {
    head: ['type', 'pairs', 'mean', 'deviation', 'least', 'greatest'],
    names: 1,
    rows: couplingsByType(dft.table).map(({ values, mean, deviation }, type) => [
      COUPLING_TYPES[type]!,
      whole(values.length),
      hertz(mean),
      hertz(deviation),
      hertz(Math.min(...values)),
      hertz(Math.max(...values)),
    ]),
  }
}

/** Every entry: whose idea, what it reads, how large. */
export function architectures(evidence: Evidence): PaperTable {
  const { entries, facts } = evidence
  return {
    head: ['entry', 'originators', 'rank', 'score 2019', 'reads', 'published', 'small'],
    names: 5,
    widths: [0.2, 0.19, 0.055, 0.085, 0.27, 0.11, 0.09],
    rows: entries.map(({ id, originator, inputs }) => {
      const result = resultOf(evidence, 'couplet-dft', id)
      return [
        code(id),
        originator.team,
        originator.rank === null ? '–' : String(originator.rank),
        originator.score === null ? '–' : score(originator.score),
        inputs.join(', '),
        facts[`${id}.parameters`]?.value.replace(' million', ' M') ?? '–',
        result ? formatCount(result.parameters) : 'not run yet',
      ]
    }),
  }
}

/** Who had each idea, and under what licence their code is. */
export function credit({ entries }: Evidence): PaperTable {
  return {
    head: ['entry', 'originators', 'licence of the original'],
    names: 3,
    widths: [0.22, 0.33, 0.45],
    rows: entries.map(({ id, originator }) => [
      code(id),
      originators(id, originator.team),
      originator.licence.split(';')[0]!,
    ]),
  }
}

function originators(id: string, team: string): Inline[] {
  const sources = CODE[id]
  return sources ? [...text(`${team} `), cite(...sources)] : text(team)
}
