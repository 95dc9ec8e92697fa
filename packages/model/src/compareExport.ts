import { selectMolecules, type MoleculeTable } from '@couplet/data'
import { openOnnx, type ExportedGraph, type OnnxSession } from '@couplet/engine'
import { featureBatch, type Capacity } from './featureBatch.ts'
import { ModelError } from './ModelError.ts'
import { predict } from './predict.ts'
import type { Trained } from './Trained.ts'

/** How an exported file did against `predict`. */
export interface ExportCheck {
  /** Molecules and pairs that were compared. */
  readonly molecules: number
  readonly pairs: number
  /** Largest difference, relative to the coupling, or to 1 Hz where that is smaller. */
  readonly difference: number
}

/** Molecules in the batches that are tried: batches of one, of a few, and of as many as `predict` takes. */
const BATCHES = [1, 1, 3, 16]

/**
 * Runs an exported file on batches of different sizes and compares it with `predict`.
 * @param examples labels are not read.
 */
export async function compareExport(
  trained: Trained,
  examples: MoleculeTable,
  { onnx, fixed }: { readonly onnx: Uint8Array } & Pick<ExportedGraph, 'fixed'>,
): Promise<ExportCheck> {
  const capacity = Object.fromEntries(
    Object.entries(fixed).map(([axis, { length }]) => [axis, length]),
  )
  const session = await openOnnx(onnx)
  try {
    const batches = tryableBatches(trained, examples, capacity)
    const all = [...new Set(batches.flat())]
    const expected = await predict(trained, selectMolecules(examples, all), { workers: 1 })
    const offsets = pairOffsets(examples, all)
    const seen = { molecules: all.length, pairs: expected.length, difference: 0 }
    for (const batch of batches) {
      const actual = await run(session, trained, selectMolecules(examples, batch), capacity)
      let row = 0
      for (const molecule of batch) {
        for (const coupling of expected.subarray(...offsets.get(molecule)!)) {
          const error = Math.abs(actual[row++]! - coupling) / Math.max(1, Math.abs(coupling))
          // A value that is no number must not pass as no difference.
          seen.difference = error <= seen.difference ? seen.difference : error
        }
      }
    }
    return seen
  } finally {
    await session.close()
  }
}

/** Where the pairs of each molecule lie in a selection: first, and behind the last. */
function pairOffsets(
  examples: MoleculeTable,
  selection: readonly number[],
): Map<number, [number, number]> {
  let end = 0
  return new Map(
    selection.map((molecule) => {
      const first = end
      end += examples.pairOffsets[molecule + 1]! - examples.pairOffsets[molecule]!
      return [molecule, [first, end]]
    }),
  )
}

async function run(
  session: OnnxSession,
  trained: Trained,
  molecules: MoleculeTable,
  capacity: Capacity,
): Promise<ArrayLike<number>> {
  const { couplings } = await session.run(featureBatch(trained, molecules, capacity).arrays)
  return couplings!.data
}

/** Batches of the examples, spread evenly over them, that a file with these fixed axes takes. */
function tryableBatches(trained: Trained, examples: MoleculeTable, capacity: Capacity): number[][] {
  const withPairs = [...examples.names.keys()].filter(
    (molecule) => examples.pairOffsets[molecule + 1]! > examples.pairOffsets[molecule]!,
  )
  const fits = (batch: readonly number[]): boolean => {
    try {
      featureBatch(trained, selectMolecules(examples, batch), capacity)
      return true
    } catch (error) {
      if (error instanceof ModelError) return false
      throw error
    }
  }
  const alone = withPairs.filter(
    (molecule) => Object.keys(capacity).length === 0 || fits([molecule]),
  )
  return BATCHES.map((count, index) => {
    const members = Math.min(count, alone.length)
    // The first batch of one holds the first molecule, the second the last.
    const place = (k: number): number => (members > 1 ? k / (members - 1) : Math.min(1, index))
    return Array.from(
      { length: members },
      (_, k) => alone[Math.floor((alone.length - 1) * place(k))]!,
    )
  }).filter(fits)
}
