/** Element types that graphs use; `int64` only for shapes, axes and positions. */
export type OnnxType = 'float32' | 'int32' | 'int64' | 'bool'

/** Value of an attribute of an ONNX operator: an integer, integers, a text, or a float. */
type Attribute = number | readonly number[] | string | { readonly float: number }

/** Attributes by name. */
export type Attributes = Readonly<Record<string, Attribute>>

/** A tensor that is part of the file. */
export interface OnnxTensor {
  readonly name: string
  readonly dtype: OnnxType
  readonly shape: readonly number[]
  /** Every element, little-endian. */
  readonly bytes: Uint8Array
}

/** One operator. */
export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
  /** A tensor attribute called `value` (ConstantOfShape). */
  readonly value?: OnnxTensor
  /** Operator set beside the standard one, for example `com.microsoft`. */
  readonly domain?: string
}

/** Name and type of an input or output of a graph. */
export interface OnnxPort {
  readonly name: string
  readonly dtype: OnnxType
  readonly shape: readonly number[]
  /** Axes whose length is free, by their number: the name to write instead of the length. */
  readonly freeAxes?: Readonly<Record<number, string>>
  /** What it holds, for people. */
  readonly documentation?: string
}

/** A graph with its operators in order of execution. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly OnnxTensor[]
  readonly inputs: readonly OnnxPort[]
  readonly outputs: readonly OnnxPort[]
}

/** What a file says about itself. */
export interface OnnxDescription {
  /** What the model is, for people. */
  readonly documentation?: string
  /** Further texts by name. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** `TensorProto.DataType` of onnx.proto. */
const onnxTypeNumbers: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
}

/** Version of the file format; ONNX Runtime 1.14 and later read it. */
const irVersion = 9
/** Version of the standard operators. */
const operatorSet = 20

const utf8 = new TextEncoder()

/** A protobuf message under construction: fields in order of writing. */
class Message {
  private readonly parts: Uint8Array[] = []
  private length = 0

  /** Wire type 0. Negative numbers take ten bytes, as protobuf wants. */
  integer(field: number, value: number): this {
    return this.varint(field * 8).varint(value)
  }

  /** Wire type 5. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    return this.varint(field * 8 + 5).append(bytes)
  }

  /** Wire type 2. */
  bytes(field: number, value: Uint8Array): this {
    return this.varint(field * 8 + 2)
      .varint(value.length)
      .append(value)
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value))
  }

  message(field: number, value: Message): this {
    this.varint(field * 8 + 2).varint(value.length)
    for (const part of value.parts) this.append(part)
    return this
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.length)
    let position = 0
    for (const part of this.parts) {
      whole.set(part, position)
      position += part.length
    }
    return whole
  }

  private varint(value: number): this {
    const bytes: number[] = []
    let rest = BigInt.asUintN(64, BigInt(value))
    do {
      bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
      rest >>= 7n
    } while (rest > 0n)
    return this.append(Uint8Array.from(bytes))
  }

  private append(bytes: Uint8Array): this {
    this.parts.push(bytes)
    this.length += bytes.length
    return this
  }
}

/** `TensorProto`. */
function tensorMessage({ name, dtype, shape, bytes }: OnnxTensor): Message {
  const message = new Message()
  for (const length of shape) message.integer(1, length)
  return message.integer(2, onnxTypeNumbers[dtype]).text(8, name).bytes(9, bytes)
}

/** `AttributeProto`; field 20 is its type. */
function attributeMessage(name: string, value: Attribute | OnnxTensor): Message {
  const message = new Message().text(1, name)
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2)
  if (typeof value === 'string') return message.text(4, value).integer(20, 3)
  if ('float' in value) return message.float(2, value.float).integer(20, 1)
  if ('bytes' in value) return message.message(5, tensorMessage(value)).integer(20, 4)
  for (const item of value) message.integer(8, item)
  return message.integer(20, 7)
}

/** `NodeProto`. */
function nodeMessage(node: OnnxNode, index: number): Message {
  const message = new Message()
  for (const input of node.inputs) message.text(1, input)
  for (const output of node.outputs) message.text(2, output)
  message.text(3, `${node.op}_${index}`).text(4, node.op)
  for (const [name, value] of Object.entries(node.attributes))
    message.message(5, attributeMessage(name, value))
  if (node.value) message.message(5, attributeMessage('value', node.value))
  if (node.domain !== undefined) message.text(7, node.domain)
  return message
}

/** `ValueInfoProto`. */
function portMessage({ name, dtype, shape, freeAxes, documentation }: OnnxPort): Message {
  const dimensions = new Message()
  for (const [axis, length] of shape.entries()) {
    const free = freeAxes?.[axis]
    const dimension = new Message()
    dimensions.message(
      1,
      free === undefined ? dimension.integer(1, length) : dimension.text(2, free),
    )
  }
  const tensor = new Message().integer(1, onnxTypeNumbers[dtype]).message(2, dimensions)
  const message = new Message().text(1, name).message(2, new Message().message(1, tensor))
  return documentation === undefined ? message : message.text(3, documentation)
}

/** Writes a graph as an ONNX file (`ModelProto`; field numbers from onnx.proto). */
export function writeOnnx(graph: OnnxGraph, description: OnnxDescription = {}): Uint8Array {
  const body = new Message()
  for (const [index, node] of graph.nodes.entries()) body.message(1, nodeMessage(node, index))
  body.text(2, 'couplet')
  for (const constant of graph.constants) body.message(5, tensorMessage(constant))
  for (const input of graph.inputs) body.message(11, portMessage(input))
  for (const output of graph.outputs) body.message(12, portMessage(output))
  const { documentation, metadata = {} } = description
  const model = new Message().integer(1, irVersion).text(2, '@couplet/engine')
  if (documentation !== undefined) model.text(6, documentation)
  model.message(7, body)
  model.message(8, new Message().text(1, '').integer(2, operatorSet))
  // Other runtimes refuse operator sets that they do not know, used or not.
  for (const domain of new Set(graph.nodes.flatMap((node) => node.domain ?? [])))
    model.message(8, new Message().text(1, domain).integer(2, 1))
  for (const [key, value] of Object.entries(metadata))
    model.message(14, new Message().text(1, key).text(2, value))
  return model.finish()
}
