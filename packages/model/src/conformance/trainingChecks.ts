import { formatCheckpoint, parseCheckpoint } from '../checkpoint.ts'
import { predict } from '../predict.ts'
import type { Trained } from '../Trained.ts'
import { broken, describePair, firstUnequal } from './compare.ts'
import { heldOutMolecules, trainingMolecules } from './molecules.ts'
import { standardisedError } from './predictionChecks.ts'
import type { Subject } from './Subject.ts'

/** Share of the untrained error that the tiny recipe may leave on its four training molecules. */
const ERROR_LEFT = 0.8
/** Steps after which the suite interrupts a training. */
const STEPS = 2

/** Training twice with one seed gives the same weights to the bit, with another seed it does not. */
export async function checkSeeds(subject: Subject): Promise<void> {
  const { model } = subject
  const [one, again] = [await subject.trainSteps(STEPS), await subject.trainSteps(STEPS)]
  if (differentWeights(one, again)) {
    throw broken(model, 'two trainings with the same seed differ.')
  }
  // A fitted model need not draw random numbers at all.
  if (model.kind === 'fitted') return
  const other = await subject.trainSteps(STEPS, { seed: one.seed + 1 })
  if (!differentWeights(one, other)) {
    throw broken(model, 'trainings with different seeds give the same weights.')
  }
}

/** A checkpoint holds all that predictions depend on. */
export async function checkCheckpoint(subject: Subject): Promise<void> {
  const trained = await subject.trained()
  const molecules = heldOutMolecules()
  const before = await predict(trained, molecules, { workers: 1 })
  let bad: number
  try {
    const after = await predict(restored(trained), molecules, { workers: 1 })
    bad = firstUnequal(before, after)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw broken(subject.model, `a checkpoint cannot be used again (${reason}).`)
  }
  if (bad >= 0) {
    throw broken(
      subject.model,
      `predictions change after a checkpoint was written and read (${describePair(molecules, bad)}).`,
    )
  }
}

/** A training that is interrupted, written, read and resumed ends with the weights of an uninterrupted one, to the bit. */
export async function checkResume(subject: Subject): Promise<void> {
  if (subject.model.kind === 'fitted') return
  const whole = await subject.trained()
  const resumed = await subject.train({ resume: restored(await subject.trainSteps(STEPS)) })
  const name = differentWeights(whole, resumed)
  if (name) {
    throw broken(
      subject.model,
      `a resumed training differs from an uninterrupted one (parameter ${name}).`,
    )
  }
}

/** The tiny recipe learns its four molecules: the error falls clearly, or is no worse than that of each type's mean. */
export async function checkFitsFour(subject: Subject): Promise<void> {
  const { model } = subject
  const molecules = trainingMolecules()
  const trained = await subject.trained()
  const { scale } = trained.state
  const error = standardisedError(
    await predict(trained, molecules, { workers: 1 }),
    molecules,
    scale,
  )
  if (model.kind === 'fitted') {
    const means = Float32Array.from(molecules.pairTypes, (type) => scale.mean[type]!)
    const reference = standardisedError(means, molecules, scale)
    if (error <= 1.001 * reference) return
    throw broken(
      model,
      `it fits four molecules worse (${error.toFixed(3)}) than the mean of each type does (${reference.toFixed(3)}).`,
    )
  }
  const fresh = await predict(await subject.trainSteps(0), molecules, { workers: 1 })
  const start = standardisedError(fresh, molecules, scale)
  if (error <= ERROR_LEFT * start) return
  throw broken(
    model,
    `the tiny recipe does not fit four molecules: the error goes from ${start.toFixed(3)} to ${error.toFixed(3)} standard deviations.`,
  )
}

function restored(trained: Trained): Trained {
  return parseCheckpoint(formatCheckpoint(trained), [trained.model], 'the checkpoint').trained
}

/** Name of the first array of the weights that differs in a bit. */
function differentWeights(
  { weights: one }: Trained,
  { weights: other }: Trained,
): string | undefined {
  return Object.keys({ ...one, ...other }).find((name) => {
    const [a, b] = [one[name], other[name]]
    return (
      !a ||
      !b ||
      a.data.length !== b.data.length ||
      !a.data.every((value, i) => Object.is(value, b.data[i]))
    )
  })
}
