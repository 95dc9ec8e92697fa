import { expect, test } from 'vitest'
import { frameMap } from '../../src/index.ts'

const points = [
  { x: 0, y: 0 },
  { x: 10, y: 4 },
  { x: 10.1, y: 4.1 },
]

test('both axes have one scale, and hold all points with room around', () => {
  const { x, y } = frameMap(points, 0.03)
  expect(x[1] - x[0]).toBeCloseTo(y[1] - y[0])
  expect([x[0] < 0, x[1] > 10.1, y[0] < 0, y[1] > 4.1]).toEqual([true, true, true, true])
})

test('points that are near each other share a label', () => {
  expect(frameMap(points, 0.03).labels.map(({ text }) => text)).toEqual(['1', '2, 3'])
  expect(frameMap(points, 0.03).labels[1]!.x).toBe(10.1)
  expect(frameMap(points, 0.001).labels.map(({ text }) => text)).toEqual(['1', '2', '3'])
})
