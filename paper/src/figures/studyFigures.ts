import { sortedSwaps } from '@couplet/eval'
import * as Plot from '@observablehq/plot'
import { studiesOf, type Evidence } from '../Evidence.ts'
import { drawMatrix, type MatrixCell } from './drawMatrix.ts'
import { arrange, drawPlot, FIGURE_WIDTH } from './drawPlot.ts'

/** Correlation of the residuals, in the order of the clustering, its diagonal left empty. */
export function correlation(evidence: Evidence): string | undefined {
  const { errors } = studiesOf(evidence)
  if (!errors) return undefined
  const { order } = errors.clustering
  const places = order.map((id) => errors.entries.indexOf(id))
  const cells = order.flatMap((row, i) =>
    order.flatMap((column, j): MatrixCell[] =>
      i === j ? [] : [{ row, column, value: errors.correlation[places[i]!]![places[j]!]! }],
    ),
  )
  return drawMatrix(cells, {
    rows: order,
    columns: order,
    domain: [0, 1],
    format: (value) => value.toFixed(2),
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

/** One of three panels beside each other. */
const PANEL = {
  width: FIGURE_WIDTH / 3,
  height: 130,
  marginLeft: 42,
  marginRight: 10,
  marginTop: 22,
  marginBottom: 32,
} as const

/** The entry that a panel is about. */
function panelTitle(id: string): Plot.Text {
  return Plot.text([id], {
    frameAnchor: 'top',
    dy: -16,
    fontWeight: 600,
    text: (name: string) => name,
  })
}

/** Score against the number of training geometries, a panel for each entry. */
export function sizes(evidence: Evidence): string | undefined {
  const { sizes: study } = studiesOf(evidence)
  if (!study) return undefined
  const curves = study.entries.map(({ entry, points: all, fit }): ScoreCurve => {
    const points = inOrder(all.map(({ molecules, score }) => ({ x: molecules, score })))
    // With fewer than three sizes there is no fit.
    if (!fit) return { entry, points, line: points }
    const xs = points.map(({ x }) => x)
    const line = [Math.min(...xs), Math.max(...xs)].map((x) => {
      return { x, score: fit.intercept + fit.slope * Math.log(x) }
    })
    return { entry, points, line }
  })
  const ticks = study.entries.flatMap(({ points }) => points.map(({ molecules }) => molecules))
  return drawCurves('training geometries', curves, ticks)
}

/** Score against the seconds that trainings took, a panel for each network. */
export function budgets(evidence: Evidence): string | undefined {
  const trained = (studiesOf(evidence).sizes?.entries ?? []).filter(({ byBudget = [] }) => {
    // A fitted entry takes the time that it takes.
    return new Set(byBudget.map(({ budget }) => budget)).size > 1
  })
  if (trained.length === 0) return undefined
  const curves = trained.map(({ entry, byBudget = [] }): ScoreCurve => {
    const all = byBudget.map((one) => ({ x: one.training.coreSeconds, score: one.score }))
    const points = inOrder(all)
    return { entry, points, line: points }
  })
  const ticks = trained.flatMap(({ byBudget = [] }) => byBudget.map(({ budget }) => budget))
  return drawCurves('core-seconds of training', curves, ticks)
}

interface ScorePoint {
  readonly x: number
  readonly score: number
}

/** Trainings of one entry, and the line that goes through them. */
interface ScoreCurve {
  readonly entry: string
  readonly points: readonly ScorePoint[]
  readonly line: readonly ScorePoint[]
}

function inOrder(points: readonly ScorePoint[]): ScorePoint[] {
  return points.toSorted((a, b) => a.x - b.x)
}

/** Scores over a logarithmic axis, a panel for each entry, best first, with the others pale behind: in one panel, curves so near each other cannot be told apart. */
function drawCurves(
  label: string,
  curves: readonly ScoreCurve[],
  ticks: readonly number[],
): string {
  const scores = curves.flatMap(({ points }) => points.map(({ score }) => score))
  const best = curves.toSorted((a, b) => a.points.at(-1)!.score - b.points.at(-1)!.score)
  const panels = best.map(({ entry, points, line }) => {
    const behind = curves.filter((other) => other.entry !== entry)
    return drawPlot({
      ...PANEL,
      x: {
        type: 'log',
        label,
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: legible(ticks),
        tickFormat: 'd',
      },
      y: {
        label: 'score',
        labelArrow: 'none',
        ticks: 4,
        grid: true,
        domain: [Math.min(...scores), Math.max(...scores)],
        nice: true,
      },
      marks: [
        panelTitle(entry),
        Plot.line(
          behind.flatMap((other) => other.line.map((point) => ({ ...point, z: other.entry }))),
          { x: 'x', y: 'score', z: 'z', strokeOpacity: 0.16, strokeWidth: 1 },
        ),
        Plot.line(line, { x: 'x', y: 'score' }),
        Plot.dot(points, { x: 'x', y: 'score', r: 2.6, fill: 'currentColor' }),
      ],
    })
  })
  return arrange(panels, 3)
}

/** Ticks of a logarithmic axis, from the largest down, without those too near another for their numbers. */
function legible(ticks: readonly number[]): number[] {
  const kept: number[] = []
  for (const tick of [...new Set(ticks)].toSorted((a, b) => b - a)) {
    if (kept.length === 0 || kept.at(-1)! / tick >= 1.6) kept.push(tick)
  }
  return kept
}

/** What a component brings, with its interval. */
export function swaps(evidence: Evidence): string | undefined {
  const { swaps: study } = studiesOf(evidence)
  if (!study) return undefined
  const rows = sortedSwaps(study).map(({ entry, component, difference }) => ({
    name: `${component}\n${entry}`,
    ...difference,
  }))
  const { svg } = drawPlot({
    width: FIGURE_WIDTH,
    height: 56 + 32 * rows.length,
    marginLeft: 290,
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
    y: { axis: null, domain: rows.map(({ name }) => name) },
    marks: [
      Plot.ruleX([0], { strokeDasharray: '4 3' }),
      Plot.text(rows, {
        y: 'name',
        text: 'name',
        frameAnchor: 'left',
        textAnchor: 'end',
        dx: -8,
      }),
      Plot.ruleY(rows, { y: 'name', x1: 'low', x2: 'high', strokeWidth: 1.6 }),
      Plot.dot(rows, { x: 'value', y: 'name', r: 3.2, fill: 'currentColor' }),
    ],
  })
  return svg
}
