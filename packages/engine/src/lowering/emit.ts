import { sizeOf } from '../arrays.ts'
import type { OnnxGraph, OnnxNode, OnnxPort, OnnxTensor } from '../onnxModel.ts'
import { fuse } from './fuse.ts'
import type { Operator } from './fuse.ts'
import type { Graph, Value } from './Graph.ts'
import { countUses } from './countUses.ts'

/** A value that the graph returns, and its name outside. */
export interface NamedValue {
  readonly name: string
  readonly value: Value
}

/** Repeated numbers up to this many are written out; more of them are made when the graph loads. */
const writtenOut = 16

/**
 * Writes the values that the outputs need as ONNX operators; everything else, unused inputs included, is left out.
 * @param given values that are not computed but read, by name: see `cutGraph`.
 */
export function emit(
  graph: Graph,
  outputs: readonly NamedValue[],
  given: ReadonlyMap<Value, string> = new Map(),
): OnnxGraph {
  const uses = countUses(
    graph,
    outputs.map(({ value }) => value),
    given,
  )
  const values = graph.values.filter((value) => uses.has(value))
  const operators = fuse(values, uses, graph.portable, given)
  const names = nameValues(values, outputs, given)
  const nameOf = (value: Value) => names.get(value)!
  const parts = new Map<Value, Value[]>()
  for (const part of values)
    if (part.op === 'Part' && !given.has(part))
      parts.set(part.inputs[0]!, [...(parts.get(part.inputs[0]!) ?? []), part])

  const nodes: OnnxNode[] = []
  const constants: OnnxTensor[] = []
  const inputs: OnnxPort[] = []
  for (const [value, operator] of operators) {
    const { dtype, shape, constant } = value
    if (value.op === 'Input' || given.has(value)) inputs.push({ name: nameOf(value), dtype, shape })
    else if (constant) {
      const { tensor, node } = constantTensor(value, nameOf(value))
      constants.push(tensor)
      if (node) nodes.push(node)
    } else if (value.op !== 'Part')
      nodes.push(operatorNode(value, operator, nameOf, parts.get(value)))
  }
  // An output that is an input, a constant or another output needs a name of its own.
  for (const { name, value } of outputs)
    if (nameOf(value) !== name)
      nodes.push({ op: 'Identity', inputs: [nameOf(value)], outputs: [name], attributes: {} })
  const ports = outputs.map(({ name, value: { dtype, shape } }) => ({ name, dtype, shape }))
  return { nodes, constants, inputs, outputs: ports }
}

/** Computed values that are outputs carry the output's name, which saves a copy; others a name that no user would choose. */
function nameValues(
  values: readonly Value[],
  outputs: readonly NamedValue[],
  given: ReadonlyMap<Value, string>,
): Map<Value, string> {
  const names = new Map<Value, string>()
  for (const value of values) {
    const outside = value.op === 'Input' ? (value.attributes.name as string) : given.get(value)
    names.set(value, outside ?? `%${value.id}`)
  }
  for (const { name, value } of outputs)
    if (value.op !== 'Input' && !value.constant && names.get(value)!.startsWith('%'))
      names.set(value, name)
  return names
}

function operatorNode(
  value: Value,
  { op, inputs, attributes }: Operator,
  nameOf: (value: Value) => string,
  parts: readonly Value[] | undefined,
): OnnxNode {
  let outputs = [nameOf(value)]
  if (op === 'Split') {
    // Parts that nobody uses must have a name all the same.
    outputs = Array.from({ length: inputs[1]!.shape[0]! }, (_, i) => `${nameOf(value)} part ${i}`)
    for (const part of parts ?? []) outputs[part.attributes.index as number] = nameOf(part)
  }
  const domain = op === 'FusedMatMul' ? { domain: 'com.microsoft' } : {}
  return { op, inputs: inputs.map(nameOf), outputs, attributes, ...domain }
}

/** A constant as tensor of the file; long repetitions as an operator that makes them from their shape. */
function constantTensor(value: Value, name: string): { tensor: OnnxTensor; node?: OnnxNode } {
  const { shape, dtype } = value
  const data = value.constant!
  const length = sizeOf(shape)
  if ('values' in data)
    return { tensor: { name, dtype, shape, bytes: bytesOf(data.values, dtype) } }
  if (length <= writtenOut) {
    const repeated = Array.from({ length }, () => data.uniform)
    return { tensor: { name, dtype, shape, bytes: bytesOf(repeated, dtype) } }
  }
  const shapeName = `${name} shape`
  return {
    tensor: {
      name: shapeName,
      dtype: 'int64',
      shape: [shape.length],
      bytes: bytesOf(shape, 'int64'),
    },
    node: {
      op: 'ConstantOfShape',
      inputs: [shapeName],
      outputs: [name],
      attributes: {},
      value: { name: '', dtype, shape: [1], bytes: bytesOf([data.uniform], dtype) },
    },
  }
}

/** Little-endian elements (every platform that Node and browsers run on is little-endian). */
export function bytesOf(values: ArrayLike<number>, dtype: Value['dtype']): Uint8Array {
  const typed = {
    float32: () => Float32Array.from(values),
    int32: () => Int32Array.from(values),
    int64: () => BigInt64Array.from(values as ArrayLike<number> & Iterable<number>, BigInt),
    bool: () => Uint8Array.from(values),
  }[dtype]()
  return new Uint8Array(typed.buffer)
}
