import { COUPLING_TYPES } from '@couplet/data'
import * as Plot from '@observablehq/plot'
import { drawPlot } from './drawPlot.ts'
import { meanError } from './moleculeErrors.ts'
import type { OpenData, OpenMolecule } from './openMolecules.ts'

/** Errors beyond this share of the couplings at either end are counted in the last bin. */
const TAIL = 0.01

/**
 * Histogram of the out-of-fold errors of an entry, for each type in deviations of that type.
 * @returns undefined where it has published no predictions.
 */
export function drawErrorHistogram(
  name: string,
  entry: string,
  { molecules, predictions }: OpenData,
): string | undefined {
  const values = predictions.get(entry)
  if (!values) return undefined
  const rows = molecules
    .flatMap(({ pairs }) => pairs)
    .map(({ index, coupling, type }) => ({ type, error: values[index]! - coupling }))
    .filter(({ error }) => !Number.isNaN(error))
  const clipped = COUPLING_TYPES.flatMap((type) => {
    const errors = rows.filter((row) => row.type === type).map(({ error }) => error)
    const sorted = errors.toSorted((a, b) => a - b)
    const [low, high] = [
      sorted[Math.floor(TAIL * sorted.length)],
      sorted[Math.floor((1 - TAIL) * sorted.length)],
    ]
    return errors.map((error) => ({ type, error: Math.min(high!, Math.max(low!, error)) }))
  })
  return drawPlot(`How large the errors of ${name} are`, {
    height: 240,
    marginLeft: 52,
    x: { label: 'prediction less label (Hz)' },
    y: { label: 'couplings', grid: true },
    marks: [
      Plot.rectY(clipped, {
        ...Plot.binX({ y: 'count' }, { x: 'error', thresholds: 60 }),
        fill: 'var(--c0)',
      }),
      Plot.ruleX([0], { stroke: 'var(--c1)', strokeDasharray: '4 3' }),
    ],
  })
}

/** A geometry and the mean absolute error of an entry on it in hertz. */
export interface HardMolecule {
  readonly molecule: OpenMolecule
  readonly error: number
}

/** The geometries that an entry predicts worst. */
export function worstMolecules(
  entry: string,
  { molecules, predictions }: OpenData,
  count: number,
): HardMolecule[] {
  return molecules
    .flatMap((molecule) => {
      const error = meanError(molecule, entry, predictions)
      return error === undefined ? [] : [{ molecule, error }]
    })
    .toSorted((a, b) => b.error - a.error)
    .slice(0, count)
}
