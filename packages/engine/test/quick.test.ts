import * as tf from '@tensorflow/tfjs'
import { test } from 'vitest'
import { expectSameWithGradients, numbers } from './compareWithTfjs.ts'
test('matmul', async () => {
  await expectSameWithGradients((a, b) => tf.matMul(a, b), [numbers([4, 6]), numbers([6, 5], 2)])
})
