import type { Tensors, HostArrays } from '../arrays.ts'
import type { Context } from '../Context.ts'
import { lowerFunction, type GraphInput } from '../compileGraph.ts'
import { EngineError } from '../EngineError.ts'
import { writeOnnx, type OnnxDescription, type OnnxGraph, type OnnxPort } from '../onnxModel.ts'
import { makeContext } from '../networkGraph.ts'
import { generaliseGraph, type Generalised, type GraphSample } from './generaliseGraph.ts'
import type { AxisLengths } from './lengthExpression.ts'

/** A function with weights that is to become a file for other programs. */
export interface ExportSource {
  /** Axes of the inputs, each with the length that it has in the file if it cannot be free. */
  readonly axes: AxisLengths
  /** Shorter lengths are not tried while compiling; 1 by default. */
  readonly least?: AxisLengths
  /** Axes that are to have their length of `axes`; the others are free if possible. */
  readonly fixed?: readonly string[]
  /** Learnt arrays, which become part of the file as `weights/NAME`. */
  readonly weights: HostArrays
  /** The inputs, at some lengths of the axes. */
  inputs(lengths: AxisLengths): readonly GraphInput[]
  /** What the file computes, in plain tf ops: named outputs. */
  build(inputs: Tensors, weights: Tensors, context: Context): Tensors
}

/** An input or output of an exported graph. */
export interface ExportedPort {
  readonly name: string
  readonly dtype: 'float32' | 'int32'
  /** Length of each axis: a number, the name of a free axis, or an expression of such names. */
  readonly shape: readonly (number | string)[]
}

/** A graph with its weights, ready to be written. */
export interface ExportedGraph {
  /** What to feed: inputs that nothing needs are left out. */
  readonly inputs: readonly ExportedPort[]
  readonly outputs: readonly ExportedPort[]
  /** Axes that may have any length from 1. */
  readonly free: readonly string[]
  /** The other axes: their length, and why it cannot be another. */
  readonly fixed: Readonly<Record<string, { readonly length: number; readonly reason: string }>>
  /**
   * The ONNX file: operators of set 20 of the standard alone, right on any number of threads.
   * @param description what the file says about itself.
   * @param documentation what inputs and outputs hold, by name.
   */
  toOnnx(description: OnnxDescription, documentation?: Readonly<Record<string, string>>): Uint8Array
}

/** Prefix of the weights' names, so that they cannot clash with inputs. */
const WEIGHT = 'weights/'
/** Lengths while compiling begin here: above the lengths at which graphs are written in another way, below those that cost memory. */
const SHORTEST = 61

/**
 * Turns a function into one ONNX graph with its weights, for batches of any size. Graphs are compiled for fixed shapes; this one is the common form of
 * several, at lengths that are unlikely to stand for anything else (see `generaliseGraph`). An axis on which that is not possible stays fixed.
 *
 * @throws EngineError if the function cannot be compiled.
 */
export function exportGraph(source: ExportSource): ExportedGraph {
  const { axes, fixed: wanted = [] } = source
  const fixed: Record<string, { length: number; reason: string }> = {}
  for (const axis of wanted) fixed[axis] = { length: axes[axis]!, reason: 'as asked' }
  for (;;) {
    const free = Object.keys(axes).filter((axis) => !(axis in fixed))
    const result = attempt(source, free)
    if ('graph' in result) {
      const graph = withWeights(result.graph, source.weights)
      return describe(graph, free, fixed)
    }
    for (const [axis, reason] of Object.entries(result.blocked))
      fixed[axis] = { length: axes[axis]!, reason }
  }
}

/** Compiles at enough lengths of the free axes to tell what each number of the graph follows from. */
function attempt(source: ExportSource, free: readonly string[]): Generalised {
  const samples = sampleLengths(source, free)
  const given: GraphSample[] = []
  for (const [index, lengths] of samples.entries()) {
    try {
      given.push(lower(source, lengths))
    } catch (error) {
      // What fails at the lengths of the file itself is not about lengths.
      if (free.length === 0) throw error
      const changed = free.filter((axis) => index === 0 || lengths[axis] !== samples[0]![axis])
      const reason = `other lengths fail (${(error as Error).message})`
      return { blocked: Object.fromEntries(changed.map((axis) => [axis, reason])) }
    }
  }
  return generaliseGraph(given)
}

