import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { mersenne } from 'pure-rand/generator/mersenne'
import type { HostArrays } from './arrays.ts'
import { sizeOf } from './arrays.ts'
import { EngineError } from './EngineError.ts'
import { asMemoryError } from './memoryErrors.ts'
import type { Initialiser, ParameterSpec } from './ParameterSpec.ts'

/** Where one parameter lies in the flat vector. */
export interface ParameterSlot {
  /** Name in the {@link ParameterSpec}. */
  readonly name: string
  /** Length of each axis. */
  readonly shape: readonly number[]
  /** Index of its first value. */
  readonly offset: number
  /** Number of values. */
  readonly size: number
  /** Whether training changes it. */
  readonly trainable: boolean
}

/**
 * Every value of a network as one flat vector, in the order of the spec but what is not trained behind what is, with the
 * optimiser's moments and the moving average beside it. The vectors lie in shared memory, so that workers read and update them
 * in place.
 */
export class ParameterStore {
  /** Where each parameter lies, in the order of the spec. */
  readonly slots: readonly ParameterSlot[]
  /** Total number of values. */
  readonly size: number
  /** Number of values that training changes: they come first. */
  readonly trainable: number
  /** The parameters, `[size]`. */
  readonly values: Float32Array
  /** Moving average of the gradient (Adam's first moment), `[trainable]`. */
  readonly firstMoments: Float32Array
  /** Moving average of the squared gradient (Adam's second moment), `[trainable]`. */
  readonly secondMoments: Float32Array
  /** Exponential moving average of the parameters, `[size]`. */
  readonly averages: Float32Array

  /**
   * All values zero; see {@link initialiseParameters} for a fresh start.
   * @throws EngineError if they do not fit into memory.
   */
  constructor(spec: ParameterSpec) {
    this.slots = parameterSlots(spec)
    const total = (slots: readonly ParameterSlot[]): number =>
      slots.reduce((sum, { size }) => sum + size, 0)
    this.size = total(this.slots)
    this.trainable = total(this.slots.filter(({ trainable }) => trainable))
    try {
      this.values = sharedVector(this.size)
      this.firstMoments = sharedVector(this.trainable)
      this.secondMoments = sharedVector(this.trainable)
      this.averages = sharedVector(this.size)
    } catch (error) {
      throw asMemoryError(error, `for a network of ${this.size} parameters`)
    }
  }

  /** A copy of one of the vectors, split into named arrays; of moments those of the trained parameters. */
  toArrays(vector: Float32Array = this.values): HostArrays {
    return Object.fromEntries(
      this.#slotsOf(vector).map(({ name, shape, offset, size }) => [
        name,
        { shape, data: Float32Array.from(vector.subarray(offset, offset + size)) },
      ]),
    )
  }

  /**
   * Fills one of the vectors from named arrays.
   * @throws EngineError if a name is missing or a shape differs; the vector is left as it was.
   */
  assign(arrays: HostArrays, vector: Float32Array = this.values): void {
    const slots = this.#slotsOf(vector)
    for (const { name, shape, size } of slots) {
      const array = arrays[name]
      if (!array || array.shape.join() !== shape.join()) {
        const found = array ? `[${array.shape.join(', ')}]` : 'missing'
        throw new EngineError(
          `parameter ${name} should be [${shape.join(', ')}] but is ${found}. Use the weights of the same configuration.`,
        )
      }
      if (array.data.length !== size) {
        throw new EngineError(
          `parameter ${name} should have ${size} values but has ${array.data.length}. The file it comes from is damaged: write it again.`,
        )
      }
    }
    for (const { name, offset } of slots) vector.set(arrays[name]!.data, offset)
  }

  #slotsOf(vector: Float32Array): readonly ParameterSlot[] {
    const all = vector.length === this.size
    return all ? this.slots : this.slots.filter(({ trainable }) => trainable)
  }
}

/** Where each parameter lies in the flat vector, in the order of the spec; those that are not trained lie behind all others. */
export function parameterSlots(spec: ParameterSpec): ParameterSlot[] {
  const sizes = Object.values(spec).map(({ shape, trainable = true }) =>
    trainable ? sizeOf(shape) : 0,
  )
  let next = 0
  let nextFixed = sizes.reduce((sum, size) => sum + size, 0)
  return Object.entries(spec).map(([name, { shape, trainable = true }]) => {
    const size = sizeOf(shape)
    const offset = trainable ? next : nextFixed
    if (trainable) next += size
    else nextFixed += size
    return { name, shape, offset, size, trainable }
  })
}

/** Fresh parameters and zero moments; the same seed gives the same values. The moving average starts at the parameters. */
export function initialiseParameters(spec: ParameterSpec, seed: number): ParameterStore {
  const store = new ParameterStore(spec)
  const generator = mersenne(seed)
  const uniform = (): number => uniformFloat64(generator)
  for (const { name, shape, offset, size } of store.slots) {
    const draw = sampler(spec[name]!.initialiser, shape, uniform)
    for (let index = offset; index < offset + size; index++) store.values[index] = draw()
  }
  store.averages.set(store.values)
  return store
}

function sampler(
  initialiser: Initialiser,
  shape: readonly number[],
  uniform: () => number,
): () => number {
  switch (initialiser.kind) {
    case 'constant':
      return () => initialiser.value
    case 'uniform':
      return () => (initialiser.centre ?? 0) + (2 * uniform() - 1) * initialiser.bound
    case 'normal': // Box and Muller (1958)
      return () =>
        initialiser.deviation *
        Math.sqrt(-2 * Math.log(1 - uniform())) *
        Math.cos(2 * Math.PI * uniform())
    default: {
      // Glorot
      const fanIn = shape[0] ?? 1
      const fanOut = shape.at(-1) ?? 1
      const bound = (initialiser.gain ?? 1) * Math.sqrt(6 / (fanIn + fanOut))
      return () => (2 * uniform() - 1) * bound
    }
  }
}

/** In plain memory where a browser offers no shared one (a page that is not cross-origin isolated). */
function sharedVector(size: number): Float32Array {
  return typeof SharedArrayBuffer === 'undefined'
    ? new Float32Array(size)
    : new Float32Array(new SharedArrayBuffer(4 * size))
}
