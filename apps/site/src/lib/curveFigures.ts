import type { Curves, SizesStudy } from '@couplet/eval'
import * as Plot from '@observablehq/plot'
import { drawPlot, logarithmicAxis } from './drawPlot.ts'
import { lineStyle } from './lineStyle.ts'

/** More points of a curve than these cannot be seen. */
const MOST_POINTS = 40

/** Training loss of every fold over the epochs, logarithmic. */
export function drawCurves(name: string, { folds }: Curves): string {
  const points = folds.flatMap(({ fold, points: all }) => {
    const step = Math.max(1, Math.ceil(all.length / MOST_POINTS))
    return all.flatMap(({ loss }, index) =>
      index % step === 0 && loss !== null && loss > 0
        ? [{ fold, epoch: index + 1, loss: Math.log10(loss) }]
        : [],
    )
  })
  return drawPlot(`Training loss of ${name} over the epochs, one line per fold`, {
    width: 420,
    height: 240,
    x: { label: 'epoch' },
    y: {
      ...logarithmicAxis(
        'training loss',
        points.map(({ loss }) => 10 ** loss),
      ),
      grid: true,
    },
    marks: [
      Plot.line(points, {
        x: 'epoch',
        y: 'loss',
        z: 'fold',
        stroke: 'var(--c0)',
        strokeOpacity: 0.7,
      }),
    ],
  })
}

/** Score over the number of training molecules, one line per entry, with the extrapolation of its fit. */
export function drawSizes({ entries }: SizesStudy): string {
  const log = (molecules: number): number => Math.log10(molecules)
  return drawPlot('Score over the number of training molecules', {
    height: 360,
    x: logarithmicAxis(
      'training molecules, conformers counted',
      entries.flatMap(({ points, fit }) =>
        [...points, ...(fit?.extrapolated ?? [])].map(({ molecules }) => molecules),
      ),
    ),
    y: { label: 'score', grid: true },
    marks: entries.flatMap(({ points, fit }, index) => {
      const { colour, dash } = lineStyle(index)
      const sorted = points.toSorted((a, b) => a.molecules - b.molecules)
      const last = sorted.at(-1)
      const beyond =
        fit && last ? [{ molecules: last.molecules, score: last.score }, ...fit.extrapolated] : []
      return [
        Plot.line(sorted, {
          x: ({ molecules }) => log(molecules),
          y: 'score',
          stroke: colour,
          strokeDasharray: dash,
          strokeWidth: 2,
        }),
        Plot.dot(sorted, { x: ({ molecules }) => log(molecules), y: 'score', fill: colour, r: 3 }),
        Plot.line(beyond, {
          x: ({ molecules }) => log(molecules),
          y: 'score',
          stroke: colour,
          strokeOpacity: 0.35,
        }),
      ]
    }),
  })
}

/** Height of a line of text as a share of the plot's. */
const LINE_SHARE = 0.05

/** Values in rising order, moved upwards where they are closer than a gap, and then as little downwards as keeps the last in its place. */
function spread(values: readonly number[], gap: number): number[] {
  const places: number[] = []
  for (const value of values) places.push(Math.max(value, (places.at(-1) ?? -Infinity) + gap))
  let highest = values.at(-1)!
  for (let index = places.length - 1; index >= 0; index--) {
    places[index] = Math.min(places[index]!, highest)
    highest = places[index]! - gap
  }
  return places
}

/** One entry in a plot of score against cost. */
export interface Cost {
  readonly name: string
  readonly cost: number
  readonly score: number
}

/** Score against a cost, logarithmic; the names in a column at the right, each joined to its point. */
export function drawCosts(label: string, costs: readonly Cost[]): string {
  const sorted = costs.toSorted((a, b) => a.score - b.score)
  const scores = sorted.map(({ score }) => score)
  const right = Math.max(...sorted.map(({ cost }) => Math.log10(cost)))
  const places = spread(scores, LINE_SHARE * (scores.at(-1)! - scores[0]!))
  const named = sorted.map((one, index) => ({ ...one, place: places[index]! }))
  return drawPlot(`Score of each entry over ${label}`, {
    width: 620,
    height: 380,
    marginRight: 210,
    x: logarithmicAxis(
      label,
      costs.map(({ cost }) => cost),
    ),
    y: { label: 'score, lower is better', grid: true },
    marks: [
      Plot.link(named, {
        x1: ({ cost }) => Math.log10(cost),
        y1: 'score',
        x2: right,
        y2: 'place',
        stroke: 'var(--ink)',
        strokeOpacity: 0.25,
      }),
      Plot.dot(named, { x: ({ cost }) => Math.log10(cost), y: 'score', fill: 'var(--c0)', r: 4 }),
      Plot.text(named, {
        x: right,
        y: 'place',
        text: 'name',
        dx: 10,
        textAnchor: 'start',
        fill: 'var(--ink)',
      }),
    ],
  })
}
