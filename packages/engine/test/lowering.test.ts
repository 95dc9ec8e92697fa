import { describe, test } from 'vitest'
import { expectSameWithGradients } from './compareWithTfjs.ts'
import { opCases } from './opCases.ts'

describe('value and gradients equal those of tfjs-cpu', () => {
  test.each(Object.entries(opCases))('%s', async (_, { f, operands }) => {
    await expectSameWithGradients(f, operands)
  })
})
