import { buildTable, COUPLING_TYPES, type MoleculeTable } from '@couplet/data'
import { initialiseParameters, type HostArrays, type Tensors } from '@couplet/engine'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { featurize } from '../src/featurize.ts'
import { cormorant } from '../src/index.ts'
import { embedAtoms, parameters, updateAtoms, updateEdges } from '../src/network.ts'
import type { CormorantConfig } from '../src/network.ts'
import { rotate, rotation, wignerMatrix } from './rotations.ts'

const config: CormorantConfig = { ...cormorant.published, channels: 3, levels: 4, headWidth: 4 }

/** A hydroxylamine without any symmetry. */
const positions = [
  [0, 0, 0],
  [1.44, 0.1, -0.05],
  [-0.35, 0.9, 0.1],
  [-0.3, -0.5, 0.83],
  [1.75, 0.72, 0.55],
]
const table = (places: readonly (readonly number[])[]): MoleculeTable =>
  buildTable([
    {
      name: 'molecule',
      atomicNumbers: Uint8Array.of(7, 8, 1, 1, 1),
      positions: Float32Array.from(places.flat()),
    },
  ])

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** Vectors of the atoms after every level. */
function levels(places: readonly (readonly number[])[]): { re: number[][][]; im: number[][][] }[] {
  const weights = tensors(initialiseParameters(parameters(config), 3).toArrays())
  const bucket = { molecules: 2, atoms: 6, edges: 21, pairs: 10 }
  const features = tensors(featurize(table(places), config.degree, bucket))
  let atoms = embedAtoms(weights, features)
  let edges: ReturnType<typeof updateEdges> | undefined
  return Array.from({ length: config.levels - 1 }, (_, level) => {
    edges = updateEdges(weights, `level-${level}/edges`, atoms, edges, features, config)
    atoms = updateAtoms(weights, `level-${level}/atoms`, atoms, edges, features, config)
    const read = (values: tf.Tensor): number[][][] => values.arraySync() as number[][][]
    return { re: read(atoms.re).slice(0, 5), im: read(atoms.im).slice(0, 5) }
  })
}

function tensors(arrays: HostArrays): Tensors {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32'),
    ]),
  )
}

test('the vectors of every level turn with the molecule, degree by degree', () => {
  const before = levels(positions)
  const after = levels(positions.map((place) => rotate(rotation, place)))
  for (const [level, { re, im }] of before.entries()) {
    for (const degree of [0, 1, 2, 3]) {
      const turn = wignerMatrix(degree)
      let largest = 0
      let error = 0
      for (const [part, turned] of [
        [re, after[level]!.re],
        [im, after[level]!.im],
      ] as const) {
        part.forEach((channels, atom) =>
          channels.forEach((components, channel) => {
            const expected = rotate(turn, components.slice(degree ** 2, (degree + 1) ** 2))
            const found = turned[atom]![channel]!.slice(degree ** 2, (degree + 1) ** 2)
            expected.forEach((value, index) => {
              largest = Math.max(largest, Math.abs(value))
              error = Math.max(error, Math.abs(value - found[index]!))
            })
          }),
        )
      }
      expect(largest, `level ${level}, degree ${degree}`).toBeGreaterThan(0)
      expect(error / largest, `level ${level}, degree ${degree}`).toBeLessThan(1e-5)
    }
  }
})

/** Number of values of each block, shapes alone. */
function blockCounts(sizes: CormorantConfig): Map<string, number> {
  const blocks = new Map<string, number>()
  for (const [name, { shape }] of Object.entries(parameters(sizes))) {
    const block = name.replace(/^(level-\d+\/\w+|\w+).*$/, '$1')
    const size = shape.reduce((product, length) => product * length, 1)
    blocks.set(block, (blocks.get(block) ?? 0) + size)
  }
  return blocks
}

/** Of a network for one type: the readout has one output instead of eight. */
function ofOneType(sizes: CormorantConfig): number {
  const total = [...blockCounts(sizes).values()].reduce((sum, size) => sum + size, 0)
  return total - (COUPLING_TYPES.length - 1) * (sizes.headWidth + 1)
}

test('the published sizes have about 2.25 million parameters for each type, within 1 percent', () => {
  const { published } = cormorant
  const blocks = blockCounts(published)
  console.log([...blocks].map(([block, size]) => `${block}: ${size}`).join('\n'))
  const [all, used] = [ofOneType(published), ofOneType({ ...published, idleParts: false })]
  console.log(`one type: ${all}, of these idle: ${all - used}`)
  // Paths to degrees 0 to 3 of products up to degree 3: 4 + 9 + 11 + 10, by two kinds of product, and the vectors themselves.
  expect(blocks.get('level-3/atoms')).toBe(2 * 48 * 48 * (2 * (4 + 9 + 11 + 10) + 4))
  expect(blocks.get('level-4/atoms')).toBe(blocks.get('level-3/atoms'))
  // An edge before, four products and 16 waves, to 48 channels of four degrees; 8 numbers of waves and 96 of fading each.
  expect(blocks.get('level-4/edges')).toBe(4 * (2 * 48 * (48 + 4 * 48 + 16) + 8 + 96))
  expect(Math.abs(all / 2.25e6 - 1)).toBeLessThan(0.01)
  expect(Math.abs(used / 2.25e6 - 1)).toBeGreaterThan(0.1)
})

test('the idle mixture is the only one that is not trained', () => {
  const idle = Object.entries(parameters(cormorant.published))
    .filter(([, { trainable }]) => trainable === false)
    .map(([name]) => name)
  expect(idle).toHaveLength(8)
  expect(idle.every((name) => name.startsWith('level-4/atoms/'))).toBe(true)
})
