import { describe, expect, it } from 'vitest'
import {
  formatHertz,
  formatMarkdownTable,
  formatTable,
  tableBlock,
  type TableBlock,
  type TableRow,
} from '../src/index.ts'
import { formatCount } from '../src/formatNumbers.ts'
import { exampleResult, simulatedErrors } from './examples.ts'

const row = (entry: string, score: number | null, extra: Partial<TableRow> = {}): TableRow => ({
  entry,
  score,
  interval: score === null ? null : { low: score - 0.05, high: score + 0.05 },
  maes: [3.25, 2.1, 0.91, 0.512, 0.6, 0.85, 0.7, null],
  parameters: 123_456,
  seconds: 61.2,
  ...extra,
})
const block = (rows: TableRow[], extra: Partial<TableBlock> = {}): TableBlock => ({
  dataset: 'couplet-dft',
  fold: 'all',
  molecules: 500,
  pairs: 12_000,
  rows,
  ...extra,
})

/** First and second column of every row beneath the titles. */
function ranking(text: string): string[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith('rank')) + 1
  return lines.slice(start).map((line) => line.trim().split(/\s+/).slice(0, 2).join(' '))
}

describe('formatTable', () => {
  it('puts the lowest score first and runs without a score last', () => {
    const rows = [
      row('failed', null),
      row('nan', Number.NaN),
      row('poor', 1.2),
      row('broken', Number.NEGATIVE_INFINITY),
      row('best', -1.5),
      row('twin', 1.2),
    ]
    expect(ranking(formatTable([block(rows)]))).toEqual([
      '1 best',
      '2 poor',
      '2 twin',
      '- broken',
      '- failed',
      '- nan',
    ])
  })

  it('aligns columns, fits 140 characters, has no colours and says what it is about', () => {
    const rows = [
      row('a-very-long-entry-name-that-goes-on-and-on', -20.7233, {
        parameters: 219_000_000,
        seconds: 86_400,
        maes: Array(8).fill(123.4),
      }),
      row('short', 1.5),
    ]
    const lines = formatTable([block(rows, { fold: '2' })]).split('\n')
    expect(lines[0]).toContain('couplet-dft, fold 2: 500 molecules, 12000 pairs.')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(140)
    expect(new Set(lines.slice(1).map((line) => line.length)).size).toBe(1)
    expect(lines.join('\n')).not.toContain('\u001B')
    expect(lines[3]).toContain('[1.450, 1.550]')
    expect(lines[3]).toMatch(
      /3\.25 +2\.10 +0\.910 +0\.512 +0\.600 +0\.850 +0\.700 +- +123k +61\.2$/,
    )
  })

  it('ranks every block for itself under its heading, notes beneath', () => {
    const text = formatTable([
      block([row('fresh', 1)]),
      block([row('old', 0.5, { rank: '1-2', note: 'eight hours' })], {
        heading: 'committed, not run now',
        fold: 'tuning',
      }),
    ])
    const second = text.split('\n\n')[1]!
    expect(second).toMatch(/^committed, not run now\ncouplet-dft, tuning set: /)
    expect(second).toMatch(/\n +1-2 {2}old /)
    expect(second).toMatch(/\nold: eight hours$/)
  })

  it('says beneath which charges the entries were given', () => {
    const none = row('a', 1, { charges: 'none' })
    const given = row('b', 2, { charges: 'mulliken' })
    expect(formatTable([block([none])])).toMatch(/\ncharges: none$/)
    expect(formatTable([block([none, given])])).toMatch(
      /\ncharges: mulliken \(b\); none \(the others\)$/,
    )
    expect(formatTable([block([row('a', 1)])])).not.toContain('charges')
  })

  it('says so when the scores are over fewer than eight types', () => {
    expect(formatTable([block([row('failed', null), row('a', 1)])])).toContain(
      'only 7 of the 8 types',
    )
    const maes = [1, 1, 1, 1, 1, 1, 1, 1]
    expect(formatTable([block([row('a', 1, { maes })])])).toContain('over the 8 types')
  })

  it('does not let names command the terminal', () => {
    const text = formatTable([block([row('evil\u001B[2J\nname', 1, { note: 'a\u0007b' })])])
    expect(text).toContain('evil [2J name')
    expect(text).toContain(': a b')
  })
})

describe('formatMarkdownTable', () => {
  it('has one cell per column and escapes what Markdown would obey', () => {
    const text = formatMarkdownTable([block([row('a|b', 1, { note: '<script>' })])])
    const lines = text.split('\n')
    expect(lines[2]!.split('|')).toHaveLength(16)
    expect(lines[3]).toMatch(/^\| ---: \| --- \| ---: /)
    expect(lines[4]).toMatch(/^\| 1 \| a\\\|b \| 1\.000 \| \\\[0\.950, 1\.050\\\] \| 3\.25 /)
    expect(lines.at(-1)).toBe(String.raw`- a\|b: \<script>`)
  })
})

describe('tableBlock', () => {
  it('shows the numbers of the result files', () => {
    const result = exampleResult()
    const text = formatTable([tableBlock([result])])
    expect(text).toContain(`${result.counts.test.pairs} pairs`)
    expect(text).toContain(result.score.toFixed(3))
  })

  it('refuses to rank what was scored on different data', () => {
    const result = exampleResult()
    const others = [
      { ...result, fold: '0' as const },
      { ...result, dataset: { ...result.dataset, sha256: 'cd'.repeat(32) } },
      exampleResult(simulatedErrors(19, 5)),
    ]
    for (const other of others) {
      expect(() => tableBlock([result, other])).toThrow('Rank only results of the same data')
    }
    expect(() => tableBlock([])).toThrow('no result')
  })

  it('says so when an interval is not a 95 % one', () => {
    const result = exampleResult()
    const wide = { ...result, interval: { ...result.interval, level: 0.99 } }
    expect(formatTable([tableBlock([wide])])).toContain('median: the interval holds 99 %')
  })
})

describe('numbers', () => {
  it.each([
    [0, '0.000'],
    [0.0004, '<0.001'],
    [0.0396, '0.040'],
    [0.9999, '1.00'],
    [9.994, '9.99'],
    [9.996, '10.0'],
    [99.96, '100'],
    [null, '-'],
    [Number.NaN, '-'],
  ])('shows %d Hz as %s', (hertz, text) => expect(formatHertz(hertz)).toBe(text))

  it.each([
    [8, '8'],
    [999, '999'],
    [1000, '1.00k'],
    [999_400, '999k'],
    [999_600, '1.00M'],
    [57_000_000, '57.0M'],
  ])('shows %d parameters as %s', (count, text) => expect(formatCount(count)).toBe(text))
})
