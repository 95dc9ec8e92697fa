import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeAtomically } from '@couplet/data/node'
import { fit } from '../fit.ts'
import { predict } from '../predict.ts'
import { broken, describePair, TOLERANCE } from './compare.ts'
import { heldOutMolecules, trainingMolecules } from './molecules.ts'
import type { Subject } from './Subject.ts'

/** Golden values: the numbers, or the JSON file that holds them. */
export type Golden = readonly number[] | string | URL

/** Set to 1, this environment variable makes the suite write golden files instead of comparing with them. */
const WRITE = 'COUPLET_WRITE_GOLDEN'

/** The tiny preset predicts what it predicted when its golden values were committed. */
export async function checkGolden(subject: Subject, golden?: Golden): Promise<void> {
  const { model } = subject
  const values = await goldenValues(subject)
  const path = golden instanceof URL ? fileURLToPath(golden) : golden
  if (typeof path === 'string' && process.env[WRITE] === '1') {
    await writeAtomically(path, [`${JSON.stringify(values)}\n`])
    return
  }
  const expected = typeof path === 'string' ? readGolden(path) : path
  if (!expected) {
    throw broken(
      model,
      `there are no golden values. Give testModel a file name as \`golden\`, then run the test once with ${WRITE}=1.`,
    )
  }
  if (expected.length !== values.length) {
    throw broken(model, `there are ${expected.length} golden values for ${values.length} pairs.`)
  }
  const unit = Math.max(...expected.map(Math.abs), 1e-6)
  const bad = values.findIndex(
    (value, pair) =>
      !(
        Math.abs(value - expected[pair]!) <=
        TOLERANCE * Math.max(Math.abs(expected[pair]!), 0.01 * unit)
      ),
  )
  if (bad < 0) return
  throw broken(
    model,
    `the golden value of ${describePair(heldOutMolecules(), bad)} is ${expected[bad]} Hz, but the tiny preset gives ${values[bad]} Hz. ` +
      `If the change is meant, raise the entry's version and run the test once with ${WRITE}=1.`,
  )
}

/**
 * Predictions of the tiny preset in hertz, seven digits. A network's weights are its fresh ones, each moved a little: training
 * would carry rounding errors from one machine to the next, and fresh biases of 0 would hide mistakes.
 */
async function goldenValues(subject: Subject): Promise<number[]> {
  const { model, config, recipe } = subject
  const trained = await fit(model, trainingMolecules(), {
    config,
    recipe,
    seed: 1,
    workers: 1,
    signal: AbortSignal.abort(),
  })
  const weights = Object.fromEntries(
    Object.entries(trained.weights).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value, index) => value + 0.03 * Math.sin(1 + index)) },
    ]),
  )
  const used = model.kind === 'network' ? { ...trained, weights } : trained
  const values = await predict(used, heldOutMolecules(), { workers: 1 })
  return Array.from(values, (value) => Number(value.toPrecision(7)))
}

function readGolden(path: string): readonly number[] | undefined {
  if (!existsSync(path)) return undefined
  return JSON.parse(readFileSync(path, 'utf8')) as number[]
}
