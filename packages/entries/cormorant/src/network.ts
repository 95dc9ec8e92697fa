/**
 * Cormorant with edge readout, after Team Bird Brain (12th of the 2019 CHAMPS competition); Anderson, Hy and Kondor, NeurIPS 2019.
 *
 * 1. An atom carries vectors of degrees 0 to L, several channels of each; they turn with the molecule. It starts with scalars
 *    (degree 0) made of its element.
 * 2. An edge carries scalars for every degree. Some levels, each: (a) an edge's scalars are mixed from what they were, from the
 *    products of its two atoms' vectors, and from waves of the distance over powers of it; they fade with distance.
 *    (b) Scalars times spherical harmonics of the direction give the edge vectors. (c) An atom collects the Clebsch-Gordan
 *    products of its edges' vectors with its neighbours', adds the products of its own vectors with each other and its
 *    vectors, and mixes the channels of each degree.
 * 3. Products are the only nonlinearity. All values are complex, kept as pairs of real numbers.
 * 4. A coupled pair is read from its edge's scalars of all levels by a network with one output for each type.
 */
import { COUPLING_TYPES } from '@couplet/data'
import type { Context, ParameterSpec, Tensors } from '@couplet/engine'
import { multilayerPerceptron, multilayerPerceptronSpec } from '@couplet/layers'
import type { Prediction } from '@couplet/model'
import * as tf from '@tensorflow/tfjs'
import { couplingMatrix, couplingPaths } from './clebschGordan.ts'
import { ATOM_SCALARS } from './featurize.ts'

/** Hyperparameters. */
export type CormorantConfig = {
  /** Channels of every degree. */
  readonly channels: number
  /** Largest degree of the vectors, at most 3. */
  readonly degree: number
  /** Number of levels. */
  readonly levels: number
  /** Waves of the distance, and its powers 0, -1, … , on which each wave is divided. */
  readonly waves: number
  readonly powers: number
  /** Hidden values of the readout. */
  readonly headWidth: number
  /**
   * Whether the network holds the mixture of the atoms' vectors in the last level, which nothing reads, untrained: by the description every level
   * has one, and the original's number of parameters counts it.
   */
  readonly idleParts: boolean
}

/** Complex values as two real tensors of one shape. */
interface Complex {
  readonly re: tf.Tensor
  readonly im: tf.Tensor
}

/** Vectors of the atoms: degrees one after the other on the last axis, `[atoms, channels, components]`. */
interface AtomVectors extends Complex {
  /** Degrees present: 0 alone before the first level. */
  readonly degrees: readonly number[]
}

/** Every array of the network. */
export function parameters(config: CormorantConfig): ParameterSpec {
  const { channels, degree, levels, waves, powers, headWidth, idleParts } = config
  const all = degreesTo(degree)
  const specs = Array.from({ length: levels }, (_, level): ParameterSpec => {
    const degrees = level === 0 ? [0] : all
    const edgeInputs = (level === 0 ? 0 : channels) + degrees.length * channels + waves * powers
    const around = couplingPaths(all, degrees, degree)
    const own = couplingPaths(degrees, degrees, degree)
    return Object.assign(
      {},
      ...all.map((l) => ({
        ...wavesSpec(`level-${level}/edges/${l}/waves`, waves),
        ...mixSpec(`level-${level}/edges/${l}/mix`, edgeInputs, channels),
        ...fadingSpec(`level-${level}/edges/${l}/fading`, channels),
      })),
      // Nothing reads the atoms after the last level.
      ...(level === levels - 1 && !idleParts
        ? []
        : all.map((l) => {
            const paths = [...around, ...own].filter(({ result }) => result === l).length
            const kept = degrees.includes(l) ? 1 : 0
            const inputs = (paths + kept) * channels
            return mixSpec(`level-${level}/atoms/${l}/mix`, inputs, channels, level < levels - 1)
          })),
    )
  })
  const read = 2 * levels * (degree + 1) * channels
  return Object.assign(
    mixSpec('embedding/atoms', ATOM_SCALARS, channels),
    ...specs,
    multilayerPerceptronSpec('readout', [read, headWidth, COUPLING_TYPES.length]),
  )
}

