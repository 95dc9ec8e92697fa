import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Run, type Fold } from '../src/Run.ts'
import { curvesOf } from '../src/study/curvesOf.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couplet-curves-'))
})
afterAll(() => rm(folder, { recursive: true }))

function runOf(fold: Fold): Promise<Run> {
  return Run.create(folder, {
    entry: { id: 'mpnn', version: '0.0.0' },
    dataset: { name: 'couplet-dft', sha256: 'a'.repeat(64), source: 'couplet-dft' },
    fold,
    config: {},
    recipe: [],
    seed: 7,
  })
}

it('reads epochs of every fold from the logs, in the order of the folds', async () => {
  const runs = [await runOf('1'), await runOf('0')]
  const epoch = { phase: 'train', epoch: 1, seconds: 2.5, learningRate: 0.001 }
  await runs[0]!.log({ ...epoch, loss: 0.5, padding: 0.1 })
  await runs[1]!.log({ ...epoch, loss: Infinity })
  const curves = await curvesOf(runs)
  expect(curves).toMatchObject({ entry: { id: 'mpnn' }, seed: 7 })
  expect(curves!.folds).toEqual([
    { fold: '0', points: [{ ...epoch, loss: null }] },
    { fold: '1', points: [{ ...epoch, loss: 0.5 }] },
  ])
})

it('has no curves of entries that log nothing', async () => {
  expect(await curvesOf([await runOf('2')])).toBeUndefined()
})

it('refuses a damaged log', async () => {
  const run = await runOf('3')
  await run.log({ phase: 'train' })
  await expect(curvesOf([run])).rejects.toThrow('log.jsonl line 1 is no line of a training log')
})