/**
 * A first sample, one for each free axis that differs in it alone, and one that differs in all of them. Lengths are primes, none twice. The order of
 * the axes by length is that of `axes` and the same in all samples, because a graph may depend on which of two lengths is larger.
 */
function sampleLengths(
  { axes, least = {}, weights }: ExportSource,
  free: readonly string[],
): AxisLengths[] {
  const fixed = Object.keys(axes).flatMap((axis) => (free.includes(axis) ? [] : [axes[axis]!]))
  const taken = new Set([...Object.values(weights).flatMap(({ shape }) => shape), ...fixed])
  const drawn: Record<string, readonly number[]> = {}
  let longest = SHORTEST
  for (const axis of free.toSorted((a, b) => axes[a]! - axes[b]!)) {
    drawn[axis] = threePrimes(Math.max(longest, least[axis] ?? 1), taken, fixed)
    longest = drawn[axis].at(-1)! + 1
  }
  const draw = (which: number): AxisLengths =>
    Object.fromEntries(
      Object.entries(axes).map(([axis, length]) => [axis, drawn[axis]?.[which] ?? length]),
    )
  const base = draw(0)
  if (free.length === 0) return [base]
  return [base, ...free.map((axis) => ({ ...base, [axis]: drawn[axis]![1]! })), draw(2)]
}

/** The first three primes from `least` on that are not taken and have no fixed length between them. */
function threePrimes(
  least: number,
  taken: ReadonlySet<number>,
  fixed: readonly number[],
): readonly number[] {
  const primes: number[] = []
  for (let length = least; primes.length < 3; length++)
    if (isPrime(length) && !taken.has(length)) primes.push(length)
  const between = fixed.find((length) => length > primes[0]! && length < primes[2]!)
  return between === undefined ? primes : threePrimes(between, taken, fixed)
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor++)
    if (value % divisor === 0) return false
  return true
}

function lower(source: ExportSource, lengths: AxisLengths): GraphSample {
  const { weights } = source
  const offered = source.inputs(lengths)
  const learnt = Object.entries(weights).map(([name, { shape }]): GraphInput => ({
    name: WEIGHT + name,
    shape,
    dtype: 'float32',
  }))
  const { graph } = lowerFunction(
    [...learnt, ...offered],
    (tensors) => {
      const own = Object.fromEntries(
        Object.keys(weights).map((name) => [name, tensors[WEIGHT + name]!]),
      )
      return source.build(tensors, own, makeContext(false, refuseRandom))
    },
    { scatter: 'elements', portable: true },
  )
  return { lengths, graph, offered }
}

/** Outside training a context asks for no random numbers. */
function refuseRandom(): never {
  throw new EngineError('a graph without training asked for random numbers.')
}

/** The graph with its weights as constants instead of inputs. */
function withWeights(graph: OnnxGraph, weights: HostArrays): OnnxGraph {
  const isWeight = ({ name }: OnnxPort): boolean => name.startsWith(WEIGHT)
  const learnt = graph.inputs.filter(isWeight).map(({ name, dtype, shape }) => {
    const { data } = weights[name.slice(WEIGHT.length)]!
    return {
      name,
      dtype,
      shape,
      bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    }
  })
  return {
    ...graph,
    constants: [...graph.constants, ...learnt],
    inputs: graph.inputs.filter((port) => !isWeight(port)),
  }
}

function describe(
  graph: OnnxGraph,
  free: readonly string[],
  fixed: ExportedGraph['fixed'],
): ExportedGraph {
  const ports = (list: readonly OnnxPort[]): ExportedPort[] =>
    list.map(({ name, dtype, shape, freeAxes = {} }) => ({
      name,
      dtype: dtype as ExportedPort['dtype'],
      shape: shape.map((length, axis) => freeAxes[axis] ?? length),
    }))
  const inputs = ports(graph.inputs)
  const used = new Set(inputs.flatMap(({ shape }) => shape))
  return {
    inputs,
    outputs: ports(graph.outputs),
    free: free.filter((axis) => used.has(axis)),
    fixed,
    toOnnx(description, documentation = {}) {
      const documented = (list: readonly OnnxPort[]): OnnxPort[] =>
        list.map((port) => {
          const text = documentation[port.name]
          return text === undefined ? port : { ...port, documentation: text }
        })
      return writeOnnx(
        { ...graph, inputs: documented(graph.inputs), outputs: documented(graph.outputs) },
        description,
      )
    },
  }
}
