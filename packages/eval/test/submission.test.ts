import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkSubmission, formatSubmission } from '../src/index.ts'
import { checkSubmissionFile, writeSubmission } from '../src/node.ts'
import { SubmissionChecker } from '../src/SubmissionChecker.ts'

const folder = mkdtempSync(join(tmpdir(), 'couplet-eval-'))
afterAll(() => rmSync(folder, { recursive: true }))
const HEADER = 'id,scalar_coupling_constant\n'

describe('formatSubmission', () => {
  it('writes header, ids and 6 decimals', () => {
    expect(formatSubmission([7, 4_658_147], Float64Array.of(91.25, -1 / 3))).toBe(
      `${HEADER}7,91.25\n4658147,-0.333333\n`,
    )
  })

  it.each([
    ['lengths', [1, 2], [1], '1 couplings for 2 ids'],
    ['a repeated id', [1, 1], [1, 2], 'Row 1: the id 1 occurs twice'],
    ['half an id', [0.5], [1], 'Row 0: the id is 0.5'],
    ['NaN', [3], [Number.NaN], 'Row 0 (id 3): the coupling is NaN'],
    ['infinity', [3], [-Infinity], 'Row 0 (id 3): the coupling is -Infinity'],
  ])('refuses %s', (_, ids, couplings, message) => {
    expect(() => formatSubmission(ids, couplings)).toThrow(message)
  })
})

describe('checkSubmission', () => {
  it('returns the couplings in the order of the expected ids', () => {
    const couplings = Float64Array.of(1.5, -2.25, 1e-6)
    const text = formatSubmission([5, 3, 9], couplings)
    expect([...checkSubmission(text, [3, 5, 9])]).toEqual([-2.25, 1.5, 1e-6])
  })

  it('takes what spreadsheet programs add: byte order mark, carriage returns, no last line end', () => {
    const text = '\uFEFFid,scalar_coupling_constant\r\n1,2\r\n2,-3.5E-01'
    expect([...checkSubmission(text, [1, 2])]).toEqual([2, -0.35])
  })

  it('reads pieces cut anywhere', () => {
    const text = formatSubmission([1, 2, 3], [84.8, -3.25, 0.5])
    for (let size = 1; size <= 7; size++) {
      const checker = new SubmissionChecker([1, 2, 3], 'file')
      for (let start = 0; start < text.length; start += size) {
        checker.push(text.slice(start, start + size))
      }
      expect([...checker.finish()]).toEqual([84.8, -3.25, 0.5])
    }
  })

  it.each([
    ['an empty file', '', 'line 1: the file is empty'],
    ['another header', 'Id,scalar_coupling_constant\n1,2\n2,3\n', 'line 1: the header is'],
    ['no header', '1,2\n2,3\n', 'line 1: the header is "1,2"'],
    ['a missing id', `${HEADER}1,2\n`, 'ends after line 2 without id 2.'],
    ['missing ids', HEADER, 'ends after line 1 without id 1 and 1 more'],
    ['a repeated id', `${HEADER}1,2\n2,3\n1,2\n`, 'line 4: id 1 occurs a second time'],
    ['a strange id', `${HEADER}1,2\n2,3\n7,2\n`, 'line 4: id 7 is not in the test set'],
    ['no number', `${HEADER}1,2\n2,\n`, 'line 3: "2," is not'],
    ['a third column', `${HEADER}1,2,3\n2,3\n`, 'line 2: "1,2,3" is not'],
    ['NaN', `${HEADER}1,NaN\n2,3\n`, 'line 2: "1,NaN" is not'],
    ['infinity', `${HEADER}1,2\n2,1e999\n`, 'line 3: the coupling of id 2 is too large'],
    ['a hexadecimal number', `${HEADER}1,0x10\n2,3\n`, 'line 2: "1,0x10" is not'],
    ['a blank line', `${HEADER}1,2\n\n2,3\n`, 'line 3: "" is not'],
    ['a control character', `${HEADER}1,2\u001B[31m\n`, String.raw`line 2: "1,2\u001b[31m" is not`],
    ['an endless line', `${HEADER}1,2\n2,${'1'.repeat(300)}`, 'line 3: the line is longer'],
  ])('refuses %s', (_, text, message) => {
    expect(() => checkSubmission(text, [1, 2])).toThrow(message)
  })

  it('refuses a list of ids that cannot be met', () => {
    expect(() => checkSubmission(HEADER, [1, 1])).toThrow('holds an id twice')
  })
})

describe('submission files', () => {
  it('come back whole over many pieces', async () => {
    const ids = Uint32Array.from({ length: 200_000 }, (_, row) => 4_658_147 + row)
    const couplings = Float64Array.from(ids, (id) => (((id * 7919) % 200_000) - 50_000) / 1000)
    const path = join(folder, 'new', 'submission.csv')
    await writeSubmission(path, ids, couplings)
    expect(checkSubmissionFile(path, ids)).toEqual(couplings)
    expect(readFileSync(path, 'utf8')).toBe(formatSubmission(ids, couplings))
  })

  it('name file and line, and leave nothing behind when refused', async () => {
    const path = join(folder, 'bad.csv')
    writeFileSync(path, `${HEADER}1,x\n`)
    expect(() => checkSubmissionFile(path, [1])).toThrow(`${path} line 2: "1,x"`)
    expect(() => checkSubmissionFile(join(folder, 'none.csv'), [1])).toThrow('cannot be read')
    await expect(writeSubmission(path, [1], [Number.NaN])).rejects.toThrow('coupling is NaN')
    expect(readFileSync(path, 'utf8')).toBe(`${HEADER}1,x\n`)
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})
