import type { Evidence } from '../Evidence.ts'
import { couplings, karplus } from './dataFigures.ts'
import { scores, types } from './scoreFigures.ts'
import { budgets, correlation, sizes, swaps, without } from './studyFigures.ts'

/** Draws a figure of the evidence as SVG; undefined where what it is about has not been run. */
export type FigureMaker = (evidence: Evidence) => string | undefined

/** Figures by name. */
export const FIGURES: Readonly<Record<string, FigureMaker>> = {
  couplings,
  karplus,
  scores,
  types,
  without,
  correlation,
  sizes,
  budgets,
  swaps,
}
