import { expect, test } from 'vitest'
import { formatReport, type Report } from '../../bench/formatReport.ts'

const row = (label: string, milliseconds: number, isBarred = false) => ({
  label,
  isBarred,
  rounds: [milliseconds],
  milliseconds,
})

const report: Report = {
  date: '2026-01-01',
  processor: 'a processor',
  versions: { node: '22' },
  peers: ['python3: nothing'],
  rounds: 1,
  cases: [
    {
      name: 'case',
      title: 'a case',
      losses: [],
      train: [row('couplet, 2 workers', 100), row('PyTorch 1, 1 thread', 139, true), row('x', 50)],
      forward: [row('couplet, 2 workers', 10), row('PyTorch 1, 1 thread', 12, true), row('x', 5)],
    },
  ],
  memory: { case: 1.3e9 },
}

test('bars are against the barred row alone, and shown whether met or not', () => {
  const text = formatReport(report)
  expect(text).toContain('| PyTorch 1, 1 thread | 139 | 1.39 times | 12.0 | 1.20 times |')
  expect(text).toContain('| x | 50.0 | 0.50 times |')
  expect(text).toMatch(/Bar, training: 1.4 times .* reached 1.39: \*\*NOT MET\*\*/)
  expect(text).toMatch(/Bar, forward: 1.2 times .* reached 1.20: \*\*met\*\*/)
  expect(text).toMatch(/1.30 GB resident at most; bar 1.2 GB: \*\*NOT MET\*\*/)
})

test('without peers there is no bar', () => {
  const [only] = report.cases
  const alone = { ...only!, train: only!.train.slice(0, 1), forward: only!.forward.slice(0, 1) }
  expect(formatReport({ ...report, cases: [alone] })).not.toContain('Bar')
})
