import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from './runTool.ts'
import type { Counts, Outcome } from './Step.ts'

/** The parts of vitest's JSON report that are counted. */
export interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly unknown[]
  }[]
}

/**
 * Runs tests live, and counts them from the JSON report.
 * @param options of vitest: which tests; all those of the workspace by default.
 */
export async function runTests(options = ''): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'couplet-verify-'))
  try {
    const report = join(folder, 'tests.json')
    const outcome = await runTool(
      `vitest run --reporter=default --reporter=json --outputFile.json=${report} ${options}`.trim(),
      { live: true },
    )
    const text = await readFile(report, 'utf8').catch(() => undefined)
    if (text === undefined) return { ...outcome, status: 'failed', note: 'vitest left no report' }
    const tests = countTests(JSON.parse(text) as TestReport)
    if (tests.passed + tests.failed === 0) return { status: 'failed', note: 'no test ran' }
    const note = `${tests.passed} tests passed, ${tests.failed} failed, ${tests.skipped} skipped`
    return { status: tests.failed > 0 ? 'failed' : outcome.status, note, tests }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Tests by outcome. A file that could not be loaded holds no tests and counts as one that failed. */
export function countTests(report: TestReport): Counts {
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