/** Standardised couplings `[pairs]` of a batch. */
export function forward(
  weights: Tensors,
  features: Tensors,
  _context: Context,
  config: CormorantConfig,
): Prediction {
  let atoms = embedAtoms(weights, features)
  const scalars: Complex[][] = []
  for (let level = 0; level < config.levels; level++) {
    const edges = updateEdges(
      weights,
      `level-${level}/edges`,
      atoms,
      scalars.at(-1),
      features,
      config,
    )
    scalars.push(edges)
    if (level === config.levels - 1) break
    atoms = updateAtoms(weights, `level-${level}/atoms`, atoms, edges, features, config)
  }
  return { couplings: readPairs(weights, scalars.flat(), features) }
}

/** Step 1. */
export function embedAtoms(weights: Tensors, features: Tensors): AtomVectors {
  const rows = features['atomScalars']!
  const { re, im } = mix(weights, 'embedding/atoms', { re: rows, im: tf.zerosLike(rows) })
  return { re: tf.expandDims(re, 2), im: tf.expandDims(im, 2), degrees: [0] }
}

/** Step 2a: scalars of every degree, `[edges, channels]` each. */
export function updateEdges(
  weights: Tensors,
  name: string,
  atoms: AtomVectors,
  previous: readonly Complex[] | undefined,
  features: Tensors,
  config: CormorantConfig,
): Complex[] {
  const products = neighbourProducts(atoms, features)
  return degreesTo(config.degree).map((l) => {
    const waves = radialWaves(weights, `${name}/${l}/waves`, features, config)
    const before = previous ? [previous[l]!] : []
    const mixed = mix(weights, `${name}/${l}/mix`, concatenate([...before, ...products, waves]))
    const fading = fadeOut(weights, `${name}/${l}/fading`, features)
    return { re: tf.mul(mixed.re, fading), im: tf.mul(mixed.im, fading) }
  })
}

/** Scalar products of the two atoms' vectors, one for each degree and channel: `[edges, channels]` for each degree. */
function neighbourProducts(atoms: AtomVectors, features: Tensors): Complex[] {
  const sources = gatherComplex(atoms, features['sources'] as tf.Tensor1D)
  const targets = gatherComplex(atoms, features['targets'] as tf.Tensor1D)
  const { re, im } = complexProduct(sources, targets)
  let first = 0
  return atoms.degrees.map((degree) => {
    const part = (values: tf.Tensor): tf.Tensor =>
      tf.sum(tf.slice(values, [0, 0, first], [-1, -1, 2 * degree + 1]), 2)
    const product = { re: part(re), im: part(im) }
    first += 2 * degree + 1
    return product
  })
}

/** `r^-p (sin + i cos)(2 pi s_m r + phi_m)` for every wave m and power p, `[edges, waves * powers]`. */
function radialWaves(
  weights: Tensors,
  name: string,
  features: Tensors,
  { waves, powers }: CormorantConfig,
): Complex {
  const distances = features['distances']!
  const phase = tf.add(
    tf.mul(tf.mul(distances, 2 * Math.PI), weights[`${name}/frequency`]!),
    weights[`${name}/phase`]!,
  )
  const decays = tf.concat(
    Array.from({ length: powers }, (_, power) => tf.pow(distances, -power)),
    1,
  )
  const spread = (values: tf.Tensor): tf.Tensor =>
    tf.reshape(tf.mul(tf.expandDims(values, 2), tf.expandDims(decays, 1)), [-1, waves * powers])
  return { re: spread(tf.sin(phase)), im: spread(tf.cos(phase)) }
}

/** `sigmoid((c - r) / w)` with a reach c and a width w of every channel, `[edges, channels]`. */
function fadeOut(weights: Tensors, name: string, features: Tensors): tf.Tensor {
  const left = tf.sub(weights[`${name}/reach`]!, features['distances']!)
  return tf.sigmoid(tf.div(left, weights[`${name}/width`]!))
}

