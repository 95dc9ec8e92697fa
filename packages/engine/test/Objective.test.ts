import { expect, test } from 'vitest'
import { EngineError } from '../src/EngineError.ts'
import {
  checkObjective,
  objectiveCotangent,
  objectiveValue,
  type Objective,
} from '../src/Objective.ts'

const totals = [3, 0.5, 20]
const sum: Objective = { kind: 'sum', weights: [0.5, 2, -1] }
const log: Objective = { kind: 'log', weights: [0.25, 1, 0.5], floors: [0, 0.1, 1e-9] }

test('values', () => {
  expect(objectiveValue(sum, totals)).toBeCloseTo(0.5 * 3 + 2 * 0.5 - 20, 12)
  expect(objectiveValue(log, totals)).toBeCloseTo(
    0.25 * Math.log(3) + Math.log(0.6) + 0.5 * Math.log(20),
    8,
  )
})

test.each([
  ['sum', sum],
  ['log', log],
])('the cotangent of %s equals finite differences', (_, objective) => {
  const cotangent = objectiveCotangent(objective, totals)
  const width = 1e-5
  for (let k = 0; k < totals.length; k++) {
    const shifted = (by: number) => totals.map((total, other) => (other === k ? total + by : total))
    const slope =
      (objectiveValue(objective, shifted(width)) - objectiveValue(objective, shifted(-width))) /
      (2 * width)
    expect(cotangent[k]).toBeCloseTo(slope, 5)
  }
})

test('entries of weight zero take no part, even where their logarithm is infinite', () => {
  const objective: Objective = { kind: 'log', weights: [1, 0], floors: [0, 0] }
  expect(objectiveValue(objective, [Math.E, 0])).toBeCloseTo(1, 12)
  expect([...objectiveCotangent(objective, [2, 0])]).toEqual([0.5, 0])
  expect(objectiveValue({ kind: 'sum', weights: [1, 0] }, [2, NaN])).toBe(2)
})

test('an objective must have a weight, and a floor, for every statistic', () => {
  expect(() => checkObjective(sum, 3)).not.toThrow()
  expect(() => checkObjective(sum, 2)).toThrow(EngineError)
  expect(() => checkObjective(sum, 2)).toThrow(/has 3 weights but the network computes 2/)
  expect(() => checkObjective({ ...log, floors: [0] }, 3)).toThrow(/has 1 floors/)
})
