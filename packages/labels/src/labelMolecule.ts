import {
  atomicNumberOf,
  coupledPairs,
  COUPLING_TYPES,
  perceiveBonds,
  type CoupledPairs,
} from '@couplet/data'
import { sha256 } from '@couplet/data/node'
import type { LabelInput } from './LabelInput.ts'
import type { LabelledPair, LabelRecord, Optimisation } from './LabelRecord.ts'
import { heldAngle } from './heldAngle.ts'
import { runWorker, type WorkerLimits } from './runWorker.ts'
import { WorkerFailure } from './WorkerFailure.ts'

/** No coupling of these elements is larger, in hertz: a larger one means that the calculation went wrong. */
const LARGEST_COUPLING = 500

/** How to label a molecule. */
export interface LabelMethod {
  /** Program and arguments that run one step. */
  readonly command: readonly string[]
  readonly optimise: Optimisation
  /** What the program said of its versions. */
  readonly versions: Readonly<Record<string, unknown>>
}

/**
 * Labels one molecule: optimises its geometry if asked, finds its coupled pairs, and computes their couplings. What goes
 * wrong with the molecule is told in the record.
 *
 * @param limits of the molecule as a whole.
 * @throws WorkerFailure only when it was stopped from outside, and is not final.
 */
export async function labelMolecule(
  input: LabelInput,
  method: LabelMethod,
  limits: WorkerLimits,
): Promise<LabelRecord> {
  const start = performance.now()
  const step = async (job: object): Promise<Record<string, unknown>> => {
    const used = (performance.now() - start) / 1000
    try {
      return await runWorker(method.command, job, {
        ...limits,
        seconds: Math.max(1, limits.seconds - used),
      })
    } catch (error) {
      // The limit is that of the molecule, not what was left of it.
      if (error instanceof WorkerFailure && error.message.startsWith('time limit')) {
        throw new WorkerFailure(`time limit of ${limits.seconds} s`)
      }
      throw error
    }
  }
  const cost = { couplings: 0, geometry: 0, wallSeconds: 0, peakMb: 0 }
  let positions = input.positions
  let geometry: Record<string, unknown> | undefined
  let torsion: LabelRecord['torsion']
  const notes: string[] = []
  const about = (): Omit<LabelRecord, 'pairs'> => ({
    schema: 1,
    name: input.name,
    source: input.source,
    ...(input.smiles !== undefined && { smiles: input.smiles }),
    key: labelKey(input, method.optimise),
    optimise: method.optimise,
    notes,
    elements: input.elements,
    positions,
    method: method.versions,
    ...(geometry && { geometry }),
    ...(torsion && { torsion }),
    cost: { ...cost, wallSeconds: Math.round((performance.now() - start) / 100) / 10 },
  })
  try {
    const numbers = Uint8Array.from(input.elements, (element) => atomicNumberOf(element) ?? 0)
    if (numbers.reduce((sum, number) => sum + number, 0) % 2 === 1) {
      throw new WorkerFailure(
        'it has an odd number of electrons: a radical or an ion. Closed shells only',
      )
    }
    const given = input.bonds ?? bondsOf(numbers, positions, input.name)
    if (input.bonds && !sameBonds(bondsOf(numbers, positions, input.name), given)) {
      throw new WorkerFailure('the start geometry has other bonds than the molecule')
    }
    if (method.optimise !== 'none') {
      const { positions: found, ...facts } = await step({
        task: 'geometry',
        method: method.optimise,
        elements: input.elements,
        positions,
        ...(input.torsion && { torsion: input.torsion }),
      })
      positions = checkPositions(found, numbers.length)
      geometry = facts
      cost.geometry = finite(facts['cpu_seconds'])
      cost.peakMb = finite(facts['peak_mb'])
      if (facts['converged'] !== true) notes.push('geometry not converged')
      if (!sameBonds(bondsOf(numbers, positions, input.name), given)) {
        throw new WorkerFailure('bonds changed while the geometry was optimised')
      }
      if (input.torsion) {
        torsion = { ...input.torsion, found: heldAngle(positions, input.torsion) }
      }
    }
    const pairs = coupledPairs(numbers, bondsOf(numbers, positions, input.name))
    if (pairs.types.length === 0) throw new WorkerFailure('no coupled pair')
    const { couplings, energy, mulliken, dipole, ...facts } = await step({
      task: 'couplings',
      elements: input.elements,
      positions,
      pairs: pairsOf(pairs),
    })
    cost.couplings = finite(facts['cpu_seconds'])
    cost.peakMb = Math.max(cost.peakMb, finite(facts['peak_mb']))
    if (facts['stable'] !== true) throw new WorkerFailure('triplet instability of the ground state')
    return {
      ...about(),
      pairs: labelledPairs(pairs, couplings),
      energy: finite(energy),
      mulliken: numbersOf(mulliken, numbers.length),
      dipole: numbersOf(dipole, 3),
      calculation: facts,
    }
  } catch (error) {
    if (error instanceof WorkerFailure ? !error.final : !isDataError(error)) throw error
    return { ...about(), failure: (error as Error).message, pairs: [] }
  }
}

/** Checksum of what a record answers: another geometry, optimisation or torsion is another question. */
export function labelKey(input: LabelInput, optimise: Optimisation): string {
  const { elements, positions, bonds = [], torsion } = input
  const held = torsion ? [torsion.atoms, torsion.degrees] : []
  const question = JSON.stringify([elements, positions, [...bonds], optimise, ...held])
  return sha256(question).slice(0, 16)
}

const isDataError = (error: unknown): boolean =>
  error instanceof Error && error.name === 'DataError'

function bondsOf(
  numbers: Uint8Array,
  positions: LabelInput['positions'],
  name: string,
): Uint16Array {
  return perceiveBonds(numbers, Float32Array.from(positions.flat()), name)
}

function sameBonds(one: Uint16Array, other: Uint16Array): boolean {
  return one.length === other.length && one.every((atom, index) => atom === other[index])
}

function pairsOf({ atoms, types }: CoupledPairs): [number, number][] {
  return Array.from(types, (_, pair) => [atoms[2 * pair]!, atoms[2 * pair + 1]!])
}

function labelledPairs(pairs: CoupledPairs, couplings: unknown): LabelledPair[] {
  const atoms = pairsOf(pairs)
  if (!Array.isArray(couplings) || couplings.length !== atoms.length) {
    throw new WorkerFailure('its couplings do not belong to the pairs')
  }
  return atoms.map((pair, index) => {
    const [fc, sd, pso, dso] = numbersOf(couplings[index], 4) as [number, number, number, number]
    const sum = fc + sd + pso + dso
    if (Math.abs(sum) > LARGEST_COUPLING) {
      throw new WorkerFailure(`a coupling of ${sum.toFixed(0)} Hz: beyond ${LARGEST_COUPLING} Hz`)
    }
    return { atoms: pair, type: COUPLING_TYPES[pairs.types[index]!]!, fc, sd, pso, dso }
  })
}

function checkPositions(found: unknown, atoms: number): number[][] {
  if (!Array.isArray(found) || found.length !== atoms) {
    throw new WorkerFailure('its geometry has another number of atoms')
  }
  return found.map((point) => numbersOf(point, 3).map((value) => Number(value.toFixed(8))))
}

function finite(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new WorkerFailure('its result lacks a number')
  }
  return value
}

function numbersOf(values: unknown, length: number): number[] {
  if (!Array.isArray(values) || values.length !== length) {
    throw new WorkerFailure('its result lacks numbers')
  }
  return values.map(finite)
}
