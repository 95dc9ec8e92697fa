import type { Curves } from './curvesSchema.ts'

/** More points of a line than these cannot be seen. */
const MOST_POINTS = 40

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
 * The training losses of every fold as a plot shows them: of a second stage only its own, at most 40 epochs evenly thinned, and
 * without losses that were not finite or not above zero.
 */
export function lossPoints({ folds }: Pick<Curves, 'folds'>): LossPoint[] {
  return folds.flatMap(({ fold, points }) => {
    const epochs = points.filter(({ phase }) => !phase.startsWith(FIRST_STAGE))
    const every = Math.ceil(epochs.length / MOST_POINTS)
    return epochs.flatMap(({ loss }, index) =>
      index % every === 0 && loss !== null && loss > 0 ? [{ fold, epoch: index + 1, loss }] : [],
    )
  })
}
