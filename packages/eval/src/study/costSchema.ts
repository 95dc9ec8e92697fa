import { z } from 'zod'
import { count, line, positive, slug, studyHeader } from './studyParts.ts'

/** Form of `paper/results/<dataset>/study/cost.json`: what a label costs, and what a prediction. */
export const costSchema = z.strictObject({
  ...studyHeader('cost'),
  /** The quantum-chemical calculation of the labels, in processor time of one core. */
  labels: z.strictObject({
    about: line,
    molecules: count,
    meanSeconds: positive,
    medianSeconds: positive,
    byHeavyAtoms: z.array(
      z.strictObject({ heavyAtoms: count, molecules: count, meanSeconds: positive }),
    ),
  }),
  /** From the fastest prediction to the slowest. */
  entries: z.array(
    z.strictObject({
      entry: slug,
      /** Processor and threads that predicted. */
      device: line,
      cores: count.min(1),
      /** Core-seconds per molecule, loading and compiling included. */
      secondsPerMolecule: positive,
      /** Label's mean seconds over the prediction's. */
      speedup: positive,
      /** The error that the speed costs. */
      score: z.number(),
      /** exp(score): geometric mean over the types of the MAE in hertz. */
      geometricMeanMae: positive,
      /** Core-seconds of training behind it, all folds together. */
      trainingSeconds: positive,
    }),
  ),
})

/** What `cost.json` holds; see {@link costSchema}. */
export type CostStudy = z.infer<typeof costSchema>
