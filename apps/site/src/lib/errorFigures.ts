import { COUPLING_TYPES } from '@couplet/data'
import { type ErrorsStudy, frameMap, type Result } from '@couplet/eval'
import * as Plot from '@observablehq/plot'
import { drawPlot, logarithmicAxis } from './drawPlot.ts'

/** The entries in the plane, near each other where they err alike; each is named by its place in the order of scores. */
export function drawErrorMap({ map }: Pick<ErrorsStudy, 'map'>): string {
  const { points } = map
  const frame = frameMap(points, 0.04)
  return drawPlot('Map of the entries: near entries err alike', {
    width: 440,
    height: 440,
    margin: 12,
    marginTop: 12,
    x: { axis: null, domain: frame.x },
    y: { axis: null, domain: frame.y },
    marks: [
      Plot.frame({ stroke: 'var(--rule)' }),
      Plot.dot(points, { x: 'x', y: 'y', r: 5, fill: 'var(--c0)' }),
      Plot.text(frame.labels, {
        x: 'x',
        y: 'y',
        text: 'text',
        textAnchor: 'start',
        dx: 9,
        fill: 'var(--ink)',
      }),
    ],
  })
}

/** Error of every entry on each coupling type, and how well two calculations of the labels agree. */
export function drawNoiseFloor(
  results: readonly Result[],
  floor: readonly (number | null)[],
): string {
  const errors = results.flatMap(({ types }) =>
    types.flatMap(({ mae }, index) =>
      mae === null ? [] : [{ type: COUPLING_TYPES[index]!, error: mae }],
    ),
  )
  const floors = COUPLING_TYPES.flatMap((type, index) =>
    floor[index] ? [{ type, error: floor[index] }] : [],
  )
  const power = ({ error }: { error: number }): number => Math.log10(error)
  return drawPlot('Errors of the entries on each coupling type, and the noise of the labels', {
    width: 620,
    height: 300,
    marginLeft: 60,
    x: {
      ...logarithmicAxis(
        'mean absolute error (Hz)',
        [...errors, ...floors].map(({ error }) => error),
      ),
      grid: true,
    },
    y: { label: null, domain: [...COUPLING_TYPES] },
    marks: [
      Plot.dot(errors, { x: power, y: 'type', stroke: 'var(--c0)', r: 4 }),
      Plot.tickX(floors, { x: power, y: 'type', stroke: 'var(--warm)', strokeWidth: 3 }),
    ],
  })
}
