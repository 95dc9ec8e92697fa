import { buildTable, type MoleculeRecord, type MoleculeTable } from '@couplet/data'
import { buildMolecule, type InternalAtom } from './buildMolecule.ts'
import { withLabels } from './toyLabels.ts'

/** Hydrogens on an atom, one for each dihedral angle about the bond to its neighbour. */
function hydrogens(
  at: number,
  neighbour: number,
  next: number,
  dihedrals: readonly number[],
  length = 1.09,
  angle = 109.5,
): InternalAtom[] {
  return dihedrals.map((dihedral) => ['H', at, length, neighbour, angle, next, dihedral] as const)
}

/** Holds all eight coupling types. */
const ethylamine = buildMolecule('ethylamine', [
  ['C'],
  ['C', 0, 1.53],
  ['N', 1, 1.46, 0, 110],
  ...hydrogens(0, 1, 2, [60, 180, 300]),
  ['H', 1, 1.1, 0, 109.5, 3, 0],
  ['H', 1, 1.1, 0, 109.5, 3, 240],
  ...hydrogens(2, 1, 0, [60, 180], 1.01, 108),
])

const ethane = buildMolecule('ethane', [
  ['C'],
  ['C', 0, 1.53],
  ['H', 0, 1.09, 1, 111],
  ...hydrogens(0, 1, 2, [120, 240], 1.09, 111),
  ...hydrogens(1, 0, 2, [60, 180, 300]),
])

const formamide = buildMolecule('formamide', [
  ['C'],
  ['O', 0, 1.21],
  ['N', 0, 1.36, 1, 125],
  ['H', 0, 1.1, 1, 122, 2, 180],
  ['H', 2, 1.01, 0, 119, 1, 0],
  ['H', 2, 1.0, 0, 121, 1, 180],
])

const propyne = buildMolecule('propyne', [
  ['C'],
  ['C', 0, 1.2],
  ['H', 0, 1.06, 1, 178],
  ['C', 1, 1.46, 0, 178, 2, 180],
  ...hydrogens(3, 1, 2, [0, 120, 240], 1.09, 110.5),
])

const hydrogenCyanide = buildMolecule('hydrogen-cyanide', [
  ['C'],
  ['N', 0, 1.15],
  ['H', 0, 1.07, 1, 178],
])

const fluoromethanol = buildMolecule('fluoromethanol', [
  ['C'],
  ['O', 0, 1.38],
  ['F', 0, 1.39, 1, 110],
  ['H', 0, 1.09, 1, 109, 2, 120],
  ['H', 0, 1.1, 1, 109, 2, 240],
  ['H', 1, 0.96, 0, 108, 2, 70],
])

const methane = buildMolecule('methane', [
  ['C'],
  ['H', 0, 1.09],
  ['H', 0, 1.09, 1, 109.5],
  ['H', 0, 1.09, 1, 109.5, 2, 120],
  ['H', 0, 1.09, 1, 109.5, 2, 240],
])

const methylamine = buildMolecule('methylamine', [
  ['C'],
  ['N', 0, 1.47],
  ['H', 0, 1.1, 1, 111],
  ...hydrogens(0, 1, 2, [120, 240]),
  ['H', 1, 1.01, 0, 109, 2, 60],
  ['H', 1, 1.02, 0, 110, 2, 180],
])

/** A single pair, 2JHH. */
const water = buildMolecule('water', [['O'], ['H', 0, 0.96], ['H', 0, 0.97, 1, 104.5]])

/** No pair at all. */
const carbonDioxide = buildMolecule('carbon-dioxide', [
  ['C'],
  ['O', 0, 1.16],
  ['O', 0, 1.17, 1, 178],
])

/** 29 atoms, as many as the largest molecule of the competition has. */
function nonane(): MoleculeRecord {
  const chain: InternalAtom[] = [['C'], ['C', 0, 1.53], ['C', 1, 1.53, 0, 112]]
  for (let carbon = 3; carbon < 9; carbon++) {
    chain.push(['C', carbon - 1, 1.53, carbon - 2, 112, carbon - 3, 180])
  }
  const inner = [1, 2, 3, 4, 5, 6, 7].flatMap((carbon) =>
    [120, 240].map((turn): InternalAtom => ['H', carbon, 1.09, carbon - 1, 109, carbon + 1, turn]),
  )
  const ends = [...hydrogens(0, 1, 2, [60, 180, 300]), ...hydrogens(8, 7, 6, [60, 180, 300])]
  return buildMolecule('nonane', [...chain, ...inner, ...ends])
}

/** A methane whose hydrogens are too far away to count as bonded, with the pairs of the real one. */
function brokenMethane(): MoleculeRecord {
  const { couplings: _, ...whole } = buildTable([methane])
  return {
    ...methane,
    name: 'methane-without-bonds',
    positions: methane.positions.map((value) => 3 * value),
    bonds: new Uint16Array(0),
    pairs: { atoms: whole.pairAtoms, types: whole.pairTypes },
  }
}

/** A methane with a fluorine atom far away, bonded to nothing. */
function methaneAndFluorine(): MoleculeRecord {
  return {
    name: 'methane-and-far-fluorine',
    atomicNumbers: Uint8Array.of(...methane.atomicNumbers, 9),
    positions: Float32Array.of(...methane.positions, 25, -18, 30),
  }
}

/** The four molecules that every model learns from in the suite; all eight types occur, and every optional column. */
export function trainingMolecules(): MoleculeTable {
  return withLabels(buildTable([ethylamine, ethane, formamide, propyne]))
}

/** Molecules to predict, none of them among those to learn from. Labelled, so that a model which reads labels is found out. */
export function heldOutMolecules(): MoleculeTable {
  return withLabels(buildTable([methane, hydrogenCyanide, fluoromethanol, water, methylamine]))
}

/** The extremes that a stranger's file can hold: 29 atoms, one pair, no pair, no bonds, an atom far away. */
export function extremeMolecules(): MoleculeTable {
  return buildTable([
    nonane(),
    water,
    carbonDioxide,
    hydrogenCyanide,
    brokenMethane(),
    methaneAndFluorine(),
    ethylamine,
  ])
}

/** Methane alone: six of the eight types are absent. */
export function methaneOnly(): MoleculeTable {
  return withLabels(buildTable([methane]))
}
