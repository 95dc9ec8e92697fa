/**
 * ONNX Runtime by its C interface, out of the library in the package onnxruntime-node. The package's own binding copies every
 * output into a new array: for the backward pass, that reads what the forward pass has saved, a sixth to a third of a training step.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { arch, platform } from 'node:process'
import koffi from 'koffi'
import { Tensor } from 'onnxruntime-common'
import { sizeOf } from '../arrays.ts'
import type { CompiledGraph, GraphInput } from '../compileGraph.ts'
import type { GraphRuntime, GraphSession, Held, Operand, Operands } from './GraphSession.ts'
import { isHeld } from './GraphSession.ts'
import { SESSION_OPTIONS } from './sessionOptions.ts'

/** An address in ONNX Runtime's memory. */
type Pointer = bigint

/**
 * Functions of `OrtApi` (onnxruntime_c_api.h): place in the table, and parameters behind it. The table only ever grows at its end. All but the
 * releasing functions return a status, null for success.
 */
const FUNCTIONS = {
  GetErrorMessage: [2, 'const char *', 'void *status'],
  CreateEnv: [3, 'void *', 'int level, const char *name, _Out_ void **env'],
  CreateSessionFromArray: [
    8,
    'void *',
    'void *env, const void *model, size_t length, void *options, _Out_ void **session',
  ],
  Run: [
    9,
    'void *',
    'void *session, void *options, const char **inputs, void **values, size_t inputCount, const char **outputs, size_t outputCount, _Inout_ void **results',
  ],
  CreateSessionOptions: [10, 'void *', '_Out_ void **options'],
  DisableMemPattern: [17, 'void *', 'void *options'],
  SetSessionLogSeverityLevel: [22, 'void *', 'void *options, int level'],
  SetSessionGraphOptimizationLevel: [23, 'void *', 'void *options, int level'],
  SetIntraOpNumThreads: [24, 'void *', 'void *options, int threads'],
  SetInterOpNumThreads: [25, 'void *', 'void *options, int threads'],
  CreateTensorWithDataAsOrtValue: [
    49,
    'void *',
    'void *memory, void *data, size_t bytes, const int64_t *shape, size_t rank, int type, _Out_ void **value',
  ],
  GetTensorMutableData: [51, 'void *', 'void *value, _Out_ void **data'],
  CreateCpuMemoryInfo: [69, 'void *', 'int allocator, int type, _Out_ void **memory'],
  ReleaseStatus: [93, 'void', 'void *status'],
  ReleaseSession: [95, 'void', 'void *session'],
  ReleaseValue: [96, 'void', 'void *value'],
  ReleaseSessionOptions: [100, 'void', 'void *options'],
} as const

/** Newest version of the interface whose functions are used: all of them are in the first. */
const API_VERSION = 1
const TABLE_LENGTH = 101
const ERRORS_ONLY = 4
const ALL_OPTIMISATIONS = 99
/** `OrtDeviceAllocator` and `OrtMemTypeDefault`. */
const PLAIN_MEMORY = [0, 0] as const
const TYPE_NUMBERS = { float32: 1, int32: 6 } as const

type FunctionName = keyof typeof FUNCTIONS

/** The library that the package brings for this platform, if there is one. */
export function findLibrary(): string | undefined {
  const name = {
    linux: 'libonnxruntime.so.1',
    darwin: 'libonnxruntime.1.dylib',
    win32: 'onnxruntime.dll',
  }[platform as string]
  if (!name) return undefined
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'))
  const path = join(folder, 'bin/napi-v6', platform, arch, name)
  return existsSync(path) ? path : undefined
}

/**
 * Opens the library.
 * @throws Error if it cannot be loaded or does not have the interface.
 */
export function directRuntime(path: string): GraphRuntime {
  const api = new Api(path)
  const env = api.make('CreateEnv', ERRORS_ONLY, 'couplet')
  const memory = api.make('CreateCpuMemoryInfo', ...PLAIN_MEMORY)
  return {
    readsSharedMemory: true,
    async createSession(graph) {
      return new DirectSession(api, memory, createSession(api, env, graph.onnx), graph)
    },
    keep: (tensors) =>
      Object.fromEntries(
        Object.entries(tensors).map(([name, tensor]) => [name, keep(api, memory, tensor)]),
      ),
  }
}

function createSession(api: Api, env: Pointer, onnx: Uint8Array): Pointer {
  const options = api.make('CreateSessionOptions')
  try {
    // The same as for the binding; execution is sequential unless asked otherwise.
    api.check('SetIntraOpNumThreads', options, SESSION_OPTIONS.intraOpNumThreads)
    api.check('SetInterOpNumThreads', options, SESSION_OPTIONS.interOpNumThreads)
    api.check('SetSessionGraphOptimizationLevel', options, ALL_OPTIMISATIONS)
    api.check('DisableMemPattern', options)
    api.check('SetSessionLogSeverityLevel', options, SESSION_OPTIONS.logSeverityLevel)
    return api.make('CreateSessionFromArray', env, onnx, onnx.byteLength, options)
  } finally {
    api.call('ReleaseSessionOptions', options)
  }
}

/** The functions of the library; failures become errors. */
class Api {
  readonly #functions: Readonly<Record<FunctionName, (...values: unknown[]) => unknown>>

