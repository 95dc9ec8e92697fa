import * as Plot from '@observablehq/plot'
import { COUPLING_TYPES } from '@couplet/data'
import type { Result } from '@couplet/eval'
import { resultOf, type Evidence } from '../Evidence.ts'
import { beside, drawPlot, FIGURE_WIDTH, roomFor, type Drawing } from './drawPlot.ts'
import { drawMatrix } from './drawMatrix.ts'

/** Scores with intervals, a panel for each data set, entries in the order of the first. */
export function scores({ results }: Evidence): string | undefined {
  const datasets = ['couplet-dft', 'champs-sample'].flatMap((dataset) => {
    const all = results.get(dataset)
    return all ? [{ dataset, all }] : []
  })
  if (datasets.length === 0) return undefined
  const names = [...new Set(datasets.flatMap(({ all }) => all.map(({ entry }) => entry.id)))]
  const room = roomFor(names)
  const panel = (FIGURE_WIDTH - room) / datasets.length
  const panels = datasets.map(({ dataset, all }, index) => {
    return intervals(
      dataset,
      all,
      names,
      index === 0 ? { room, width: room + panel } : { room: 14, width: panel },
    )
  })
  return beside(panels)
}

function intervals(
  dataset: string,
  all: readonly Result[],
  names: readonly string[],
  { room, width }: { readonly room: number; readonly width: number },
): Drawing {
  const rows = all.map(({ entry, score, interval }) => ({ entry: entry.id, score, ...interval }))
  return drawPlot({
    width,
    height: 60 + 17 * names.length,
    marginLeft: room,
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
    y: { label: null, domain: names, tickSize: 0, ...(room < 20 && { tickFormat: () => '' }) },
    marks: [
      Plot.text([dataset], {
        frameAnchor: 'top',
        dy: -16,
        fontWeight: 600,
        text: (name: string) => name,
      }),
      Plot.ruleY(rows, { y: 'entry', x1: 'low', x2: 'high', strokeWidth: 1.6 }),
      Plot.tickX(
        [
          ...rows.map(({ entry, low: end }) => ({ entry, end })),
          ...rows.map(({ entry, high: end }) => ({ entry, end })),
        ],
        { x: 'end', y: 'entry', insetTop: 4, insetBottom: 4 },
      ),
      Plot.dot(rows, { x: 'score', y: 'entry', r: 2.2, fill: 'currentColor' }),
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
