import { deviation, type Deviation } from './compareLabels.ts'
import { LabelError } from './LabelError.ts'
import { labelMolecule, type LabelMethod } from './labelMolecule.ts'
import { REFERENCE_MOLECULES } from './referenceMolecules.ts'
import { runWorker, type WorkerLimits } from './runWorker.ts'
import { WorkerFailure } from './WorkerFailure.ts'

/** Molecules that NWChem does in minutes. */
const MOLECULES = ['water', 'ammonia', 'methanol', 'formamide']

/** Couplings by both programs at the same geometry. */
export interface NwchemComparison {
  /** One row for each molecule: differences of the couplings, ours minus NWChem's. */
  readonly molecules: readonly Deviation[]
  /** Each pair with both couplings, in hertz. */
  readonly pairs: readonly {
    readonly molecule: string
    readonly atoms: readonly [number, number]
    readonly ours: number
    readonly nwchem: number
  }[]
}

/**
 * Computes the couplings of water, ammonia, methanol and formamide here and by NWChem, whose two constants are put right.
 *
 * @param limits of each molecule with each program.
 * @param onMolecule told before each molecule.
 * @throws LabelError if one of the programs fails; WorkerFailure that is not final when it was stopped by the signal.
 */
export async function againstNwchem(
  method: LabelMethod,
  limits: WorkerLimits,
  onMolecule: (name: string, done: number, all: number) => void = () => {},
): Promise<NwchemComparison> {
  const pairs: NwchemComparison['pairs'][number][] = []
  const molecules: Deviation[] = []
  for (const [index, name] of MOLECULES.entries()) {
    onMolecule(name, index, MOLECULES.length)
    const input = REFERENCE_MOLECULES.find((molecule) => molecule.name === name)!
    try {
      const record = await labelMolecule(input, method, limits)
      if (record.failure !== undefined) throw new WorkerFailure(record.failure)
      const { elements, positions } = input
      const atoms = record.pairs.map((pair) => pair.atoms)
      const { couplings } = await runWorker(
        method.command,
        { task: 'nwchem', elements, positions, pairs: atoms },
        limits,
      )
      const compared = record.pairs.map(({ atoms: pair, fc, sd, pso, dso }, row) => ({
        molecule: name,
        atoms: pair,
        ours: fc + sd + pso + dso,
        nwchem: (couplings as number[][])[row]!.reduce((sum, part) => sum + part, 0),
      }))
      pairs.push(...compared)
      molecules.push(
        deviation(
          name,
          compared.map(({ ours, nwchem }) => ours - nwchem),
        ),
      )
    } catch (error) {
      if (!(error instanceof WorkerFailure) || !error.final) throw error
      throw new LabelError(`${name} cannot be compared with NWChem: ${error.message}.`)
    }
  }
  return { molecules, pairs }
}
