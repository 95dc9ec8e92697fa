import * as tf from '@tensorflow/tfjs'
import { compositeKernels, registerComposite } from './compositeKernels.ts'
import { EngineError } from './EngineError.ts'
import { calledAt, modelLine, withDeepStacks } from './modelLine.ts'
import type { ElementType, KernelAttributes, Trace, TracedNode, TracedValue } from './Trace.ts'
import type { ValueType } from './Trace.ts'
import { traceKernels } from './traceKernels.ts'

/** Name under which tfjs knows the recording backend. */
export const traceBackendName = 'couplet-trace'

interface Entry {
  readonly value: TracedValue
  references: number
}

/** tfjs ops that draw random numbers in JavaScript; their values would be the same in every run of the compiled graph. */
const randomOps = new Set([
  'dropout',
  'multinomial',
  'rand',
  'randomGamma',
  'randomNormal',
  'randomStandardNormal',
  'randomUniform',
  'randomUniformInt',
  'truncatedNormal',
])

/**
 * A tfjs backend that records the kernels it is asked for instead of running them.
 *
 * Tensors made by JavaScript (`tf.scalar`, `tf.tensor`) become constants. There is one backend per process; what it records goes to the trace that
 * {@link TraceBackend.record} was started with.
 */
export class TraceBackend extends tf.KernelBackend {
  private readonly entries: tf.DataStorage<Entry> = new tf.DataStorage<Entry>(this, tf.engine())
  private trace: Trace | undefined

  /** Runs `body` and returns what it recorded. Not re-entrant: a compilation inside another one is refused. */
  record(body: () => void): Trace {
    if (this.trace)
      throw new EngineError(
        'compileGraph was called while another graph was being traced. Call it outside of the function that is compiled.',
      )
    const trace: Trace = []
    this.trace = trace
    try {
      withDeepStacks(body)
    } finally {
      this.trace = undefined
    }
    return trace
  }

  /** Records one kernel and returns its outputs as tfjs wants them. */
  add(
    kernel: string,
    inputs: readonly tf.TensorInfo[],
    attributes: KernelAttributes,
    outputs: readonly ValueType[],
  ): tf.TensorInfo[] {
    const node = this.append(kernel, inputs, attributes, outputs)
    return outputs.map(({ shape, dtype }, index) => {
      const dataId = {}
      this.entries.set(dataId, { value: { node, index }, references: 1 })
      return { dataId, shape: [...shape], dtype }
    })
  }

  /** A tensor that stands for an input of the graph. */
  placeholder(name: string, type: ValueType): tf.Tensor {
    const [info] = this.add('Input', [], { name }, [type])
    return tf.engine().makeTensorFromDataId(info!.dataId, info!.shape, info!.dtype, this)
  }

  /** What a tensor stands for. Tensors that were made on another backend move here as constants. */
  tracedValue(tensor: tf.TensorInfo): TracedValue {
    const isAlive =
      this.entries.has(tensor.dataId) || tf.engine().state.tensorInfo.has(tensor.dataId)
    if (!isAlive)
      throw new EngineError(
        `The compiled function uses a tensor of shape [${tensor.shape.join(', ')}] that has been disposed, perhaps one of an earlier compilation. ` +
          'Make it inside of the function, or keep it alive.',
      )
    return this.entries.get(tensor.dataId).value
  }

  /** Called by tfjs for every tensor made of JavaScript numbers. */
  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object {
    const random = openOps().findLast((op) => randomOps.has(op))
    if (random !== undefined)
      throw new EngineError(
        `${calledAt() || `tf.${random}`} draws its numbers in JavaScript, so a compiled graph would repeat the same ones in every step. ` +
          'Use context.random or context.dropout, which become inputs of the graph.',
      )
    const dataId = {}
    this.entries.set(dataId, { value: this.constant(values, shape, dtype), references: 1 })
    return dataId
  }

  /** Called by tfjs when a tensor of another backend is used while tracing. */
  override move(
    dataId: object,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    this.entries.set(dataId, { value: this.constant(values, shape, dtype), references })
  }

