import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { holdsCompetitionRows, isData } from '../competitionRows.ts'
import { countTests } from '../runTests.ts'
import { countsOf, formatTotal } from '../Step.ts'

describe('the total', () => {
  test('adds tests to steps', () => {
    const tests = { passed: 7, failed: 0, skipped: 2 }
    expect(formatTotal([{ status: 'passed' }, { status: 'passed', tests }])).toBe(
      '8 passed, 0 failed, 2 skipped',
    )
    expect(formatTotal([{ status: 'passed' }, { status: 'failed' }])).toBe('1 passed, 1 failed')
  })

  test('counts a failure also where no single test failed', () => {
    const tests = { passed: 7, failed: 0, skipped: 2 }
    expect(countsOf({ status: 'failed', tests })).toEqual({ passed: 7, failed: 1, skipped: 2 })
  })

  test('counts a test file that could not be loaded', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [
        { status: 'failed', assertionResults: [{}, {}] },
        { status: 'failed', assertionResults: [] },
      ],
    }
    expect(countTests(report)).toEqual({ passed: 3, failed: 2, skipped: 3 })
  })
})

describe('rows of the competition', () => {
  const row = Buffer.from('0,dsgdb9nsd_000000,1,0,1JHC,1.0\n')

  test('are found in plain, compressed and binary files', () => {
    expect(holdsCompetitionRows(row)).toBe(true)
    expect(holdsCompetitionRows(gzipSync(row))).toBe(true)
    expect(holdsCompetitionRows(Buffer.concat([Buffer.from([0, 255, 128]), row]))).toBe(true)
    expect(holdsCompetitionRows(Buffer.from('0,couplet_000017,1,0,1JHC,1.0\n'))).toBe(false)
  })

  test('are looked for in data, not in code and prose', () => {
    expect(['a/train.csv', 'a/golden.json', 'a/NOTES', 'a/x.safetensors'].every(isData)).toBe(true)
    expect(isData('packages/data/test/folds.test.ts')).toBe(false)
  })
})
