import * as Plot from '@observablehq/plot'
import { COUPLING_TYPES } from '@couplet/data'
import { couplingsByType, vicinalPairs } from '../dftCouplings.ts'
import type { Evidence } from '../Evidence.ts'
import { arrange, drawPlot, FIGURE_WIDTH } from './drawPlot.ts'

/** Histograms of the couplings, a panel for each type. */
export function couplings({ dft }: Evidence): string {
  const panels = couplingsByType(dft.table).map(({ values }, type) =>
    drawPlot({
      width: FIGURE_WIDTH / 4,
      height: 118,
      marginLeft: 44,
      marginRight: 8,
      marginTop: 20,
      marginBottom: 32,
      x: {
        label: `${COUPLING_TYPES[type]} / Hz`,
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 3,
      },
      y: { label: null, ticks: 3 },
      marks: [
        Plot.rectY(
          values,
          Plot.binX<Plot.RectYOptions>(
            { y: 'count' },
            {
              x: (value: number) => value,
              thresholds: 24,
              fill: 'currentColor',
              fillOpacity: 0.55,
              inset: 0.3,
            },
          ),
        ),
        Plot.ruleY([0]),
      ],
    }),
  )
  return arrange(panels, 4)
}

/** The vicinal coupling over the dihedral angle. */
export function karplus({ dft }: Evidence): string {
  const { svg } = drawPlot({
    width: FIGURE_WIDTH,
    height: 250,
    marginLeft: 45,
    marginBottom: 38,
    x: {
      label: 'dihedral angle H–C–C–H / degrees',
      labelAnchor: 'center',
      labelArrow: 'none',
      domain: [0, 180],
      ticks: 7,
    },
    y: { label: '3JHH / Hz', labelArrow: 'none', grid: true },
    marks: [
      Plot.dot(vicinalPairs(dft.table), {
        x: 'angle',
        y: 'coupling',
        r: 1.8,
        fill: 'currentColor',
        fillOpacity: 0.4,
      }),
    ],
  })
  return svg
}
