import * as Plot from '@observablehq/plot'
import { drawPlot } from './drawPlot.ts'
import { meanError } from './moleculeErrors.ts'
import type { OpenData, OpenMolecule } from './openMolecules.ts'

/** The drawing ends where it leaves out this share of the couplings at either end. */
const TAIL = 0.01

/** How the errors of an entry are distributed. */
export interface ErrorHistogram {
  /** SVG text. */
  readonly svg: string
  /** Errors in hertz where the drawing ends. */
  readonly low: number
  readonly high: number
  /** How many couplings there are, and how many of them have errors beyond either end and stand in the bins there. */
  readonly count: number
  readonly beyond: number
}

/**
 * Histogram of the out-of-fold errors of an entry in hertz, all types between the same two ends.
 * @returns undefined where it has published no predictions.
 */
export function drawErrorHistogram(
  name: string,
  entry: string,
  { molecules, predictions }: OpenData,
): ErrorHistogram | undefined {
  const values = predictions.get(entry)
  if (!values) return undefined
  const errors = molecules
    .flatMap(({ pairs }) => pairs)
    .map(({ index, coupling }) => values[index]! - coupling)
    .filter((error) => !Number.isNaN(error))
    .toSorted((a, b) => a - b)
  const left = Math.floor(TAIL * errors.length)
  const [low, high] = [errors[left]!, errors.at(-1 - left)!]
  const clipped = errors.map((error) => ({ error: Math.min(high, Math.max(low, error)) }))
  const svg = drawPlot(`How large the errors of ${name} are`, {
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
  const beyond = errors.filter((error) => error < low || error > high).length
  return { svg, low, high, count: errors.length, beyond }
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
