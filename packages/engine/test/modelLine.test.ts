import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { calledAt, modelLine } from '../src/modelLine.ts'
import { faultyModels, messageOf } from './faultyModels.ts'

const file = fileURLToPath(new URL('faultyModels.ts', import.meta.url))
const lines = (await readFile(file, 'utf8')).split('\n')

/** Where the fault of a model is: line, and column of the call of the op. */
function placeOf(name: string, call: string): string {
  const index = lines.findIndex((line) => line.endsWith(`// fault: ${name}`))
  return `faultyModels.ts:${index + 2}:${lines[index + 1]!.indexOf(call) + 1}`
}

/** Of each model: the kernel and the op to be named, the call whose place is told, and the advice. */
const faults: Record<string, { op: string; at: string; names: RegExp; advice: RegExp }> = {
  convolution: {
    op: 'tf.conv2d',
    at: 'conv2d',
    names: /op Conv2D /,
    advice: /tf\.gather.*tf\.matMul/,
  },
  chained: { op: 'tf.topk', at: 'topk', names: /op TopK /, advice: /tf\.argMax/ },
  helper: {
    op: 'tf.tensorScatterUpdate',
    at: 'tensorScatterUpdate',
    names: /op TensorScatterUpdate /,
    advice: /tf\.scatterND/,
  },
  gradient: { op: 'tf.mirrorPad', at: 'mirrorPad', names: /op MirrorPad /, advice: /tf\.reverse/ },
  random: { op: 'tf.dropout', at: 'dropout', names: /random|dropout/, advice: /context\.dropout/ },
  value: { op: 'dataSync', at: 'dataSync', names: /result of Sum/, advice: /feed them as inputs/ },
  empty: { op: 'tf.slice', at: 'slice', names: /op Slice /, advice: /at least one/ },
  complex: { op: 'tf.complex', at: 'complex', names: /op Complex /, advice: /two real tensors/ },
  segments: {
    op: 'tf.unsortedSegmentSum',
    at: 'unsortedSegmentSum',
    names: /op UnsortedSegmentSum /,
    advice: /Reshape the ids/,
  },
  batchNorm: { op: 'tf.batchNorm', at: 'batchNorm', names: /scale and offset/, advice: /tf\.ones/ },
}

describe('errors name the op, the line of the model, and what to do', () => {
  test('every faulty model is told of', () => {
    expect(Object.keys(faults).toSorted()).toEqual(Object.keys(faultyModels).toSorted())
  })

  test.each(Object.entries(faults))('%s', (name, { op, at, names, advice }) => {
    const message = messageOf(name)
    expect(message).toMatch(/^\[@couplet\/engine\] /)
    expect(message).toContain(op)
    expect(message).toContain(placeOf(name, at))
    expect(message).toMatch(names)
    expect(message).toMatch(advice)
  })

  test('the same under Node alone, which strips the types', async () => {
    const program = `import { messageOf } from ${JSON.stringify(new URL('faultyModels.ts', import.meta.url).href)}
      console.log(messageOf('helper'))`
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      program,
    ])
    expect(stdout).toContain(`tf.tensorScatterUpdate at `)
    expect(stdout).toContain(placeOf('helper', 'tensorScatterUpdate'))
  })
})

describe('the line of the model in a stack', () => {
  const stack = (...frames: string[]) =>
    ['Error: no', ...frames.map((f) => `    at ${f}`)].join('\n')
  const tfjs = '(/a/node_modules/@tensorflow/tfjs/dist/tf.node.js:1:2)'

  test('the innermost frame outside of tfjs and the engine; the outermost op', () => {
    const text = stack(
      'Object.assert (/a/node_modules/@tensorflow/tfjs-core/dist/tf.node.js:9:9)',
      `tile__op ${tfjs}`,
      `Module.where__op ${tfjs}`,
      'file:///a/my%20model.ts:12:34',
      'outer (file:///a/other.ts:1:1)',
    )
    expect(modelLine(text)).toEqual({ op: 'where', place: '/a/my model.ts:12:34' })
  })

  test('paths of Windows', () => {
    const text = stack(
      'add__op (C:\\a\\node_modules\\@tensorflow\\tfjs\\dist\\tf.node.js:1:2)',
      'forward (file:///C:/models/network.ts:3:4)',
    )
    expect(calledAt(text)).toBe('tf.add at C:/models/network.ts:3:4')
  })

  test('without code of a model', () => {
    expect(modelLine(stack(`add__op ${tfjs}`, 'node:internal/process:1:1'))).toEqual({
      op: 'add',
      place: undefined,
    })
    expect(calledAt('')).toBe('')
  })
})
