import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { mendGradients } from '../src/mendGradients.ts'
import { expectClose, integers, numbers } from './compareWithTfjs.ts'
import type { HostArray } from '../src/arrays.ts'
import { opCases } from './opCases.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
  mendGradients()
})

/** The definition: one loop over every label, adding the product of the operands to the result. */
function bruteForce(equation: string, operands: readonly HostArray[]): HostArray {
  const [left, result] = equation.split('->') as [string, string]
  const terms = left.split(',')
  const lengths = new Map<string, number>()
  for (const [i, term] of terms.entries())
    for (const [axis, label] of Array.from(term).entries())
      lengths.set(label, operands[i]!.shape[axis]!)
  const labels = [...lengths.keys()]
  const shape = Array.from(result).map((label) => lengths.get(label)!)
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
  const place = (term: string, at: ReadonlyMap<string, number>) =>
    Array.from(term).reduce((sum, label) => sum * lengths.get(label)! + at.get(label)!, 0)
  const visit = (depth: number, at: Map<string, number>): void => {
    if (depth === labels.length) {
      const factors = terms.map((term, i) => operands[i]!.data[place(term, at)]!)
      const target = place(result, at)
      data[target] = data[target]! + factors.reduce((a, b) => a * b, 1)
      return
    }
    const label = labels[depth]!
    for (let i = 0; i < lengths.get(label)!; i++) visit(depth + 1, at.set(label, i))
  }
  visit(0, new Map())
  return { shape, data }
}

const equations = Object.entries(opCases).filter(([name]) => name.startsWith('einsum '))

test.each(equations.filter(([name]) => name.includes('->')))('%s', (name, { f, operands }) => {
  const output = tf.tidy(() => f(...operands.map(({ data, shape }) => tf.tensor(data, [...shape]))))
  const expected = bruteForce(name.replace('einsum ', ''), operands)
  expectClose(
    { y: { shape: output.shape, data: output.dataSync() as Float32Array } },
    { y: expected },
  )
  output.dispose()
})

test('integers stay exact', () => {
  const a = integers([2, 3], [16777217, 2, 3, 4, 5, 6])
  const output = tf.tidy(() =>
    tf.einsum('ij,j->i', tf.tensor(a.data, [2, 3], 'int32'), tf.tensor1d([1, 0, 0], 'int32')),
  )
  expect(output.dtype).toBe('int32')
  expect([...output.dataSync()]).toEqual([16777217, 4])
  output.dispose()
})

test('mistakes are those of tfjs', () => {
  const x = tf.tensor(numbers([2, 3]).data, [2, 3])
  expect(() => tf.einsum('ij,jk', x, x)).toThrow(/arrow/)
  expect(() => tf.einsum('ii->i', x)).toThrow(/duplicate/)
  expect(() => tf.einsum('ij,jk->ik', x, x)).toThrow(/Expected dimension 3/)
  x.dispose()
})