/** Steps 2b and 2c. */
export function updateAtoms(
  weights: Tensors,
  name: string,
  atoms: AtomVectors,
  edges: readonly Complex[],
  features: Tensors,
  { channels, degree }: CormorantConfig,
): AtomVectors {
  const all = degreesTo(degree)
  const around = coupled(
    collectProducts(atoms, edges, features, degree),
    all,
    atoms.degrees,
    degree,
  )
  const own = coupled(outerProduct(atoms, atoms), atoms.degrees, atoms.degrees, degree)
  const mixed = all.map((l) => {
    const kept = atoms.degrees.includes(l) ? [vectorsOf(atoms, l)] : []
    // Channels and paths to the last axis: the mixture is the same for every component.
    const rows = concatenate([...around[l]!, ...own[l]!, ...kept].map(componentsFirst))
    const { re, im } = mix(weights, `${name}/${l}/mix`, flatten(rows))
    const back = (values: tf.Tensor): tf.Tensor =>
      tf.transpose(tf.reshape(values, [-1, 2 * l + 1, channels]), [0, 2, 1])
    return { re: back(re), im: back(im) }
  })
  return { ...concatenate(mixed), degrees: all }
}

/** Sum over an atom's edges of all products of the edge's vectors with the neighbour's: `[atoms, channels, components, components]`. */
function collectProducts(
  atoms: AtomVectors,
  edges: readonly Complex[],
  features: Tensors,
  degree: number,
): Complex {
  const vectors = edgeVectors(edges, features, degree)
  const neighbours = gatherComplex(atoms, features['sources'] as tf.Tensor1D)
  const products = outerProduct(vectors, neighbours)
  const [count] = atoms.re.shape as [number]
  const collect = (values: tf.Tensor): tf.Tensor =>
    tf.unsortedSegmentSum(values, features['targets'] as tf.Tensor1D, count)
  return { re: collect(products.re), im: collect(products.im) }
}

/** Step 2b: scalars times harmonics, `[edges, channels, components]`. */
function edgeVectors(edges: readonly Complex[], features: Tensors, degree: number): Complex {
  const harmonics = features['directions']!
  const vectors = degreesTo(degree).map((l) => {
    const direction = tf.expandDims(tf.slice(harmonics, [0, l ** 2], [-1, 2 * l + 1]), 1)
    const times = (scalars: tf.Tensor): tf.Tensor => tf.mul(tf.expandDims(scalars, 2), direction)
    return { re: times(edges[l]!.re), im: times(edges[l]!.im) }
  })
  return concatenate(vectors)
}

/**
 * Clebsch-Gordan products out of all products of components `[atoms, channels, first, second]`: for each resulting degree the list of
 * its paths, `[atoms, channels, 2 l + 1]` each.
 */
function coupled(
  products: Complex,
  firsts: readonly number[],
  seconds: readonly number[],
  degree: number,
): Complex[][] {
  const paths = couplingPaths(firsts, seconds, degree)
  const { values, shape } = couplingMatrix(firsts, seconds, paths)
  const matrix = tf.tensor2d(values, [...shape])
  const couple = (part: tf.Tensor): tf.Tensor => {
    const [atoms, channels] = part.shape as [number, number]
    const flat = tf.reshape(part, [atoms * channels, shape[0]])
    return tf.reshape(tf.matMul(flat, matrix), [atoms, channels, shape[1]])
  }
  const [re, im] = [couple(products.re), couple(products.im)]
  const results: Complex[][] = degreesTo(degree).map(() => [])
  let first = 0
  for (const { result } of paths) {
    const part = (all: tf.Tensor): tf.Tensor =>
      tf.slice(all, [0, 0, first], [-1, -1, 2 * result + 1])
    results[result]!.push({ re: part(re), im: part(im) })
    first += 2 * result + 1
  }
  return results
}

/** Step 4. */
function readPairs(weights: Tensors, scalars: readonly Complex[], features: Tensors): tf.Tensor1D {
  const rows = tf.concat(
    scalars.flatMap(({ re, im }) => [re, im]),
    1,
  )
  const pairs = tf.gather(rows, features['pairEdges'] as tf.Tensor1D)
  const outputs = multilayerPerceptron(weights, 'readout', pairs, (values) =>
    tf.leakyRelu(values, 0.01),
  )
  return tf.sum(tf.mul(outputs, features['pairTypes']!), 1)
}