  /** Constants can be read back (a tensor that moved here goes home this way); anything else has no value yet. */
  override readSync(dataId: object): tf.BackendValues {
    const { node } = this.entries.get(dataId).value
    if (node.kernel === 'Constant') return node.attributes.values as tf.BackendValues
    const { op, place } = modelLine(new Error().stack ?? '')
    const reader = op === undefined ? 'dataSync, arraySync or data' : `tf.${op}`
    throw new EngineError(
      `${reader}${place === undefined ? '' : ` at ${place}`} reads the result of ${node.kernel} while the graph is being compiled, ` +
        'when no values exist yet. Decide on values before compiling and feed them as inputs, or use tf.where.',
    )
  }

  override async read(dataId: object): Promise<tf.BackendValues> {
    return this.readSync(dataId)
  }

  override refCount(dataId: object): number {
    return this.entries.has(dataId) ? this.entries.get(dataId).references : 0
  }

  override incRef(dataId: object): void {
    this.entries.get(dataId).references++
  }

  decRef(dataId: object): void {
    if (this.entries.has(dataId)) this.entries.get(dataId).references--
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.entries.has(dataId)) return true
    const entry = this.entries.get(dataId)
    entry.references--
    if (!force && entry.references > 0) return false
    this.entries.delete(dataId)
    return true
  }

  override numDataIds(): number {
    return this.entries.numDataIds()
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }

  override floatPrecision(): 32 {
    return 32
  }

  override epsilon(): number {
    return 1e-7
  }

  override timerAvailable(): boolean {
    return false
  }

  override dispose(): void {}

  private constant(
    values: tf.BackendValues,
    shape: readonly number[],
    dtype: tf.DataType,
  ): TracedValue {
    const node = this.append('Constant', [], { values }, [{ shape, dtype: dtype as ElementType }])
    return { node, index: 0 }
  }

  private append(
    kernel: string,
    inputs: readonly tf.TensorInfo[],
    attributes: KernelAttributes,
    outputs: readonly ValueType[],
  ): TracedNode {
    for (const { shape, dtype } of outputs) checkType(kernel, shape, dtype)
    const node: TracedNode = {
      kernel,
      inputs: inputs.map((input) => this.tracedValue(input)),
      attributes,
      outputs,
    }
    this.trace?.push(node)
    return node
  }
}

/** ONNX Runtime runs empty tensors, but several kernels disagree with tfjs about them; a network has no use for them. */
function checkType(kernel: string, shape: readonly number[], dtype: string): void {
  if (shape.includes(0))
    throw new EngineError(
      `${calledAt()}: the op ${kernel} makes a tensor of shape [${shape.join(', ')}], but compiled graphs cannot hold empty axes. ` +
        'Give the axis at least one (padded) row.',
    )
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')
    throw new EngineError(
      `${calledAt()}: the op ${kernel} makes a tensor of ${dtype}, but compiled graphs know float32, int32 and bool only. Cast it before compiling.`,
    )
}

/** The tfjs ops that are running now, innermost first (`tf.dropout` calls `tf.randomUniform`). tfjs marks the memory scope of every op with its name. */
function openOps(): string[] {
  const { scopeStack } = tf.engine().state as unknown as { scopeStack: { name: string }[] }
  return scopeStack
    .map(({ name }) => name)
    .filter((name) => name.endsWith('__op'))
    .map((name) => name.slice(0, -'__op'.length))
    .toReversed()
}

/** The recording backend, registered at first use. */
export function traceBackend(): TraceBackend {
  const existing = tf.findBackend(traceBackendName) as TraceBackend | null
  if (existing) return existing
  // Priority 0: tfjs never chooses it on its own.
  tf.registerBackend(traceBackendName, () => new TraceBackend(), 0)
  for (const [kernelName, kernel] of Object.entries(traceKernels))
    tf.registerKernel({
      kernelName,
      backendName: traceBackendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const attributes = (attrs ?? {}) as KernelAttributes
        // Kernels with a list of tensors (Concat, Pack, AddN) get an array instead of a record.
        const present = (
          Array.isArray(inputs) ? inputs : kernel.inputs.map((name) => inputs[name])
        ).filter((tensor) => tensor !== undefined && tensor !== null) as tf.TensorInfo[]
        const types = kernel.outputs(present as unknown as ValueType[], attributes)
        const results = (backend as TraceBackend).add(
          kernelName,
          present,
          attributes,
          Array.isArray(types) ? types : [types as ValueType],
        )
        return Array.isArray(types) ? results : results[0]!
      },
    })
  for (const kernelName of Object.keys(compositeKernels))
    registerComposite(kernelName, traceBackendName)
  return tf.findBackend(traceBackendName) as TraceBackend
}
