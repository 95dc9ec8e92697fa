import { COUPLING_TYPES, distance, graphDistances, moleculeAt, pathScale } from '@couplet/data'
import { perceiveChemistry } from '@couplet/data/chemistry'
import { initialiseParameters, type Context, type HostArrays, type Tensors } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { ATOM_FEATURES, describeAtoms, describeMolecule } from '../src/describeAtoms.ts'
import { BOND_FEATURES, bondAngles, describeBonds } from '../src/describeBonds.ts'
import { table } from '../../../data/test/asymmetricMethanol.ts'
import { featurize, sizes } from '../src/featurize.ts'
import { messagePassingTransformer } from '../src/index.ts'
import { forward, parameters, type MessagePassingTransformerConfig } from '../src/network.ts'
import { pairReadings } from '../src/pairReadings.ts'

/** Two blocks of the published network, a few channels wide. */
const config: MessagePassingTransformerConfig = {
  ...messagePassingTransformer.published,
  width: 6,
  blocks: 2,
  heads: 2,
  kernel: 4,
  edgeWidth: 5,
  angleWidth: 3,
  innerWidth: 7,
  headWidth: 4,
  partWidth: 3,
}
const { width, heads, kernel } = config

const factors = COUPLING_TYPES.map((_, type) => [1, 0.5, 0.25, 0.125, 0.1 * (type + 1)])

type Vector = readonly number[]
const sum = (values: Vector): number => values.reduce((total, value) => total + value, 0)
const add = (...rows: Vector[]): number[] =>
  rows[0]!.map((_, at) => sum(rows.map((row) => row[at]!)))
const relu = (row: Vector): number[] => row.map((value) => Math.max(0, value))

const spec = Object.fromEntries(
  Object.entries(parameters(config)).map(([name, { shape }]) => [
    name,
    { shape, initialiser: { kind: 'uniform', bound: 0.7 } as const },
  ]),
)
const arrays: HostArrays = initialiseParameters(spec, 5).toArrays()

const row = (name: string, at = 0): number[] => {
  const { shape, data } = arrays[name]!
  const length = shape.at(-1)!
  return [...data.subarray(at * length, (at + 1) * length)]
}
const linear = (name: string, x: Vector): number[] =>
  add(row(`${name}/bias`), ...x.map((value, at) => row(`${name}/kernel`, at).map((w) => w * value)))
/** Linear layers with ReLU between them. */
const network = (name: string, layers: number, x: Vector): number[] =>
  Array.from({ length: layers }).reduce<number[]>(
    (values, _, layer) => linear(`${name}/${layer}`, layer > 0 ? relu(values) : values),
    [...x],
  )
const norm = (name: string, x: Vector): number[] => {
  const mean = sum(x) / x.length
  const variance = sum(x.map((value) => (value - mean) ** 2)) / x.length
  return x.map(
    (value, at) =>
      ((value - mean) / Math.sqrt(variance + 1e-5)) * row(`${name}/gain`)[at]! +
      row(`${name}/offset`)[at]!,
  )
}
const chunk = (values: ArrayLike<number>, length: number): number[][] =>
  Array.from({ length: values.length / length }, (_, at) =>
    Array.from({ length }, (_unused, place) => values[at * length + place]!),
  )

