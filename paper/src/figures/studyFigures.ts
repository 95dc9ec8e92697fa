import { frameMap, lossPoints, sortedSwaps, spreadLabels } from '@couplet/eval'
import * as Plot from '@observablehq/plot'
import { studiesOf, type Evidence } from '../Evidence.ts'
import { drawMatrix, type MatrixCell } from './drawMatrix.ts'
import { arrange, beside, drawPlot, FIGURE_WIDTH, roomFor } from './drawPlot.ts'

/** Share of resamples in which the row's entry is better than the column's. */
export function pairwise(evidence: Evidence): string | undefined {
  const { ranks } = studiesOf(evidence)
  if (!ranks) return undefined
  const ids = ranks.entries.map(({ entry }) => entry)
  return drawSquare(ids, ranks.probabilityBetter, [0, 1], (value) =>
    String(Math.round(100 * value)),
  )
}

/** Correlation of the residuals, in the order of the clustering. */
export function correlation(evidence: Evidence): string | undefined {
  const { errors } = studiesOf(evidence)
  if (!errors) return undefined
  const { order } = errors.clustering
  const places = order.map((id) => errors.entries.indexOf(id))
  const ordered = places.map((row) => places.map((column) => errors.correlation[row]![column]!))
  return drawSquare(order, ordered, [0, 1], (value) => value.toFixed(2))
}

/** A matrix of entries by entries, its diagonal left empty. */
function drawSquare(
  ids: readonly string[],
  values: readonly (readonly number[])[],
  domain: readonly [number, number],
  format: (value: number) => string,
): string {
  const cells = ids.flatMap((row, i) =>
    ids.flatMap((column, j): MatrixCell[] =>
      i === j ? [] : [{ row, column, value: values[i]![j]! }],
    ),
  )
  return drawMatrix(cells, {
    rows: ids,
    columns: ids,
    domain,
    format,
    cellWidth: 28,
    slanted: true,
  })
}

/** What remains without the best entries. */
export function without(evidence: Evidence): string | undefined {
  const { ensembles } = studiesOf(evidence)
  if (!ensembles) return undefined
  const rows = ensembles.leaveOutBest
  const { svg } = drawPlot({
    width: FIGURE_WIDTH,
    height: 220,
    marginLeft: 50,
    marginBottom: 38,
    x: {
      label: 'best entries left out',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: rows.map(({ leftOut }) => leftOut),
      tickFormat: 'd',
    },
    y: { label: 'score', labelArrow: 'none', grid: true },
    marks: [
      Plot.line(rows, { x: 'leftOut', y: 'bestSingle', strokeDasharray: '4 3' }),
      Plot.dot(rows, { x: 'leftOut', y: 'bestSingle', r: 3.5, stroke: 'currentColor' }),
      Plot.line(rows, { x: 'leftOut', y: 'score' }),
      Plot.dot(rows, { x: 'leftOut', y: 'score', r: 3.5, fill: 'currentColor' }),
    ],
  })
  return svg
}

/** The entries in the plane, near each other where they err alike, each named by its place in the list beside it. */
export function map(evidence: Evidence): string | undefined {
  const { errors } = studiesOf(evidence)
  if (!errors) return undefined
  const { points } = errors.map
  const frame = frameMap(points, 0.03)
  const plane = drawPlot({
    width: MAP_HEIGHT,
    height: MAP_HEIGHT,
    margin: 3,
    x: { axis: null, domain: frame.x },
    y: { axis: null, domain: frame.y },
    marks: [
      Plot.frame({ strokeOpacity: 0.4 }),
      Plot.dot(points, { x: 'x', y: 'y', r: 3, fill: 'currentColor' }),
      Plot.text(frame.labels, {
        x: 'x',
        y: 'y',
        text: 'text',
        textAnchor: 'start',
        dx: 7,
      }),
    ],
  })
  const names = points.map(({ entry }, place) => `${place + 1}  ${entry}`)
  const list = drawPlot({
    width: FIGURE_WIDTH - MAP_HEIGHT,
    height: MAP_HEIGHT,
    marginLeft: 24,
    axis: null,
    y: { type: 'band', domain: names },
    marks: [
      Plot.text(names, {
        y: (name: string) => name,
        text: (name: string) => name,
        frameAnchor: 'left',
        textAnchor: 'start',
      }),
    ],
  })
  return beside([plane, list])
}

/** Side of the map in pixels. */
const MAP_HEIGHT = 330

/** Training loss over the epochs, logarithmic, a panel for each entry and a line for each fold. */
export function training({ curves }: Evidence): string | undefined {
  const entries = curves.get('couplet-dft') ?? []
  if (entries.length === 0) return undefined
  const panels = entries.map(({ entry, folds }) => {
    const points = lossPoints({ folds })
    return drawPlot({
      width: FIGURE_WIDTH / 3,
      height: 130,
      marginLeft: 42,
      marginRight: 10,
      marginTop: 22,
      marginBottom: 32,
      x: { label: 'epoch', labelAnchor: 'center', labelArrow: 'none', ticks: 4 },
      y: { type: 'log', label: null, ticks: 3, tickFormat: '~g', grid: true },
      marks: [
        Plot.text([entry.id], {
          frameAnchor: 'top',
          dy: -16,
          fontWeight: 600,
          text: (id: string) => id,
        }),
        Plot.line(points, { x: 'epoch', y: 'loss', z: 'fold', strokeOpacity: 0.6, strokeWidth: 1 }),
      ],
    })
  })
  return arrange(panels, 3)
}

