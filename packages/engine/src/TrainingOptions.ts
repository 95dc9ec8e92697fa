/** What every runner is told about training, beside the network. */
export interface TrainingOptions {
  /** Seed of dropout and other random numbers; default 0. */
  readonly seed?: number
  /** Number of the first training step, after a resume; default 1. */
  readonly firstStep?: number
}
