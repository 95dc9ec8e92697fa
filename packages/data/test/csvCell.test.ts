import { expect, test } from 'vitest'
import { csvCell } from '../src/index.ts'

test.each([
  ['methane', 'methane'],
  ['', ''],
  ['1,2-ethanediol', '"1,2-ethanediol"'],
  ['5" tube', '"5"" tube"'],
  ['two\nlines', '"two\nlines"'],
  ['a return\r', '"a return\r"'],
])('the cell of %j is %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell)
})
