import { expect, test } from 'vitest'
import { linearSpec, untrainedSpec } from '../src/index.ts'

test('every parameter stays what it is, and is not trained', () => {
  const spec = linearSpec('in', 3, 2)
  expect(untrainedSpec(spec)).toEqual({
    'in/kernel': { shape: [3, 2], initialiser: { kind: 'glorot' }, trainable: false },
    'in/bias': { shape: [2], initialiser: { kind: 'constant', value: 0 }, trainable: false },
  })
  expect(spec['in/kernel']).not.toHaveProperty('trainable')
})
