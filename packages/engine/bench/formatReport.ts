import type { CaseResult, RowResult } from './measureCase.ts'

/** How many times as fast as the best barred row we must be. */
const BARS = { train: 1.4, forward: 1.2 } as const
/** Most resident memory with two workers and five buckets, in bytes. */
const MEMORY_BAR = 1.2e9

/** What the benchmark writes. */
export interface Report {
  readonly date: string
  readonly processor: string
  readonly versions: Readonly<Record<string, string>>
  /** What was looked for, and found or not. */
  readonly peers: readonly string[]
  readonly rounds: number
  readonly cases: readonly CaseResult[]
  /** Peak resident memory in bytes, by case. */
  readonly memory: Readonly<Record<string, number>>
}

/** The report as Markdown: one table for each case, then memory. */
export function formatReport(report: Report): string {
  const lines = [
    `Measured on ${report.processor}; ${Object.entries(report.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}. Median of ${report.rounds} interleaved rounds.`,
    '',
    ...report.peers.map((note) => `- ${note}`),
    '',
    ...report.cases.flatMap((result) => [...formatCase(result), '']),
    ...formatMemory(report.memory),
  ]
  return lines.join('\n').trimEnd()
}

function formatCase({ title, train, forward }: CaseResult): string[] {
  const own = { train: bestOwn(train), forward: bestOwn(forward) }
  const rows = train.map((row, index) => {
    const other = forward[index]!
    return `| ${row.label} | ${time(row)} | ${ratio(row, own.train)} | ${time(other)} | ${ratio(other, own.forward)} |`
  })
  return [
    `**${title[0]!.toUpperCase()}${title.slice(1)}**`,
    '',
    '| row | training, ms | couplet is faster by | forward, ms | couplet is faster by |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    ...bar('training', own.train, train, BARS.train),
    ...bar('forward', own.forward, forward, BARS.forward),
  ]
}

/** The row that counts: one worker for each core, or one alone where that is faster. */
function bestOwn(rows: readonly RowResult[]): RowResult {
  return fastest(rows.filter(isOwn))!
}

function isOwn({ label }: RowResult): boolean {
  return label.startsWith('couplet')
}

function fastest(rows: readonly RowResult[]): RowResult | undefined {
  return rows.toSorted((a, b) => a.milliseconds - b.milliseconds)[0]
}

function time({ milliseconds }: RowResult): string {
  return milliseconds.toFixed(milliseconds < 100 ? 1 : 0)
}

function ratio(row: RowResult, own: RowResult): string {
  return isOwn(row) ? '' : `${(row.milliseconds / own.milliseconds).toFixed(2)} times`
}

function bar(name: string, own: RowResult, rows: readonly RowResult[], wanted: number): string[] {
  const barred = fastest(rows.filter(({ isBarred }) => isBarred))
  if (!barred) return []
  const reached = barred.milliseconds / own.milliseconds
  const verdict = reached >= wanted ? 'met' : 'NOT MET'
  const peer = barred.label.split(',')[0]
  return [
    `- Bar, ${name}: ${wanted} times the best of 1 and 2 threads of ${peer}; reached ${reached.toFixed(2)}: **${verdict}**`,
  ]
}

function formatMemory(memory: Readonly<Record<string, number>>): string[] {
  return Object.entries(memory).map(([name, bytes]) => {
    const verdict = bytes <= MEMORY_BAR ? 'met' : 'NOT MET'
    return `- Memory, ${name}, two workers, five buckets, training and forward: ${(bytes / 1e9).toFixed(2)} GB resident at most; bar 1.2 GB: **${verdict}**`
  })
}
