import type { LabelInput } from './LabelInput.ts'

/**
 * Six molecules for checks, at B3LYP/6-31G(2df,p) geometries of our own; methane, ammonia, water and ethyne made exactly
 * symmetric, so that what symmetry makes equal must come out equal.
 */
export const REFERENCE_MOLECULES: readonly LabelInput[] = [
  {
    name: 'methane',
    source: 'reference',
    elements: ['C', 'H', 'H', 'H', 'H'],
    positions: [
      [0.0, 0.0, 0.0],
      [0.630378, 0.630378, 0.630378],
      [-0.630378, -0.630378, 0.630378],
      [-0.630378, 0.630378, -0.630378],
      [0.630378, -0.630378, -0.630378],
    ],
  },
  {
    name: 'ammonia',
    source: 'reference',
    elements: ['N', 'H', 'H', 'H'],
    positions: [
      [0.0, 0.0, 0.0],
      [0.934344, 0.0, -0.402515],
      [-0.467172, 0.809166, -0.402515],
      [-0.467172, -0.809166, -0.402515],
    ],
  },
  {
    name: 'water',
    source: 'reference',
    elements: ['O', 'H', 'H'],
    positions: [
      [0.0, 0.0, 0.0],
      [0.756787, 0.594059, 0.0],
      [-0.756787, 0.594059, 0.0],
    ],
  },
  {
    name: 'ethyne',
    source: 'reference',
    elements: ['C', 'C', 'H', 'H'],
    positions: [
      [0.0, 0.0, 0.599496],
      [0.0, 0.0, -0.599496],
      [0.0, 0.0, 1.661697],
      [0.0, 0.0, -1.661697],
    ],
  },
  {
    name: 'methanol',
    source: 'reference',
    elements: ['C', 'O', 'H', 'H', 'H', 'H'],
    positions: [
      [-0.045995, 0.653792, -1e-6],
      [-0.042383, -0.761275, 1e-6],
      [-1.092674, 0.970306, 2e-6],
      [0.436883, 1.0809, 0.891729],
      [0.436877, 1.080897, -0.891735],
      [0.873303, -1.053622, -1e-6],
    ],
  },
  {
    name: 'formamide',
    source: 'reference',
    elements: ['C', 'O', 'N', 'H', 'H', 'H'],
    positions: [
      [-0.166464, 0.385548, 0.0],
      [-1.197606, -0.24514, 5e-6],
      [1.081807, -0.153597, -4e-6],
      [-0.133353, 1.493869, -2e-6],
      [1.903692, 0.42478, -7e-6],
      [1.188928, -1.155473, -2e-6],
    ],
  },
]
