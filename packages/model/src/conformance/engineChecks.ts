import * as tf from '@tensorflow/tfjs'
import type { HostArrays, Objective, ParameterSlot, Runner } from '@couplet/engine'
import { parameterSlots } from '@couplet/engine'
import { lossObjective, lossTargets } from '../couplingLoss.ts'
import { withFirstStage } from '../predict.ts'
import type { Loss } from '../Recipe.ts'
import type { Trained } from '../Trained.ts'
import { pairsOfTypes } from '../typeScale.ts'
import { broken, TOLERANCE } from './compare.ts'
import { trainingMolecules } from './molecules.ts'
import type { Subject } from './Subject.ts'

/** Neither featurising nor a prediction nor a step of training leaves a tensor in memory. */
export async function checkTensors(subject: Subject): Promise<void> {
  if (subject.model.kind === 'fitted') return
  const trained = await subject.trained()
  const before = tf.memory().numTensors
  for (const name of ['auto', 'tfjs-cpu'] as const) {
    const runner = await subject.runner(trained, name === 'auto' ? undefined : name)
    try {
      const { features, objective } = await batchOf(subject, trained, subject.loss)
      await runner.forward(features, 'values')
      await runner.gradient([features], objective)
    } finally {
      await runner.close()
    }
  }
  const left = tf.memory().numTensors - before
  if (left > 0) {
    throw broken(subject.model, `a prediction and a gradient leave ${left} tensors in memory.`)
  }
}

/** Every trained array has a gradient somewhere, in at least one phase of the recipe. */
export async function checkGradients(subject: Subject): Promise<void> {
  if (subject.model.kind === 'fitted') return
  await expectAllRead(subject)
  // After training, since fresh zeros can hide the layers below them.
  const trained = await subject.trained()
  let idle: readonly string[] = slotsOf(trained).map(({ name }) => name)
  // Slopes of absolute errors are plus or minus 1 and can cancel exactly in an array that only a few pairs reach; squares do not.
  const squares = uniqueLosses(subject).map((loss): Loss => ({ ...loss, kind: 'mse' }))
  for (const loss of [...uniqueLosses(subject), ...squares]) {
    if (idle.length === 0) break
    const { gradient } = await gradientOn(subject, trained, loss)
    idle = idle.filter((name) => gradient(name).every((value) => value === 0))
  }
  if (idle[0] !== undefined) throw noGradient(subject, idle[0])
}

/** The compiled graph computes what the ops compute one by one: loss and gradient of every phase's loss. */
export async function checkCompiled(subject: Subject): Promise<void> {
  if (subject.model.kind === 'fitted') return
  const trained = await subject.trained()
  for (const loss of uniqueLosses(subject)) {
    const compiled = await gradientOn(subject, trained, loss)
    const eager = await gradientOn(subject, trained, loss, 'tfjs-cpu')
    if (
      !(Math.abs(compiled.loss - eager.loss) <= TOLERANCE * Math.max(1e-3, Math.abs(eager.loss)))
    ) {
      throw broken(
        subject.model,
        `the compiled loss is ${compiled.loss}, the eager one ${eager.loss}.`,
      )
    }
    const slots = slotsOf(trained)
    const overall = Math.max(...slots.map(({ name }) => largest(eager.gradient(name))))
    for (const { name } of slots) {
      const [one, other] = [compiled.gradient(name), eager.gradient(name)]
      // Where terms cancel, an array's gradient is far below the others' and its rounding errors are of their size.
      const unit = Math.max(largest(other), 0.01 * overall)
      const difference = largest(one.map((value, index) => value - other[index]!))
      if (!(difference <= TOLERANCE * unit)) {
        throw broken(
          subject.model,
          `the compiled gradient of ${name} differs from the eager one by ${difference} of ${unit}.`,
        )
      }
    }
  }
}

interface Gradient {
  readonly loss: number
  /** Gradient of one array. */
  readonly gradient: (name: string) => Float32Array
}

/** Loss and gradient of one batch of all training molecules. */
async function gradientOn(
  subject: Subject,
  trained: Trained,
  loss: Loss,
  name?: Runner['name'],
): Promise<Gradient> {
  const { features, objective } = await batchOf(subject, trained, loss)
  const slots = slotsOf(trained)
  const runner = await subject.runner(trained, name, loss)
  try {
    const { loss: value, gradient } = await runner.gradient([features], objective)
    const partOf = (wanted: string): Float32Array => {
      const { offset, size } = slots.find((slot) => slot.name === wanted)!
      return gradient.subarray(offset, offset + size)
    }
    return { loss: value, gradient: partOf }
  } finally {
    await runner.close()
  }
}

/** tfjs refuses to differentiate by an input that is not used at all, and does not say which. */
async function expectAllRead(subject: Subject): Promise<void> {
  const trained = await subject.trainSteps(0)
  const { model } = trained
  if (model.kind !== 'network') return
  const read = new Set<string>()
  const recording: typeof model = {
    ...model,
    forward(parameters, ...rest) {
      const recorded = new Proxy(parameters, {
        get(target, name) {
          read.add(String(name))
          return target[String(name)]
        },
      })
      return model.forward(recorded, ...rest)
    },
  }
  try {
    await gradientOn(subject, { ...trained, model: recording }, subject.loss)
  } catch (error) {
    const unread = slotsOf(trained).find(({ name }) => !read.has(name))
    throw unread ? noGradient(subject, unread.name) : error
  }
}

function noGradient({ model }: Subject, name: string): Error {
  return broken(model, `parameter ${name} gets no gradient: the loss does not depend on it.`)
}

async function batchOf(
  subject: Subject,
  trained: Trained,
  loss: Loss,
): Promise<{ features: HostArrays; objective: Objective }> {
  const { model, state, config } = trained
  if (model.kind !== 'network') throw new Error('only networks have features')
  const molecules = await withFirstStage(trained, trainingMolecules(), { workers: 1 })
  const bucket = subject.bucketOf(molecules, trained)
  const count = molecules.names.length
  return {
    features: {
      ...model.featurize(molecules, state, config, bucket),
      ...lossTargets(molecules, state.scale, loss, bucket),
    },
    objective: lossObjective(
      loss,
      { molecules: count, pairTypes: molecules.pairTypes },
      { molecules: count, pairsOfTypes: pairsOfTypes(molecules.pairTypes) },
    ),
  }
}

function uniqueLosses({ recipe }: Subject): Loss[] {
  const losses = new Map(recipe.map(({ loss }) => [JSON.stringify(loss), loss]))
  return [...losses.values()]
}

/** Where each trained parameter lies in a gradient. */
function slotsOf({ model, config, state }: Trained): readonly ParameterSlot[] {
  if (model.kind === 'fitted') return []
  const slots = parameterSlots(model.parameters(config, state))
  return slots.filter(({ trainable }) => trainable)
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
