import * as Plot from '@observablehq/plot'
import { studiesOf, type Evidence } from '../Evidence.ts'
import { drawMatrix, type MatrixCell } from './drawMatrix.ts'
import { drawPlot, FIGURE_WIDTH, roomFor } from './drawPlot.ts'

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

/** Score against the number of training molecules. */
export function sizes(evidence: Evidence): string | undefined {
  const { sizes: study } = studiesOf(evidence)
  if (!study) return undefined
  const points = study.entries.flatMap(({ entry, points: all }) =>
    all.map((point) => ({ entry, ...point })),
  )
  const lines = study.entries.flatMap(({ entry, points: all, fit }) => {
    const molecules = all.map((point) => point.molecules)
    // With fewer than three sizes there is no fit: the points themselves are joined.
    if (!fit) return all.map(({ molecules: size, score }) => ({ entry, molecules: size, score }))
    return [Math.min(...molecules), Math.max(...molecules)].map((size) => {
      return { entry, molecules: size, score: fit.intercept + fit.slope * Math.log(size) }
    })
  })
  const ends = spread(
    Array.from(Map.groupBy(lines, ({ entry }) => entry).values(), (both) => both.at(-1)!),
    points.map(({ score }) => score),
  )
  const { svg } = drawPlot({
    width: FIGURE_WIDTH,
    height: 340,
    marginLeft: 50,
    marginRight: roomFor(study.entries.map(({ entry }) => entry)),
    marginBottom: 38,
    x: {
      type: 'log',
      label: 'training molecules',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: [...new Set(points.map(({ molecules }) => molecules))],
      tickFormat: 'd',
    },
    y: { label: 'score', labelArrow: 'none', grid: true },
    symbol: { legend: false },
    marks: [
      Plot.line(lines, { x: 'molecules', y: 'score', z: 'entry', strokeOpacity: 0.5 }),
      Plot.dot(points, {
        x: 'molecules',
        y: 'score',
        symbol: 'entry',
        r: 3.5,
        stroke: 'currentColor',
      }),
      Plot.text(ends, { x: 'molecules', y: 'score', text: 'entry', textAnchor: 'start', dx: 10 }),
    ],
  })
  return svg
}

/** Labels at the ends of lines, moved apart where they would cover each other. */
function spread<T extends { readonly score: number }>(
  ends: readonly T[],
  scores: readonly number[],
): T[] {
  const gap = 0.045 * (Math.max(...scores) - Math.min(...scores))
  let last = -Infinity
  return ends
    .toSorted((a, b) => a.score - b.score)
    .map((end) => {
      last = Math.max(end.score, last + gap)
      return { ...end, score: last }
    })
}
