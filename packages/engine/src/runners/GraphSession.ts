import type { Tensor } from 'onnxruntime-common'
import type { HostArray } from '../arrays.ts'
import type { CompiledGraph } from '../compileGraph.ts'

/** A value that ONNX Runtime knows: a result in its memory, or an array that was kept for it. An operand until it is released. */
export interface Held {
  /** Copies it into an array of JavaScript. */
  read(): HostArray['data']
  /** Gives its memory back; it must not be used afterwards. */
  release(): void
}

/** What a graph reads or has computed. */
export type Operand = Tensor | Held

/** Operands by name. */
export type Operands = Readonly<Record<string, Operand>>

/** A compiled graph, ready to run on ONNX Runtime's native kernels. */
export interface GraphSession {
  readonly graph: CompiledGraph
  /**
   * Runs the graph; operands that it does not read are left out.
   * @param outputs where to write outputs; all others are in the result.
   */
  run(operands: Operands, outputs?: Operands): Promise<Record<string, Operand>>
  release(): Promise<void>
}

/** How graphs come into ONNX Runtime. */
export interface GraphRuntime {
  /** Whether graphs read and write arrays in shared memory as they are. Without this such arrays are copied before and after. */
  readonly readsSharedMemory: boolean
  createSession(graph: CompiledGraph): Promise<GraphSession>
  /** Operands, or outputs, over arrays that are used in many runs and live as long as the runtime. */
  keep(tensors: Readonly<Record<string, Tensor>>): Operands
}

/** The numbers of an operand; what is held is copied and released. */
export function readOperand(operand: Operand): HostArray['data'] {
  if (!('release' in operand)) return operand.data as HostArray['data']
  try {
    return operand.read()
  } finally {
    operand.release()
  }
}

/** Whether an operand lies in ONNX Runtime's memory. */
export function isHeld(operand: Operand): operand is Held {
  return 'release' in operand
}
