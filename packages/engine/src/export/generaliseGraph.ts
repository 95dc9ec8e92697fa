import type { OnnxGraph, OnnxNode, OnnxPort, OnnxTensor, OnnxType } from '../onnxModel.ts'
import {
  formatLengths,
  plainAxis,
  solveLengths,
  type AxisLengths,
  type LengthExpression,
} from './lengthExpression.ts'
import { LengthNodes, type LengthSource } from './LengthNodes.ts'

/** The graph of a function at some lengths of its axes. */
export interface GraphSample {
  readonly lengths: AxisLengths
  readonly graph: OnnxGraph
  /** Every input that the function could read, whether the graph uses it or not. */
  readonly offered: readonly OnnxPort[]
}

/** A graph for all lengths of its axes, or for each axis that stands in the way the reason why. */
export type Generalised =
  | { readonly graph: OnnxGraph }
  | { readonly blocked: Readonly<Record<string, string>> }

/** Constants with more elements than this are data, not shapes. */
const MOST_ELEMENTS = 64

/**
 * One graph out of several that the same function gave at different lengths of its axes. They must be the same but for constants; every number in
 * these that differs becomes operators which compute it from the shapes of the inputs.
 *
 * @param given at lengths as `solveLengths` wants them.
 */
export function generaliseGraph(given: readonly GraphSample[]): Generalised {
  const graphs = given.map(({ graph }) => graph)
  const samples = given.map(({ lengths }) => lengths)
  const base = graphs[0]!
  const blocked: Record<string, string> = {}
  const differences = graphs.map((graph) => structuralDifference(base, graph))
  const different = differences.map((difference) => difference !== undefined)
  if (different.includes(true)) {
    for (const axis of responsibleAxes(different, samples)) {
      const own = differences.findIndex(
        (_, index) => samples[index]![axis] !== samples[0]![axis] && different[index],
      )
      blocked[axis] = differences[own]!
    }
    return { blocked }
  }
  const ports = (lists: readonly (readonly OnnxPort[])[]): OnnxPort[] =>
    lists[0]!.map((port, index) => {
      const shapes = lists.map((list) => list[index]!.shape)
      return { ...port, freeAxes: freeAxes(shapes, samples) }
    })
  const used = ports(graphs.map(({ inputs }) => inputs))
  const isUsed = (name: string): boolean => used.some((input) => input.name === name)
  const unused = ports(given.map(({ offered }) => offered)).filter(({ name }) => !isUsed(name))
  const lengths = new LengthNodes(lengthSources([...used, ...unused], samples[0]!))
  const constants: OnnxTensor[] = []
  for (const [index, constant] of base.constants.entries()) {
    const versions = graphs.map((graph) => graph.constants[index]!)
    const differs = versions.map((version) => !sameBytes(version.bytes, constant.bytes))
    const rules = differs.includes(true) ? elementRules(versions, samples) : []
    if (!differs.includes(true)) constants.push(constant)
    else if (rules && lengths.canRead(rules)) lengths.replace(constant, rules)
    else {
      const reason = rules
        ? 'no input of the network has it as an axis of its own'
        : 'the network holds numbers that depend on it in a way of their own'
      for (const axis of responsibleAxes(differs, samples)) blocked[axis] ??= reason
    }
  }
  if (Object.keys(blocked).length > 0) return { blocked }
  return {
    graph: {
      nodes: [...lengths.nodes, ...base.nodes],
      constants: [...constants, ...lengths.constants],
      // An input that tells nothing but a length stays for that.
      inputs: [...used, ...unused.filter(({ name }) => lengths.isRead(name))],
      outputs: ports(graphs.map(({ outputs }) => outputs)),
    },
  }
}

/** What two graphs differ in beside the contents of constants and the lengths of axes. */
function structuralDifference(one: OnnxGraph, other: OnnxGraph): string | undefined {
  const sameNodes =
    one.nodes.length === other.nodes.length &&
    one.nodes.every((node, index) => sameNode(node, other.nodes[index]!))
  if (!sameNodes) return 'the network has other operators at another length'
  const signature = ({ constants, inputs, outputs }: OnnxGraph): string =>
    JSON.stringify([
      constants.map(({ name, dtype, shape }) => [name, dtype, shape]),
      [...inputs, ...outputs].map(({ name, dtype, shape }) => [name, dtype, shape.length]),
    ])
  return signature(one) === signature(other)
    ? undefined
    : 'the network holds a constant as long as it'
}

function sameNode(one: OnnxNode, other: OnnxNode): boolean {
  const { value: left, ...node } = one
  const { value: right, ...otherNode } = other
  const sameValue = left && right ? sameBytes(left.bytes, right.bytes) : left === right
  return sameValue && JSON.stringify(node) === JSON.stringify(otherNode)
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

/** Axes whose own sample differs; where only samples of several axes differ, all of those. */
function responsibleAxes(differs: readonly boolean[], samples: readonly AxisLengths[]): string[] {
  const changes = samples
    .map((lengths) => Object.keys(lengths).filter((axis) => lengths[axis] !== samples[0]![axis]))
    .filter((_, index) => differs[index])
  const alone = changes.filter(({ length }) => length === 1)
  return [...new Set((alone.length > 0 ? alone : changes).flat())]
}

/** The rule of each element of a constant; nothing where one has none. */
function elementRules(
  versions: readonly OnnxTensor[],
  samples: readonly AxisLengths[],
): LengthExpression[] | undefined {
  const { dtype } = versions[0]!
  const contents = versions.map(elementsOf)
  if (dtype === 'bool' || contents[0]!.length > MOST_ELEMENTS) return undefined
  const rules = contents[0]!.map((_, element) => {
    const values = contents.map((elements) => elements[element]!)
    return solveLengths(values, samples, dtype === 'float32')
  })
  return rules.every((rule) => rule !== undefined) ? rules : undefined
}

const readers: Readonly<Record<OnnxType, (buffer: ArrayBuffer) => ArrayLike<number | bigint>>> = {
  float32: (buffer) => new Float32Array(buffer),
  int32: (buffer) => new Int32Array(buffer),
  int64: (buffer) => new BigInt64Array(buffer),
  bool: (buffer) => new Uint8Array(buffer),
}

function elementsOf({ dtype, bytes }: OnnxTensor): number[] {
  return Array.from(readers[dtype](Uint8Array.from(bytes).buffer), Number)
}

/** Names of the axes of a port whose length differs between samples. */
function freeAxes(
  shapes: readonly (readonly number[])[],
  samples: readonly AxisLengths[],
): Record<number, string> {
  return Object.fromEntries(
    shapes[0]!.flatMap((length, axis) => {
      const values = shapes.map((shape) => shape[axis]!)
      if (values.every((value) => value === length)) return []
      const rule = solveLengths(values, samples, false)
      return [[axis, rule ? (plainAxis(rule) ?? formatLengths(rule)) : '']]
    }),
  )
}

/** For every axis an input that has it. */
function lengthSources(
  inputs: readonly OnnxPort[],
  axes: AxisLengths,
): ReadonlyMap<string, LengthSource> {
  const sources = new Map<string, LengthSource>()
  for (const { name: input, freeAxes: free = {} } of inputs)
    for (const [axis, name] of Object.entries(free))
      if (name in axes && !sources.has(name)) sources.set(name, { input, axis: Number(axis) })
  return sources
}
