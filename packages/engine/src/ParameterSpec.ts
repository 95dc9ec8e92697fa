/** How a parameter starts. `fanIn` and `fanOut` are the first and the last axis of a matrix. */
export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  /** Uniform within `bound` of `centre` (default 0). */
  | { readonly kind: 'uniform'; readonly bound: number; readonly centre?: number }
  /** Normal around 0 with this standard deviation. */
  | { readonly kind: 'normal'; readonly deviation: number }
  /** Glorot and Bengio (2010): uniform in plus or minus `gain * sqrt(6 / (fanIn + fanOut))`. */
  | { readonly kind: 'glorot'; readonly gain?: number }

/** Shape and start of one array of a network. */
export interface Parameter {
  /** Length of each axis. */
  readonly shape: readonly number[]
  /** How its values start. */
  readonly initialiser: Initialiser
  /**
   * Whether training changes it; true by default. An array that is not trained is initialised and saved like the others, but gets
   * no gradient, no weight decay and no moments, and the network need not read it.
   */
  readonly trainable?: boolean
}

/** Every array of a network by name. Names are a public contract: checkpoints hold them. */
export type ParameterSpec = Readonly<Record<string, Parameter>>
