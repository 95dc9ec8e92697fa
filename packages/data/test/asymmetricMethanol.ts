import { buildTable } from '../src/index.ts'

/** Methanol without any symmetry, C O H H H H: coordinates in angstrom, for networks that are computed number by number. */
export const places: readonly (readonly number[])[] = [
  [0, 0, 0],
  [1.42, 0.02, 0],
  [-0.36, 1.03, 0.05],
  [-0.36, -0.51, 0.89],
  [-0.33, -0.53, -0.87],
  [1.74, -0.91, 0.11],
]

/** The same as a table, with every pair from one to three bonds. */
export const table = buildTable([
  {
    name: 'methanol',
    atomicNumbers: Uint8Array.of(6, 8, 1, 1, 1, 1),
    positions: Float32Array.from(places.flat()),
  },
])
