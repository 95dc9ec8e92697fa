import { expect, test } from 'vitest'
import { z } from 'zod'
import { EvalError, parseJson } from '../src/index.ts'

const schema = z.strictObject({ hertz: z.number(), types: z.array(z.int()) })
const read = (text: string) => parseJson(text, schema, 'noise.json', 'Take it again.')

test('gives what the schema returns', () => {
  expect(read('{"hertz": 0.5, "types": [1]}')).toEqual({ hertz: 0.5, types: [1] })
})

test('names the file, the first three fields and what is wrong', () => {
  expect(() => read('{"hertz": 0.5, "types": [1')).toThrow(EvalError)
  expect(() => read('{"hertz": 0.5, "types": [1')).toThrow(
    /^\[@couplet\/eval\] noise\.json is not JSON \(.*\)\. Take it again\.$/,
  )
  expect(() => read('{"hertz": "x", "types": [1, 0.5]}')).toThrow(
    /noise\.json: hertz: .*; types\.1: .*\. Take it again\.$/,
  )
  expect(() => read('{"hertz": "x", "types": [0.5, 0.5, 0.5]}')).toThrow(
    /hertz: .*; types\.0: .*; types\.1: .*; and 1 more\. Take it again\.$/,
  )
})
