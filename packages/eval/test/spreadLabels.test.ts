import { expect, test } from 'vitest'
import { spreadLabels } from '../src/index.ts'

test('labels that are far apart stay where they are', () => {
  expect(spreadLabels([0, 2, 5], 1)).toEqual([0, 2, 5])
  expect(spreadLabels([], 1)).toEqual([])
})

test('labels that are close are moved apart, and the last one stays', () => {
  expect(spreadLabels([0, 0.1, 5], 1)).toEqual([0, 1, 5])
  expect(spreadLabels([0, 4.5, 5], 1)).toEqual([0, 4, 5])
  expect(spreadLabels([5, 5, 5], 1)).toEqual([3, 4, 5])
})
