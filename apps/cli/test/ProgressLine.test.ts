import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { duration, ProgressLine } from '../src/ProgressLine.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function streamInto(lines: string[]): NodeJS.WriteStream {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  }) as unknown as NodeJS.WriteStream
}

test('moves at least every two seconds while nothing is reported', () => {
  const lines: string[] = []
  const line = new ProgressLine('work', streamInto(lines))
  for (let second = 0; second < 10; second += 2) {
    const before = lines.length
    vi.advanceTimersByTime(2000)
    expect(lines.length).toBeGreaterThan(before)
  }
  line.end('done')
  expect(lines.at(-1)).toBe('work  done\n')
  const after = lines.length
  vi.advanceTimersByTime(5000)
  expect(lines).toHaveLength(after)
})

test('shows no share before one is known', () => {
  const lines: string[] = []
  const line = new ProgressLine('work', streamInto(lines))
  vi.advanceTimersByTime(1600)
  line.end('done')
  expect(lines.at(-2)).toMatch(/^work [|/\\-] 2 s\n$/)
})

test('shows the share done and the time left', () => {
  const lines: string[] = []
  const line = new ProgressLine('work', streamInto(lines))
  vi.advanceTimersByTime(1000)
  line.update(0.25, 'step 1')
  vi.advanceTimersByTime(3000)
  line.end('done')
  expect(lines.at(-2)).toMatch(/\[#####\.{15}\] +25 % {2}3 s, 9 s left {2}step 1\n/)
})

test.each([
  [0.4, '0 s'],
  [59.4, '59 s'],
  [125, '2 min 05 s'],
  [4200, '1 h 10 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})

test('what an earlier session did does not count for the time left', () => {
  const lines: string[] = []
  const line = new ProgressLine('work', streamInto(lines))
  line.goOn(0.5, 'goes on from step 5 of 10')
  vi.advanceTimersByTime(1600)
  expect(lines.at(-1)).toMatch(/50 % {2}2 s {2}goes on from step 5 of 10\n/)
  line.update(0.75, 'step 7')
  vi.advanceTimersByTime(1400)
  line.end('done')
  expect(lines.at(-2)).toMatch(/75 % {2}3 s, 3 s left {2}step 7\n/)
})
