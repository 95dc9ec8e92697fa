import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callCouplet, type Call } from './callCouplet.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'couplet-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const TRAIN = ['train', 'mpnn', '--preset', 'tiny', '--workers', '1', '--runs', 'runs', '--json']
const train = (...more: string[]): Promise<Call> => callCouplet(folder, [...TRAIN, ...more])

function runOf({ code, stdout, stderr }: Call): string {
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return (JSON.parse(stdout) as { runs: string[] }).runs[0]!
}

function planOf(run: string): { budget: number; recipe: { epochs: number; batch: number }[] } {
  return JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')) as ReturnType<
    typeof planOf
  >
}

test('a budget becomes a number of epochs, once for all folds', { timeout: 240_000 }, async () => {
  const first = await train('--budget', '3')
  const run = runOf(first)
  expect(first.stderr).toContain(': speed')
  const { budget, recipe } = planOf(run)
  expect(budget).toBe(3)
  const kept = readdirSync(join(folder, 'runs')).find((name) => name.includes('-budget-'))!
  const pacing = JSON.parse(readFileSync(join(folder, 'runs', kept), 'utf8')) as {
    epochs: number[]
    moleculesPerCoreSecond: number
  }
  expect(recipe.map(({ epochs }) => epochs)).toEqual(pacing.epochs)

  const again = await train('--budget', '3')
  expect(runOf(again)).toBe(run)
  expect(again.stderr).not.toContain(': speed')

  const other = await train('--budget', '3', '--fold', '1')
  expect(other.stderr).not.toContain(': speed')
  expect(planOf(runOf(other)).recipe[0]!.epochs).toBe(recipe[0]!.epochs)

  const score = await callCouplet(folder, ['score', run, '--json'])
  const [result] = (
    JSON.parse(score.stdout) as { results: { config: object; run: { coreSeconds: number } }[] }
  ).results
  expect(result!.config).toMatchObject({
    'recipe/budget': 3,
    'recipe/train/epochs': recipe[0]!.epochs,
  })
  expect(result!.run.coreSeconds).toBeGreaterThan(0.1)

  writeFileSync(join(folder, 'runs', kept), '{')
  const damaged = await train('--budget', '3')
  expect(damaged.code).toBe(2)
  expect(damaged.stderr).toContain(`${kept} is damaged. Delete it`)
})

test('a budget and a number of epochs exclude each other', async () => {
  const { code, stderr } = await train('--budget', '3', '--epochs', '2')
  expect(code).toBe(2)
  expect(stderr).toContain("option '--budget <s>' cannot be used with option '--epochs <n>'")
})

test('the size of a batch and the learning rate can be set', async () => {
  const run = runOf(await train('--epochs', '1', '--batch', '40', '--learning-rate', '0.01'))
  expect(planOf(run).recipe).toEqual([expect.objectContaining({ batch: 40, learningRate: 0.01 })])
})
