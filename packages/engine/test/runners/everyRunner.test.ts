import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { createRunner } from '../../src/createRunner.ts'
import { findRunner, runnerNames } from '../../src/findRunners.ts'
import { initialiseParameters } from '../../src/ParameterStore.ts'
import type { RunnerName } from '../../src/Runner.ts'
import { softwareVulkan } from '../chromium.ts'
import { attention } from '../toyNetworks.ts'

/** What a runner computes of the toy. */
interface Computed {
  readonly loss: number
  readonly gradient: ArrayLike<number>
  readonly y: ArrayLike<number>
}

async function compute(runner: RunnerName): Promise<Computed> {
  const store = initialiseParameters(attention.spec, 5)
  const made = await createRunner(attention.network, store, { runner, workers: 1 })
  const { loss, gradient } = await made.gradient([attention.batch(3)], attention.log)
  const { y } = await made.forward(attention.batch(2), 'values')
  await made.close()
  return { loss, gradient, y: y!.data }
}

/** In a process of its own: a graphics driver may end it. Vulkan in software stands in for a card. */
async function computeApart(runner: RunnerName): Promise<Computed | { error: string }> {
  const program = fileURLToPath(new URL('gradientProgram.ts', import.meta.url))
  const env = { ...process.env, ...(runner === 'ort-webgpu' ? softwareVulkan() : {}) }
  const { stdout } = await promisify(execFile)(process.execPath, [program, runner], {
    env,
    timeout: 120_000,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Computed | { error: string }
}

/** Equal up to a part in 1e4 of the largest value. */
function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length)
  const unit = Math.max(...Array.from(expected, Math.abs))
  expect(unit).toBeGreaterThan(0.01)
  for (let k = 0; k < expected.length; k++) {
    expect(Math.abs(actual[k]! - expected[k]!)).toBeLessThanOrEqual(1e-4 * unit)
  }
}

describe('one network, the same loss and gradients on every runner that this machine offers', () => {
  const tested: string[] = []
  const skipped: string[] = []
  afterAll(() => {
    console.log(
      `runners compared: ${tested.join(', ')}\nnot on this machine: ${skipped.join('\n  ') || 'none'}`,
    )
  })

  test.each(runnerNames)('%s', { timeout: 180_000 }, async (runner) => {
    const apart = runner === 'ort-webgpu' || runner === 'ort-cuda'
    if (!apart) {
      const { available, reason } = await findRunner(runner)
      if (!available) {
        skipped.push(`${runner} (${reason})`)
        return
      }
    }
    const actual = await (apart ? computeApart(runner) : compute(runner))
    if ('error' in actual) {
      if (!actual.error.includes(' cannot be used here: ')) throw new Error(actual.error)
      skipped.push(`${runner} (${actual.error.replace(/^.* here: | Use auto.*$/g, '')})`)
      return
    }
    const expected = await compute('tfjs-cpu')
    expectNear([actual.loss], [expected.loss])
    expectNear(actual.gradient, expected.gradient)
    expectNear(actual.y, expected.y)
    tested.push(runner)
  })
})