/** Number by number what the reference says, for one molecule. */
function bruteForce(): { couplings: number[]; contributions: number[][] } {
  const { positions, bondAtoms } = moleculeAt(table, 0)
  const chemistry = perceiveChemistry(table)
  const readings = pairReadings(table, pathScale(table), false)
  const { cosines, firstBonds, secondBonds } = bondAngles(table)
  let atoms = chunk(describeAtoms(table, chemistry), ATOM_FEATURES).map((x) =>
    linear('embedding', x),
  )
  const places = [...atoms.keys()]
  const apart = graphDistances(atoms.length, bondAtoms)

  // One A_ij for both directions; a varying convolution with 2 channels before the own one and 1 behind it.
  const kernelOf = (name: string, x: Vector): number[][] => {
    const outputs = network(`edge-network/${name}`, 4, x).map((value) => value / Math.sqrt(kernel))
    return Array.from({ length: width }, (_, channel) =>
      Array.from({ length: kernel }, (_unused, place) => outputs[place * width + channel]!),
    )
  }
  const convolve = (kernels: number[][], x: Vector): number[] =>
    kernels.map((own, channel) =>
      sum(own.map((weight, place) => weight * (x[channel + place - 2] ?? 0))),
    )
  const bonds = chunk(describeBonds(table, chemistry), BOND_FEATURES).map((x, bond) => {
    const own = cosines.filter((_, at) => firstBonds[at] === bond || secondBonds[at] === bond)
    const each = own.map((cosine) => network('angle-network', 2, [cosine]).map(Math.tanh))
    const factor = add(...each).map((value) => value / own.length)
    const [first, second] = [bondAtoms[2 * bond]!, bondAtoms[2 * bond + 1]!]
    return { first, second, kernels: kernelOf('bonds', x), factor }
  })
  const pairs = readings.features.map((x, at) => ({
    first: readings.firsts[at]!,
    second: readings.seconds[at]!,
    kernels: kernelOf('pairs', x),
    factor: Array.from({ length: width }, () => readings.weights[at]!),
  }))
  const messages =
    (edges: typeof bonds) =>
    (name: string, x: number[][]): number[][] =>
      places.map((atom) => {
        const arriving = edges.flatMap(({ first, second, kernels, factor }) => {
          const from = first === atom ? second : second === atom ? first : undefined
          if (from === undefined) return []
          return [convolve(kernels, x[from]!).map((value, channel) => value * factor[channel]!)]
        })
        return linear(
          `${name}/out`,
          add(
            Array.from({ length: width }, () => 0),
            ...arriving,
          ),
        )
      })

  const size = width / heads
  const mix = (weight: (head: number, i: number, j: number) => number, values: number[][]) =>
    places.map((i) =>
      Array.from({ length: width }, (_, channel) => {
        const head = Math.floor(channel / size)
        const all = places.map((j) => weight(head, i, j))
        return sum(all.map((own, j) => (own / sum(all)) * values[j]![channel]!))
      }),
    )
  const given =
    (weight: (name: string, head: number, i: number, j: number) => number) =>
    (name: string, x: number[][]): number[][] => {
      const values = x.map((one) => linear(`${name}/values`, one))
      return mix((head, i, j) => weight(name, head, i, j), values).map((one) =>
        linear(`${name}/out`, one),
      )
    }
  const steps: Record<string, (name: string, x: number[][]) => number[][]> = {
    bonds: messages(bonds),
    pairs: messages(pairs),
    metric: given((name, head, i, j) => {
      // The centres of two heads start at 0 and 4 angstrom.
      const centre = row(`${name}/centre`)[head]! + 4 * head
      const offset =
        Math.exp(row(`${name}/sharpness`)[head]!) * (distance(positions, i, j) - centre)
      return Math.exp(-0.5 * offset ** 2)
    }),
    topological: given((name, head, i, j) =>
      Math.exp(row(`${name}/scores`, apart[i * places.length + j])[head]!),
    ),
    learned: (name, x) => {
      const projected = x.map((one) => chunk(linear(`${name}/in`, one), width))
      const part = (at: number, which: number, head: number): number[] =>
        projected[at]![which]!.slice(head * size, (head + 1) * size)
      const weight = (head: number, i: number, j: number): number => {
        const key = part(j, 1, head)
        return Math.exp(sum(part(i, 0, head).map((q, at) => q * key[at]!)) / Math.sqrt(size))
      }
      const values = projected.map((one) => one[2]!)
      return mix(weight, values).map((one) => linear(`${name}/out`, one))
    },
    inner: (name, x) => x.map((one) => network(name, 2, one)),
  }
  for (let block = 0; block < config.blocks; block++) {
    for (const [step, run] of Object.entries(steps)) {
      const name = `block-${block}/${step}`
      const update = run(
        name,
        atoms.map((x) => norm(`${name}/norm`, x)),
      )
      atoms = atoms.map((x, at) => add(x, update[at]!))
    }
  }

  const whole = describeMolecule(table, 0)
  const read = readings.features.map((known, at) => {
    const type = table.pairTypes[readings.pairs[at]!]!
    const x = [
      ...atoms[readings.firsts[at]!]!,
      ...atoms[readings.seconds[at]!]!,
      ...known,
      ...whole,
    ]
    const dense = relu(linear('readout/dense', x))
    const typed = linear(`readout/dense-${COUPLING_TYPES[type]!.toLowerCase()}`, dense)
    const hidden = chunk(relu(linear('readout/parts', add(x, typed))), config.partWidth)
    return hidden.map((own, part) => {
      const total = sum(own.map((value, at_) => value * row('readout/sums', part)[at_]!))
      return (total + row('readout/offsets')[part]!) * factors[type]![part]!
    })
  })
  const parts = Array.from(table.pairTypes, (_, pair) =>
    add(
      [0, 0, 0, 0, 0],
      ...read.flatMap((own, at) =>
        readings.pairs[at] === pair ? [own.map((value) => value * readings.weights[at]!)] : [],
      ),
    ),
  )
  return { couplings: parts.map(sum), contributions: parts.map((own) => own.slice(0, 4)) }
}

function tensors(values: HostArrays): Tensors {
  return Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

test('computes what the description says, step by step', () => {
  const own = Object.fromEntries(
    Object.entries(sizes(table)).map(([axis, [size]]) => [axis, size! + 1]),
  )
  const pairs = table.pairTypes.length
  const bucket = { molecules: 2, pairs: pairs + 1, ...own }
  const options = { paths: pathScale(table), withMeasures: false, factors }
  const [couplings, contributions] = tf.tidy(() => {
    const features = tensors(featurize(table, options, bucket))
    const result = forward(tensors(arrays), features, {} as Context, config)
    return [result.couplings.arraySync(), result.contributions!.arraySync()]
  })
  const expected = bruteForce()
  const near = (values: Vector): unknown[] => values.map((value) => expect.closeTo(value, 4))
  expect(couplings.slice(0, pairs)).toEqual(near(expected.couplings))
  expect(contributions.slice(0, pairs)).toEqual(expected.contributions.map(near))
  expect(Math.max(...expected.couplings) - Math.min(...expected.couplings)).toBeGreaterThan(0.1)
})
