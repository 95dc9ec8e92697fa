import { lossPoints, spreadLabels, type Curves, type SizesStudy } from '@couplet/eval'
import * as Plot from '@observablehq/plot'
import { drawPlot, logarithmicAxis } from './drawPlot.ts'
import { lineStyle } from './lineStyle.ts'

/**
 * Training loss of every fold over the epochs, logarithmic.
 * @param most points of a line: each takes bytes.
 */
export function drawCurves(name: string, curves: Curves, most?: number): string {
  const points = lossPoints(curves, most).map((point) => ({
    ...point,
    loss: Math.log10(point.loss),
  }))
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
  return drawScores(
    'training molecules, conformers counted',
    entries.map(({ points, fit }) => ({
      points: points.map(({ molecules, score }) => ({ x: molecules, score })),
      beyond: (fit?.extrapolated ?? []).map(({ molecules, score }) => ({ x: molecules, score })),
    })),
  )
}

/** Score over the core-seconds of training, one line per entry in the order of the study; undefined where none was trained with others. */
export function drawBudgets({ entries }: SizesStudy): string | undefined {
  const lines = entries.map(({ byBudget = [] }) => ({
    // A fitted entry takes the time that it takes, and has one point.
    points:
      byBudget.length > 1
        ? byBudget.map(({ training, score }) => ({ x: training.coreSeconds, score }))
        : [],
    beyond: [],
  }))
  if (lines.every(({ points }) => points.length < 2)) return undefined
  return drawScores('core-seconds of training', lines)
}

interface ScoreLine {
  readonly points: readonly { readonly x: number; readonly score: number }[]
  /** Extrapolated points behind the last. */
  readonly beyond: readonly { readonly x: number; readonly score: number }[]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Scores over a logarithmic axis, each line with its number at the right, counted from 1; the style of a line is that of its place. */
function drawScores(label: string, lines: readonly ScoreLine[]): string {
  const all = lines.flatMap(({ points, beyond }) => [...points, ...beyond])
  const x = (point: { readonly x: number }): number => Math.log10(point.x)
  const ends = lines.flatMap(({ points, beyond }, index) => {
    const furthest = [...points, ...beyond].toSorted((a, b) => a.x - b.x).at(-1)
    const colour = lineStyle(index).colour
    return furthest ? [{ number: index + 1, colour, x: x(furthest), score: furthest.score }] : []
  })
  return drawPlot(`Score over ${label}`, {
    ...NUMBERED,
    x: logarithmicAxis(
      label,
      all.map((point) => point.x),
    ),
    y: { label: 'score, lower is better', grid: true },
    marks: lines
      .flatMap(({ points, beyond }, index): Plot.Markish[] => {
        const { colour, dash } = lineStyle(index)
        // Trainings that differ in the seed alone: the line goes through their mean.
        const means = Array.from(
          Map.groupBy(points, (point) => point.x),
          ([place, same]) => ({ x: place, score: mean(same.map(({ score }) => score)) }),
        ).toSorted((a, b) => a.x - b.x)
        const last = means.at(-1)
        const style = { x, y: 'score', stroke: colour }
        return [
          Plot.line(means, { ...style, strokeDasharray: dash, strokeWidth: 2 }),
          Plot.dot(points, { x, y: 'score', fill: colour, r: 3 }),
          Plot.line(last && beyond.length > 0 ? [last, ...beyond] : [], {
            ...style,
            strokeOpacity: 0.35,
          }),
        ]
      })
      .concat(
        numbersAtRight(
          ends,
          all.map(({ score }) => score),
        ),
      ),
  })
}

/** Size of a plot with a column of numbers at the right: names would leave no room on a telephone, and stand below. */
const NUMBERED = { width: 440, height: 360, marginRight: 36 } as const
/** Height of a line of text as a share of the plot's. */
const LINE_SHARE = 0.05

/** Width of the gap before the numbers as a share of the axis. */
const GAP_SHARE = 0.1

/** What has a number at the right. */
interface Numbered {
  readonly number: number
  /** Of the line to the number. */
  readonly colour: string
  readonly x: number
  readonly score: number
}

function rangeOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}

/**
 * Numbers in a column at the right, in the order of the scores, each joined to its point.
 * @param scoresShown all scores that the plot has room for.
 */
function numbersAtRight(
  points: readonly Numbered[],
  scoresShown: readonly number[],
): Plot.Markish[] {
  const sorted = points.toSorted((a, b) => a.score - b.score)
  const scores = sorted.map(({ score }) => score)
  const places = spreadLabels(scores, LINE_SHARE * rangeOf(scoresShown))
  const ends = points.map(({ x }) => x)
  // Room for the lines to the numbers.
  const right = Math.max(...ends) + GAP_SHARE * Math.max(1, rangeOf(ends))
  const placed = sorted.map((one, index) => ({ ...one, place: places[index]! }))
  return [
    Plot.link(placed, {
      x1: 'x',
      y1: 'score',
      x2: right,
      y2: 'place',
      stroke: 'colour',
      strokeOpacity: 0.4,
    }),
    Plot.text(placed, {
      x: right,
      y: 'place',
      text: ({ number }: Numbered) => String(number),
      dx: 10,
      textAnchor: 'start',
      fill: 'var(--ink)',
    }),
  ]
}

/** One entry in a plot of score against cost. */
export interface Cost {
  readonly cost: number
  readonly score: number
}

/** Score against a cost, logarithmic; the numbers, counted from 1, in a column at the right, each joined to its point. */
export function drawCosts(label: string, costs: readonly Cost[]): string {
  const points = costs.map(({ cost, score }, index) => ({
    number: index + 1,
    colour: 'var(--ink)',
    x: Math.log10(cost),
    score,
  }))
  return drawPlot(`Score of each entry over ${label}`, {
    ...NUMBERED,
    x: logarithmicAxis(
      label,
      costs.map(({ cost }) => cost),
    ),
    y: { label: 'score, lower is better', grid: true },
    marks: [
      Plot.dot(points, { x: 'x', y: 'score', fill: 'var(--c0)', r: 4 }),
      ...numbersAtRight(
        points,
        points.map(({ score }) => score),
      ),
    ],
  })
}
