import type { Evidence } from './Evidence.ts'

/** Figures by name, as SVG; undefined where what they are about has not been run. */
export const FIGURES: Readonly<Record<string, (evidence: Evidence) => string | undefined>> = {}
