import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callCouplet, type Call } from './callCouplet.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'couplet-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const call = (...args: string[]): Promise<Call> => callCouplet(folder, args)

/** Trains the tiny preset for an epoch and returns its folder. */
async function trained(...more: string[]): Promise<string> {
  const tiny = ['train', 'mpnn', '--preset', 'tiny', '--epochs', '1', '--workers', '1', '--json']
  const { code, stdout, stderr } = await call(...tiny, ...more)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return (JSON.parse(stdout) as { runs: string[] }).runs[0]!
}

test(
  'a run is fine-tuned for one type from the weights of another',
  { timeout: 240_000 },
  async () => {
    const base = await trained()
    const tuned = await trained('--from', base, '--types', '1JHC', '--learning-rate', '1e-9')
    expect(tuned).not.toBe(base)
    const plan = JSON.parse(readFileSync(join(folder, tuned, 'run.json'), 'utf8')) as {
      recipe: { name: string; loss: { types: string[] } }[]
      from: { folder: string }
    }
    expect(plan.recipe).toHaveLength(1)
    expect(plan.recipe[0]).toMatchObject({ name: 'fine-tune', loss: { types: ['1JHC'] } })
    expect(plan.from.folder).toBe(base)

    // With next to no learning rate it predicts what the trained network predicts, not what a random start does.
    const score = async (run: string): Promise<number> => {
      const { code, stdout, stderr } = await call('score', run, '--json')
      expect({ code, stderr }).toMatchObject({ code: 0 })
      return (JSON.parse(stdout) as { results: { score: number }[] }).results[0]!.score
    }
    const [before, after] = [await score(base), await score(tuned)]
    expect(after).toBeCloseTo(before, 4)

    const [said, published, elsewhere, set] = await Promise.all([
      call('score', tuned),
      call('score', tuned, '--publish'),
      call('train', 'mpnn', '--from', base, '--fold', '1'),
      call('train', 'mpnn', '--from', base, '--set', 'width=8'),
    ])
    expect(said.stderr).toContain('was trained for 1JHC alone: look at these columns only')
    expect(published).toMatchObject({ code: 2, stdout: '' })
    expect(published.stderr).toContain('was trained for 1JHC alone')
    expect(elsewhere.code).toBe(2)
    expect(elsewhere.stderr).toContain('it holds out fold 0, not 1. Give --fold 0.')
    expect(set.stderr).toContain('its settings are kept')
  },
)
