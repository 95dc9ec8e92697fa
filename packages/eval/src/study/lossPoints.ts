import type { Curves } from './curvesSchema.ts'

/** Prefix of the phases of a second stage in which the stage before is trained. */
const FIRST_STAGE = 'first stage'

/** A point of a training curve on a logarithmic axis. */
export interface LossPoint {
  readonly fold: string
  /** Counted over all phases, from 1. */
  readonly epoch: number
  /** Above zero. */
  readonly loss: number
}

/**
 * The training losses of every fold as a plot shows them: of a second stage only its own, evenly thinned, and without losses
 * that were not finite or not above zero.
 * @param most points of a line; more than 40 cannot be seen in a small figure.
 */
export function lossPoints({ folds }: Pick<Curves, 'folds'>, most = 40): LossPoint[] {
  return folds.flatMap(({ fold, points }) => {
    const epochs = points.filter(({ phase }) => !phase.startsWith(FIRST_STAGE))
    const every = Math.ceil(epochs.length / most)
    return epochs.flatMap(({ loss }, index) =>
      index % every === 0 && loss !== null && loss > 0 ? [{ fold, epoch: index + 1, loss }] : [],
    )
  })
}
