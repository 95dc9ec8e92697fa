import * as Plot from '@observablehq/plot'
import { COUPLING_TYPES } from '@couplet/data'
import type { Result } from '@couplet/eval'
import { resultOf, type Evidence } from '../Evidence.ts'
import { arrange, drawPlot, FIGURE_WIDTH } from './drawPlot.ts'
import { drawMatrix } from './drawMatrix.ts'

/** Scores with intervals, a panel for each data set. */
export function scores({ results }: Evidence): string | undefined {
  const datasets = ['couplet-dft', 'champs-sample'].flatMap((dataset) => {
    const all = results.get(dataset)
    return all ? [{ dataset, all }] : []
  })
  if (datasets.length === 0) return undefined
  const most = Math.max(...datasets.map(({ all }) => all.length))
  const panels = datasets.map(({ dataset, all }) => intervals(dataset, all, 60 + 17 * most))
  return arrange(panels, panels.length)
}

function intervals(
  dataset: string,
  all: readonly Result[],
  height: number,
): ReturnType<typeof drawPlot> {
  const rows = all.map(({ entry, score, interval }) => ({ entry: entry.id, score, ...interval }))
  return drawPlot({
    width: FIGURE_WIDTH / 2,
    height,
    marginLeft: 158,
    marginRight: 12,
    marginTop: 22,
    marginBottom: 34,
    x: {
      label: 'score',
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
      ticks: 5,
      nice: true,
    },
    y: { label: null, domain: rows.map(({ entry }) => entry), tickSize: 0 },
    marks: [
      Plot.text([dataset], {
        frameAnchor: 'top',
        dy: -16,
        fontWeight: 600,
        text: (name: string) => name,
      }),
      Plot.ruleY(rows, { y: 'entry', x1: 'low', x2: 'high', strokeWidth: 1.6 }),
      Plot.dot(rows, { x: 'score', y: 'entry', r: 3.2, fill: 'currentColor' }),
    ],
  })
}

/** Errors of each entry and type as shares of the median baseline's. */
export function types(evidence: Evidence): string | undefined {
  const results = evidence.results.get('couplet-dft')
  const median = resultOf(evidence, 'couplet-dft', 'median')
  if (!results || !median) return undefined
  const cells = results.flatMap(({ entry, types: maes }) =>
    maes.flatMap(({ type, mae }, index) => {
      const base = median.types[index]!.mae
      return mae === null || base === null
        ? []
        : [{ row: entry.id, column: type, value: mae / base }]
    }),
  )
  return drawMatrix(cells, {
    rows: results.map(({ entry }) => entry.id),
    columns: COUPLING_TYPES,
    domain: [0, 1],
    format: (value) => String(Math.round(100 * value)),
    cellWidth: 56,
  })
}