/** Complex matrix product over the last axis: `[rows, inputs]` to `[rows, outputs]`. */
function mix(weights: Tensors, name: string, { re, im }: Complex): Complex {
  const real = weights[`${name}/real`] as tf.Tensor2D
  const imaginary = weights[`${name}/imaginary`] as tf.Tensor2D
  return {
    re: tf.sub(tf.matMul(re, real), tf.matMul(im, imaginary)),
    im: tf.add(tf.matMul(re, imaginary), tf.matMul(im, real)),
  }
}

function complexProduct(one: Complex, other: Complex): Complex {
  return {
    re: tf.sub(tf.mul(one.re, other.re), tf.mul(one.im, other.im)),
    im: tf.add(tf.mul(one.re, other.im), tf.mul(one.im, other.re)),
  }
}

/** Every component of one times every component of the other, channel by channel: `[rows, channels, first, second]`. */
function outerProduct(one: Complex, other: Complex): Complex {
  const column = ({ re, im }: Complex) => ({ re: tf.expandDims(re, 3), im: tf.expandDims(im, 3) })
  const row = ({ re, im }: Complex) => ({ re: tf.expandDims(re, 2), im: tf.expandDims(im, 2) })
  return complexProduct(column(one), row(other))
}

function gatherComplex({ re, im }: Complex, rows: tf.Tensor1D): Complex {
  return { re: tf.gather(re, rows), im: tf.gather(im, rows) }
}

/** Joins along the last axis. */
function concatenate(values: readonly Complex[]): Complex {
  const axis = values[0]!.re.rank - 1
  const join = (parts: tf.Tensor[]): tf.Tensor =>
    parts.length > 1 ? tf.concat(parts, axis) : parts[0]!
  return { re: join(values.map(({ re }) => re)), im: join(values.map(({ im }) => im)) }
}

/** `[atoms, channels, components]` to `[atoms, components, channels]`. */
function componentsFirst({ re, im }: Complex): Complex {
  return { re: tf.transpose(re, [0, 2, 1]), im: tf.transpose(im, [0, 2, 1]) }
}

/** All axes but the last into one. */
function flatten({ re, im }: Complex): Complex {
  const width = re.shape.at(-1)!
  return { re: tf.reshape(re, [-1, width]), im: tf.reshape(im, [-1, width]) }
}

/** The vectors of one degree. */
function vectorsOf(atoms: AtomVectors, degree: number): Complex {
  const first = atoms.degrees
    .filter((other) => other < degree)
    .reduce((sum, other) => sum + 2 * other + 1, 0)
  const part = (values: tf.Tensor): tf.Tensor =>
    tf.slice(values, [0, 0, first], [-1, -1, 2 * degree + 1])
  return { re: part(atoms.re), im: part(atoms.im) }
}

function degreesTo(degree: number): number[] {
  return Array.from({ length: degree + 1 }, (_, l) => l)
}

function mixSpec(name: string, inputs: number, outputs: number, trainable = true): ParameterSpec {
  const initialiser = { kind: 'normal', deviation: Math.sqrt(1 / (2 * inputs)) } as const
  return {
    [`${name}/real`]: { shape: [inputs, outputs], initialiser, trainable },
    [`${name}/imaginary`]: { shape: [inputs, outputs], initialiser, trainable },
  }
}

function wavesSpec(name: string, waves: number): ParameterSpec {
  return {
    [`${name}/frequency`]: { shape: [1, waves], initialiser: { kind: 'uniform', bound: 1 } },
    [`${name}/phase`]: { shape: [1, waves], initialiser: { kind: 'uniform', bound: Math.PI } },
  }
}

/** Starts as in 2019: half strength at 1.73 angstrom, 0.2 angstrom wide. */
function fadingSpec(name: string, channels: number): ParameterSpec {
  return {
    [`${name}/reach`]: { shape: [1, channels], initialiser: { kind: 'constant', value: 1.73 } },
    [`${name}/width`]: { shape: [1, channels], initialiser: { kind: 'constant', value: 0.2 } },
  }
}
