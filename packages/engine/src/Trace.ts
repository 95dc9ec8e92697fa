/** Type of the elements of a traced value. tfjs has no others that a network needs (strings and complex numbers are refused). */
export type ElementType = 'float32' | 'int32' | 'bool'

/** Shape and element type of a traced value. */
export interface ValueType {
  /** Length of each axis. */
  readonly shape: readonly number[]
  readonly dtype: ElementType
}

/** Arguments of a kernel beside its tensors, as tfjs names them. */
export type KernelAttributes = Readonly<Record<string, unknown>>

/** One kernel that tfjs asked for while tracing, or one of the pseudo kernels `Input` (attribute `name`) and `Constant` (attribute `values`). */
export interface TracedNode {
  /** Name of the tfjs kernel, for example `BatchMatMul`. */
  readonly kernel: string
  readonly inputs: readonly TracedValue[]
  readonly attributes: KernelAttributes
  readonly outputs: readonly ValueType[]
}

/** One output of a traced kernel. */
export interface TracedValue {
  readonly node: TracedNode
  /** Which output of the node. */
  readonly index: number
}

/** Everything recorded while a function ran, in the order of execution: every node comes after its inputs. */
export type Trace = TracedNode[]
