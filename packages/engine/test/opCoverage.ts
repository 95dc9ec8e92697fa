import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import type { Tensors } from '../src/arrays.ts'
import { compileGraph } from '../src/compileGraph.ts'
import { declare } from './compareWithTfjs.ts'
import { exactCases } from './exactCases.ts'
import { opCases } from './opCases.ts'

/** Names of kernels and of documented ops. */
interface Names {
  readonly kernels: Set<string>
  readonly ops: Set<string>
}

/** What the cases that are compared with tfjs-cpu ask tfjs for: with gradients, and the value alone. */
export function coverage(): { readonly gradient: Names; readonly value: Names } {
  const gradient: Names = { kernels: new Set(), ops: new Set() }
  const value: Names = { kernels: new Set(), ops: new Set() }
  for (const { f, operands } of Object.values(opCases)) {
    const arrays = Object.fromEntries(operands.map((array, i) => [`x${i}`, array]))
    record(gradient, () =>
      compileGraph(declare(arrays), (tensors) => ({ y: f(...Object.values(tensors)) })),
    )
  }
  for (const { build, arrays } of Object.values(exactCases))
    record(value, () => compileGraph(declare(arrays), (tensors: Tensors) => build(tensors)))
  return { gradient, value }
}

interface Engine {
  runKernel?: (kernel: string, ...rest: unknown[]) => unknown
  startScope?: (name?: string) => unknown
}

/** Notes every kernel and every op that `body` runs. */
function record({ kernels, ops }: Names, body: () => void): void {
  const engine = tf.engine() as unknown as Engine
  const { runKernel, startScope } = engine
  engine.runKernel = (kernel, ...rest) => {
    kernels.add(kernel)
    return runKernel!.call(engine, kernel, ...rest)
  }
  engine.startScope = (name) => {
    if (name?.endsWith('__op')) ops.add(name.slice(0, -'__op'.length))
    return startScope!.call(engine, name)
  }
  try {
    body()
  } finally {
    // Shows the methods of the class again.
    delete engine.runKernel
    delete engine.startScope
  }
}

/** Names of all kernels of tfjs; it exports one constant for each. */
export function allKernels(): string[] {
  const constants = Object.entries(tf as unknown as Record<string, unknown>)
  const names = constants.flatMap(([name, value]) => (name === value ? [name] : []))
  // Named otherwise, and what tfjs-cpu has.
  const registered = tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName)
  return [...new Set([...names, ...registered])].toSorted()
}

/** An op that the documentation of tfjs lists. */
export interface DocumentedOp {
  /** As one writes it, without `tf.`: `matMul`, `losses.huberLoss`. */
  readonly name: string
  /** The section of the documentation, for example `Arithmetic`. */
  readonly section: string
}

const sections =
  /@doc\s*\{\s*heading:\s*'(Operations|Tensors|Training)',\s*\*?\s*subheading:\s*'([\w -]+)'(?:,\s*\*?\s*namespace:\s*'(\w+)')?[^]*?function (\w+?)_?[<(]/g

/** All documented ops, read from the declarations of the installed tfjs. */
export function documentedOps(): DocumentedOp[] {
  const tfjs = createRequire(import.meta.url).resolve('@tensorflow/tfjs/package.json')
  const core = createRequire(tfjs).resolve('@tensorflow/tfjs-core/package.json')
  const folder = join(dirname(core), 'dist', 'ops')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const ops = files
    .filter((file) => file.endsWith('.d.ts') && !file.endsWith('_test.d.ts'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(sections)])
    .map(([, , section, namespace, name]) => ({
      name: namespace === undefined ? name! : `${namespace}.${name!}`,
      section: section!,
    }))
  const known = new Map(ops.map((op) => [op.name, op]))
  return [...known.values()].toSorted(
    (a, b) => a.section.localeCompare(b.section) || a.name.localeCompare(b.name),
  )
}
