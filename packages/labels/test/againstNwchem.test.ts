import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { againstNwchem, LabelError, WorkerFailure, type NwchemComparison } from '../src/index.ts'

const FAKE = fileURLToPath(new URL('fakeWorker.mjs', import.meta.url))

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'nwchem-'))
})
afterEach(() => rmSync(scratch, { recursive: true }))

const compare = (behaviour: string, signal: AbortSignal): Promise<NwchemComparison> =>
  againstNwchem(
    {
      command: [process.execPath, FAKE, behaviour, join(scratch, 'steps.log')],
      versions: {},
      optimise: 'none',
    },
    { seconds: 60, memoryMb: 4000, scratch, signal },
  )

test('a program that fails is named with its molecule', async () => {
  const failed = compare('crash', new AbortController().signal)
  await expect(failed).rejects.toThrow(/^\[@couplet\/labels\] water cannot be compared with NWChem/)
  await expect(failed).rejects.toThrow(LabelError)
})

test('a comparison that is stopped has not failed', async () => {
  const error = await compare('hang', AbortSignal.abort()).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(WorkerFailure)
  expect((error as WorkerFailure).final).toBe(false)
})
