import { readFile, writeFile } from 'node:fs/promises'
import * as tf from '@tensorflow/tfjs'
import type { Tensor } from '@tensorflow/tfjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { compileGraph } from '../src/compileGraph.ts'
import { compositeKernels } from '../src/compositeKernels.ts'
import { EngineError } from '../src/EngineError.ts'
import { traceKernels } from '../src/traceKernels.ts'
import { adviceFor, unsupportedKernels } from '../src/unsupportedKernels.ts'
import { allKernels, coverage, documentedOps } from './opCoverage.ts'
import { otherOps, refusedOps } from './refusedOps.ts'

const recorded = [...Object.keys(traceKernels), ...Object.keys(compositeKernels)]
let covered: ReturnType<typeof coverage>

beforeAll(async () => {
  await tf.setBackend('cpu')
  covered = coverage()
})

const matrix = { name: 'x', shape: [2, 3], dtype: 'float32' } as const
function compile(build: (x: Tensor) => Tensor): void {
  compileGraph([matrix], ({ x }) => ({ y: build(x!) }))
}

describe('every kernel of the installed tfjs', () => {
  test('is either recorded or refused', () => {
    const refused = Object.keys(unsupportedKernels)
    expect([...recorded, ...refused].toSorted()).toEqual(allKernels())
  })

  test('that is recorded is compared with tfjs-cpu', () => {
    const { gradient, value } = covered
    const compared = new Set([...gradient.kernels, ...value.kernels])
    expect(recorded.filter((kernel) => !compared.has(kernel))).toEqual([])
  })

  test('that is recorded and has a gradient is compared with its gradient', () => {
    const differentiable = recorded.filter((kernel) => tf.getGradient(kernel))
    expect(differentiable.length).toBeGreaterThan(80)
    expect(differentiable.filter((kernel) => !covered.gradient.kernels.has(kernel))).toEqual([])
  })

  test('that takes floats and is recorded has a gradient', () => {
    const sources = ['Fill', 'LinSpace', 'Range']
    // tf.fused.matMul differentiates by itself.
    const without = recorded.filter((kernel) => !tf.getGradient(kernel))
    expect(without.toSorted()).toEqual([...sources, '_FusedMatMul'].toSorted())
  })

  test.each(Object.keys(unsupportedKernels))('that is refused says so: %s', (kernel) => {
    const build = () => compile(() => tf.engine().runKernel(kernel, {}))
    expect(build).toThrow(EngineError)
    expect(build).toThrow(`the op ${kernel} cannot be compiled. ${adviceFor(kernel)}`)
  })
})

describe('every op that tfjs documents', () => {
  const isCompared = (name: string) => {
    const op = name.split('.').at(-1)!
    return covered.gradient.ops.has(op) || covered.value.ops.has(op)
  }

  test('is compared with tfjs-cpu, refused, or told apart', () => {
    const ops = documentedOps().map(({ name }) => name)
    expect(ops.length).toBeGreaterThan(200)
    const apart = (name: string) => name in refusedOps || name in otherOps
    expect(ops.filter((name) => !isCompared(name) && !apart(name))).toEqual([])
    expect(ops.filter((name) => isCompared(name) && apart(name))).toEqual([])
  })

  test('and is refused names a kernel that is', () => {
    const kernels = Object.values(refusedOps)
    expect(kernels.filter((kernel) => !(kernel in unsupportedKernels))).toEqual([])
  })
})

/** The table of the package's documentation. */
function opsTable(): string {
  const rows = documentedOps().map(({ name, section }) => {
    const op = name.split('.').at(-1)!
    const kernel = refusedOps[name]
    const state = covered.gradient.ops.has(op)
      ? ['yes', 'yes', '']
      : covered.value.ops.has(op)
        ? ['yes', '-', '']
        : kernel === undefined
          ? ['-', '-', otherOps[name]!]
          : ['no', 'no', adviceFor(kernel)]
    return `| ${section} | \`${name}\` | ${state.join(' | ')} |`.replaceAll('|  |', '| |')
  })
  const refused = Object.entries(unsupportedKernels).map(
    ([kernel, advice]) => `| \`${kernel}\` | ${advice} |`,
  )
  return [
    '# Ops that compile',
    '',
    '<!-- Written by test/opCoverage.test.ts with COUPLET_WRITE_OPS=1; the same test fails where it is stale. -->',
    '',
    'Every op that TensorFlow.js 4.22 documents. "Compiles": the compiled value is compared with that of tfjs-cpu. "Gradient": so are the gradients,',
    'and tfjs-cpu with difference quotients. An op that does not compile fails with an error that names it, the line of the network, and the way',
    'written here.',
    '',
    '| section | op | compiles | gradient | otherwise |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '## Where compiled values differ from those of tfjs-cpu',
    '',
    '- `max` and `min` along an axis may overlook a NaN beside numbers (`maximum` and `minimum` do not); `step` of NaN is 0.',
    '- NaN, infinities and numbers out of range have no defined value as int32 (`cast`, `floorDiv`, functions of integers such as `asin`).',
    '- `atan2` of two infinities is NaN, and takes a negative zero for zero. Numbers below 1e-38 may become 0.',
    '- Sums of booleans, and products of integer matrices, are refused; `tf.cast` first.',
    '- The gradient of `losses.softmaxCrossEntropy` by the labels is as wrong as that of TensorFlow.js; that by the logits is right.',
    '',
    '## Kernels that are refused',
    '',
    'Ops consist of kernels. These are all that cannot be compiled.',
    '',
    '| kernel | instead |',
    '| --- | --- |',
    ...refused,
    '',
  ].join('\n')
}

test('OPS.md says what holds', async () => {
  const file = new URL('../OPS.md', import.meta.url)
  if (process.env['COUPLET_WRITE_OPS'] === '1') await writeFile(file, opsTable())
  // The formatter pads the columns.
  const plain = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---')
  expect(plain(await readFile(file, 'utf8'))).toBe(plain(opsTable()))
})
