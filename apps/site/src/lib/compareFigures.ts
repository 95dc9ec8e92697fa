import * as Plot from '@observablehq/plot'
import { drawPlot } from './drawPlot.ts'
import { entryOf } from './entries.ts'
import { meanError } from './moleculeErrors.ts'
import type { OpenData, OpenMolecule } from './openMolecules.ts'

/** Errors below this in hertz are drawn at it: a logarithmic axis has no zero. */
const LEAST_ERROR = 0.01

/**
 * Absolute errors of two entries on the same couplings, counted in cells of a logarithmic grid.
 * @returns undefined unless both have published predictions.
 */
export function drawErrorsOfBoth(
  a: string,
  b: string,
  { molecules, predictions }: OpenData,
): string | undefined {
  const [ofA, ofB] = [predictions.get(a), predictions.get(b)]
  if (!ofA || !ofB) return undefined
  const points = molecules
    .flatMap(({ pairs }) => pairs)
    .map(({ index, coupling }) => ({
      x: Math.log10(Math.max(LEAST_ERROR, Math.abs(ofA[index]! - coupling))),
      y: Math.log10(Math.max(LEAST_ERROR, Math.abs(ofB[index]! - coupling))),
    }))
    .filter(({ x, y }) => !Number.isNaN(x + y))
  const power = (value: number): string => String(Number((10 ** value).toPrecision(1)))
  const [nameA, nameB] = [a, b].map((id) => entryOf(id)?.name ?? id)
  const ticks = [-2, -1, 0, 1]
  return drawPlot(`Absolute errors of ${nameA} and of ${nameB} on the same couplings`, {
    width: 420,
    height: 400,
    x: { label: `|error| of ${nameA} (Hz)`, ticks, tickFormat: power },
    y: { label: `|error| of ${nameB} (Hz)`, ticks, tickFormat: power },
    opacity: { type: 'sqrt', range: [0.12, 1] },
    marks: [
      Plot.rect(points, {
        ...Plot.bin({ fillOpacity: 'count' }, { x: 'x', y: 'y', interval: 0.125 }),
        inset: 0.5,
        fill: 'var(--c0)',
      }),
      Plot.line(
        [
          [-2, -2],
          [1, 1],
        ],
        { stroke: 'var(--c1)', strokeDasharray: '5 4' },
      ),
      Plot.frame({ stroke: 'var(--rule)' }),
    ],
  })
}

/** A molecule and the mean absolute errors of two entries on it in hertz. */
export interface Contrast {
  readonly molecule: OpenMolecule
  readonly errorA: number
  readonly errorB: number
}

/** Molecules on which the mean errors of two entries differ most. */
export function greatestContrasts(
  a: string,
  b: string,
  { molecules, predictions }: OpenData,
  count: number,
): Contrast[] {
  return molecules
    .flatMap((molecule) => {
      const [errorA, errorB] = [a, b].map((id) => meanError(molecule, id, predictions))
      return errorA === undefined || errorB === undefined ? [] : [{ molecule, errorA, errorB }]
    })
    .toSorted(
      (one, other) => Math.abs(other.errorA - other.errorB) - Math.abs(one.errorA - one.errorB),
    )
    .slice(0, count)
}
