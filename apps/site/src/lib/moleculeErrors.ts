import type { OpenData, OpenMolecule, OpenPair } from './openMolecules.ts'

/** What one entry predicts for one pair. */
export interface PairPrediction {
  readonly entry: string
  readonly value: number
  readonly error: number
}

/** Predictions of a pair, in the order of the entries; those that did not predict it are left out. */
export function predictionsOf(
  pair: OpenPair,
  predictions: OpenData['predictions'],
): PairPrediction[] {
  return [...predictions].flatMap(([entry, values]) => {
    const value = values[pair.index]!
    return Number.isNaN(value) ? [] : [{ entry, value, error: value - pair.coupling }]
  })
}

/** Mean absolute error of an entry on a molecule in hertz; undefined where it predicted none of its pairs. */
export function meanError(
  { pairs }: OpenMolecule,
  entry: string,
  predictions: OpenData['predictions'],
): number | undefined {
  const values = predictions.get(entry)
  const errors = pairs
    .map(({ index, coupling }) => Math.abs((values?.[index] ?? Number.NaN) - coupling))
    .filter((error) => !Number.isNaN(error))
  if (errors.length === 0) return undefined
  return errors.reduce((sum, error) => sum + error, 0) / errors.length
}