  constructor(path: string) {
    const library = koffi.load(path)
    const base = library.func('OrtGetApiBase', 'void *', [])() as Pointer
    const getApi = pointersAt(base, 1)[0]!
    const api = koffi.call(
      getApi,
      koffi.proto('void *(uint32_t version)'),
      API_VERSION,
    ) as Pointer | null
    if (api === null)
      throw new Error(`${path} does not have version ${API_VERSION} of the interface`)
    const table = pointersAt(api, TABLE_LENGTH)
    this.#functions = Object.fromEntries(
      Object.entries(FUNCTIONS).map(([name, [place, result, parameters]]) => {
        const prototype = koffi.proto(`${result}(${parameters})`)
        return [name, (...values: unknown[]) => koffi.call(table[place]!, prototype, ...values)]
      }),
    ) as Record<FunctionName, (...values: unknown[]) => unknown>
  }

  /** Calls a function that returns no status. */
  call(name: FunctionName, ...values: unknown[]): unknown {
    return this.#functions[name](...values)
  }

  /** Calls a function that returns a status. */
  check(name: FunctionName, ...values: unknown[]): void {
    const status = this.call(name, ...values)
    if (status === null) return
    const message = this.call('GetErrorMessage', status) as string
    this.call('ReleaseStatus', status)
    throw new Error(message)
  }

  /** Calls a function whose last parameter receives what it makes. */
  make(name: FunctionName, ...values: unknown[]): Pointer {
    const made: [Pointer | null] = [null]
    this.check(name, ...values, made)
    return made[0]!
  }
}

function pointersAt(address: Pointer, length: number): Pointer[] {
  return koffi.decode(address, koffi.array('void *', length)) as Pointer[]
}

/** A value of ONNX Runtime's: what it has computed, or one over an array of JavaScript. */
class HeldValue implements Held {
  readonly #api: Api
  readonly #layout: Pick<GraphInput, 'dtype' | 'shape'>
  readonly pointer: Pointer
  /** The array below the value, which must live as long. */
  readonly array: Tensor['data'] | undefined

  constructor(
    api: Api,
    layout: Pick<GraphInput, 'dtype' | 'shape'>,
    pointer: Pointer,
    array?: Tensor['data'],
  ) {
    this.#api = api
    this.#layout = layout
    this.pointer = pointer
    this.array = array
  }

  read(): Float32Array | Int32Array {
    const { dtype, shape } = this.#layout
    const address = this.#api.make('GetTensorMutableData', this.pointer)
    const bytes = koffi.view(address, 4 * sizeOf(shape)).slice(0)
    return dtype === 'int32' ? new Int32Array(bytes) : new Float32Array(bytes)
  }

  release(): void {
    this.#api.call('ReleaseValue', this.pointer)
  }
}

class DirectSession implements GraphSession {
  readonly graph: CompiledGraph
  readonly #api: Api
  readonly #memory: Pointer
  readonly #session: Pointer
  readonly #inputs: readonly string[]
  readonly #outputs: readonly string[]

  constructor(api: Api, memory: Pointer, session: Pointer, graph: CompiledGraph) {
    this.#api = api
    this.#memory = memory
    this.#session = session
    this.graph = graph
    this.#inputs = graph.inputs.map(({ name }) => name)
    this.#outputs = graph.outputs.map(({ name }) => name)
  }

  async run(
    operands: Readonly<Record<string, Operand>>,
    outputs: Operands = {},
  ): Promise<Record<string, Operand>> {
    // Values over arrays of JavaScript live as long as the call; the arrays do not move meanwhile.
    const wrapped: Pointer[] = []
    const wrap = (operand: Operand): Pointer => {
      if (operand instanceof HeldValue) return operand.pointer
      if (isHeld(operand)) throw new Error('an operand belongs to another runtime')
      const value = wrapTensor(this.#api, this.#memory, operand)
      wrapped.push(value)
      return value
    }
    try {
      const values = this.#inputs.map((name) => wrap(operands[name]!))
      const results = this.#outputs.map((name) => (outputs[name] ? wrap(outputs[name]) : null))
      this.#api.check(
        'Run',
        this.#session,
        null,
        this.#inputs,
        values,
        values.length,
        this.#outputs,
        results.length,
        results,
      )
      return Object.fromEntries(
        this.graph.outputs.flatMap((port, k) =>
          outputs[port.name] ? [] : [[port.name, new HeldValue(this.#api, port, results[k]!)]],
        ),
      )
    } finally {
      for (const value of wrapped) this.#api.call('ReleaseValue', value)
    }
  }

  async release(): Promise<void> {
    this.#api.call('ReleaseSession', this.#session)
  }
}

/** Wraps a tensor once for many runs: to wrap every parameter and gradient anew took a twentieth of a small network's training step. */
function keep(api: Api, memory: Pointer, tensor: Tensor): HeldValue {
  const layout = { dtype: tensor.type as GraphInput['dtype'], shape: tensor.dims }
  return new HeldValue(api, layout, wrapTensor(api, memory, tensor), tensor.data)
}

/** A value over the array of a tensor; the array must not move or die before it. */
function wrapTensor(api: Api, memory: Pointer, { data, dims, type }: Tensor): Pointer {
  const array = data as Float32Array | Int32Array
  const shape = BigInt64Array.from(dims, BigInt)
  const number = TYPE_NUMBERS[type as keyof typeof TYPE_NUMBERS]
  return api.make(
    'CreateTensorWithDataAsOrtValue',
    memory,
    array,
    array.byteLength,
    shape,
    dims.length,
    number,
  )
}
