import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { type Curves, formatStudy, parseStudy } from '../../src/index.ts'
import { readStudy, writeStudy } from '../../src/node.ts'

const folder = mkdtempSync(join(tmpdir(), 'couplet-study-'))
afterAll(() => rmSync(folder, { recursive: true }))

const curves: Curves = {
  schemaVersion: 1,
  study: 'curves',
  entry: { id: 'example', version: '0.1.0' },
  dataset: { name: 'couplet-dft', sha256: 'a'.repeat(64) },
  seed: 1,
  cores: 2,
  folds: [
    {
      fold: '0',
      points: [
        { phase: 'train', epoch: 1, seconds: 1.5, loss: 1 / 3, learningRate: 1e-3 },
        { phase: 'train', epoch: 2, seconds: 3, loss: null, learningRate: 5e-4 },
      ],
    },
  ],
}

it('reads back what it wrote, to six digits', async () => {
  const path = join(folder, 'example.json')
  await writeStudy('curves', path, curves)
  const read = readStudy('curves', path)!
  expect(read.folds[0]!.points[0]!.loss).toBe(0.333333)
  expect(read.folds[0]!.points[1]).toEqual(curves.folds[0]!.points[1])
  expect(formatStudy('curves', read)).toBe(formatStudy('curves', curves))
})

it('says undefined of a study that was not made yet', () => {
  expect(readStudy('ranks', join(folder, 'missing.json'))).toBeUndefined()
})

it('names file, field and what to do', () => {
  const text = JSON.stringify({ ...curves, seed: -1 })
  expect(() => parseStudy('curves', text, 'x.json')).toThrow(/x\.json: seed: .*score --publish/)
  expect(() => parseStudy('ranks', text, 'x.json')).toThrow(/couplet study ranks/)
  expect(() => parseStudy('curves', '{', 'x.json')).toThrow('x.json is not JSON')
  const extra = JSON.stringify({ ...curves, more: 1 })
  expect(() => parseStudy('curves', extra, 'x.json')).toThrow('more')
})