/** Score against the number of training molecules. */
export function sizes(evidence: Evidence): string | undefined {
  const { sizes: study } = studiesOf(evidence)
  if (!study) return undefined
  return drawScores(
    'training molecules',
    study.entries.map(({ entry, points: all, fit }) => {
      const points = all.map(({ molecules, score }) => ({ entry, x: molecules, score }))
      // With fewer than three sizes there is no fit.
      if (!fit) return { points, line: throughMeans(points) }
      const ends = [points.map(({ x }) => x)].flatMap((xs) => [Math.min(...xs), Math.max(...xs)])
      return {
        points,
        line: ends.map((x) => ({ entry, x, score: fit.intercept + fit.slope * Math.log(x) })),
      }
    }),
  )
}

/** Score against the seconds of training. */
export function budgets(evidence: Evidence): string | undefined {
  const lines = (studiesOf(evidence).sizes?.entries ?? []).flatMap(({ entry, byBudget = [] }) => {
    const points = byBudget.map(({ training, score }) => ({
      entry,
      x: training.coreSeconds,
      score,
    }))
    // A fitted entry takes the time that it takes.
    return new Set(points.map(({ x }) => x)).size > 1
      ? [{ points, line: throughMeans(points) }]
      : []
  })
  return lines.length > 0 ? drawScores('core-seconds of training', lines) : undefined
}

interface ScorePoint {
  readonly entry: string
  readonly x: number
  readonly score: number
}

/** Trainings that differ in the seed alone: the line goes through their mean. */
function throughMeans(points: readonly ScorePoint[]): ScorePoint[] {
  return Array.from(Map.groupBy(points, ({ x }) => x).values(), (same) => {
    const sum = same.reduce((total, { score }) => total + score, 0)
    return { ...same[0]!, score: sum / same.length }
  }).toSorted((a, b) => a.x - b.x)
}

interface ScoreLine {
  readonly points: readonly ScorePoint[]
  readonly line: readonly ScorePoint[]
}

/** Scores over a logarithmic axis, each line joined to its name at its end. */
function drawScores(label: string, entries: readonly ScoreLine[]): string {
  const points = entries.flatMap((entry) => entry.points)
  const [xs, scores] = [points.map(({ x }) => x), points.map(({ score }) => score)]
  const [least, most] = [Math.min(...xs), Math.max(...xs)]
  const names = most * (most / least) ** 0.05
  const ends = entries.map(({ line }) => line.at(-1)!).toSorted((a, b) => a.score - b.score)
  const places = spreadLabels(
    ends.map(({ score }) => score),
    0.045 * (Math.max(...scores) - Math.min(...scores)),
  )
  const named = ends.map((end, index) => ({ ...end, place: places[index]! }))
  const { svg } = drawPlot({
    width: FIGURE_WIDTH,
    height: 340,
    marginLeft: 50,
    marginRight: roomFor(ends.map(({ entry }) => entry)),
    marginBottom: 38,
    x: {
      type: 'log',
      domain: [least, names],
      label,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: [...new Set(xs)],
      tickFormat: 'd',
    },
    y: { label: 'score', labelArrow: 'none', grid: true },
    symbol: { legend: false },
    marks: [
      Plot.line(
        entries.flatMap(({ line }) => line),
        { x: 'x', y: 'score', z: 'entry', strokeOpacity: 0.5 },
      ),
      Plot.dot(points, { x: 'x', y: 'score', symbol: 'entry', r: 3.5, stroke: 'currentColor' }),
      Plot.link(named, { x1: 'x', y1: 'score', x2: names, y2: 'place', strokeOpacity: 0.3 }),
      Plot.text(named, { x: names, y: 'place', text: 'entry', textAnchor: 'start', dx: 4 }),
    ],
  })
  return svg
}

/** What a component brings, with its interval. */
export function swaps(evidence: Evidence): string | undefined {
  const { swaps: study } = studiesOf(evidence)
  if (!study) return undefined
  const rows = sortedSwaps(study).map(({ component, difference }) => ({ component, ...difference }))
  const names = rows.map(({ component }) => component)
  const { svg } = drawPlot({
    width: FIGURE_WIDTH,
    height: 56 + 19 * names.length,
    marginLeft: roomFor(names),
    marginRight: 12,
    marginTop: 8,
    marginBottom: 34,
    x: {
      label: 'score without less score with it',
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
      nice: true,
    },
    y: { label: null, domain: names, tickSize: 0 },
    marks: [
      Plot.ruleX([0], { strokeDasharray: '4 3' }),
      Plot.ruleY(rows, { y: 'component', x1: 'low', x2: 'high', strokeWidth: 1.6 }),
      Plot.dot(rows, { x: 'value', y: 'component', r: 3.2, fill: 'currentColor' }),
    ],
  })
  return svg
}
