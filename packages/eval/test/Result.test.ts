import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  bootstrapInterval,
  comparePaired,
  errorsFromResult,
  groupsFromErrors,
  formatResult,
  measureResult,
  parseResult,
  scoreErrors,
  type Result,
} from '../src/index.ts'
import { readResult, writeResult } from '../src/node.ts'
import { exampleResult, simulatedErrors } from './examples.ts'

const folder = mkdtempSync(join(tmpdir(), 'couplet-eval-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Sets the value at a path such as `types.0.mae` in a copy of the example; undefined deletes it. */
function changed(path: string, value: unknown): unknown {
  const copy = structuredClone(exampleResult()) as unknown as Record<string, unknown>
  const keys = path.split('.')
  let parent = copy
  for (const key of keys.slice(0, -1)) parent = parent[key] as Record<string, unknown>
  if (value === undefined) delete parent[keys.at(-1)!]
  else parent[keys.at(-1)!] = value
  return copy
}

describe('result files', () => {
  it('come back as they were written, up to the rounding', async () => {
    const path = join(folder, 'couplet-dft', 'median.json')
    const result = exampleResult()
    await writeResult(path, result)
    const read = readResult(path)
    expect(read.score).toBeCloseTo(result.score, 6)
    expect(read.run.seconds).toBe(1.235)
    expect(read.config).toEqual(result.config)
    expect(formatResult(read)).toBe(readFileSync(path, 'utf8'))
    expect(readdirSync(join(folder, 'couplet-dft'))).toEqual(['median.json'])
  })

  it('have the same text whatever the order of keys', () => {
    const result = exampleResult()
    const backward = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .toReversed()
              .map(([key, item]) => [key, backward(item)]),
          )
        : value
    expect(formatResult(backward(result) as Result)).toBe(formatResult(result))
  })

  it('put rows of numbers and types on one line each', () => {
    const lines = formatResult(exampleResult()).split('\n')
    expect(
      lines.filter((line) => /^ {4}\{ "type": "\dJH\w", "mae": .*\},?$/.test(line)),
    ).toHaveLength(8)
    expect(lines.filter((line) => /^ {6}\[\d.*\],?$/.test(line))).toHaveLength(40)
  })

  it('serve paired comparison from the files alone', () => {
    const [a, b] = [1, 0.9].map((scale) => {
      const text = formatResult(exampleResult(simulatedErrors(20, 5, scale)))
      return errorsFromResult(parseResult(text, 'file'))!
    })
    const { difference, probabilityBetter } = comparePaired(a!, b!, { seed: 1, resamples: 100 })
    expect(difference).toBeCloseTo(-Math.log(0.9), 5)
    expect(probabilityBetter).toBe(0)
  })

  it('hold what measureResult measures', () => {
    const errors = simulatedErrors(20, 5)
    const { test, ...measured } = measureResult(errors, { seed: 1, resamples: 50 })
    const result = exampleResult(errors)
    const text = formatResult({ ...result, ...measured, counts: { ...result.counts, test } })
    expect(parseResult(text, 'file').interval).toMatchObject({ resamples: 50, seed: 1 })
  })

  it('keep which molecules share a constitution, for intervals from the files alone', () => {
    const errors = simulatedErrors(20, 5)
    const foldKeys = errors.names.map((_, index) => String(index % 10).repeat(64))
    const clustered = { ...errors, foldKeys }
    const { test } = measureResult(clustered, { seed: 1, resamples: 50 })
    expect(test.constitutions).toBe(10)
    const text = formatResult({
      ...exampleResult(clustered),
      counts: { ...exampleResult().counts, test },
    })
    const read = errorsFromResult(parseResult(text, 'file'))!
    expect(read.foldKeys![3]).toBe('3'.repeat(16))
    const one = bootstrapInterval(read, { seed: 1, resamples: 500 }).interval
    expect(one.low).toBeCloseTo(
      bootstrapInterval(clustered, { seed: 1, resamples: 500 }).interval.low,
      5,
    )
    // An older file of another entry has no keys: those of the newer serve for both.
    const older = simulatedErrors(20, 5, 0.9)
    const options = { seed: 1, resamples: 500 }
    const paired = comparePaired(older, read, options)
    expect(paired).toEqual(comparePaired({ ...older, foldKeys }, read, options))
    const wrong = text.replace('"constitutions": 10', '"constitutions": 9')
    expect(() => parseResult(wrong, 'file')).toThrow(
      'molecules.foldKeys: hold 10 constitutions, but counts.test.constitutions is 9',
    )
  })

  it('hold groups of molecules where the labels may not be published', () => {
    const errors = {
      ...simulatedErrors(60, 5),
      foldKeys: Array.from({ length: 60 }, (_, index) => `${index}`.padEnd(64, 'a')),
    }
    const { molecules: _, ...rest } = exampleResult(errors)
    const closed: Result = {
      ...rest,
      dataset: { ...rest.dataset, name: 'champs-sample' },
      groups: groupsFromErrors(errors),
    }
    const read = parseResult(formatResult(closed), 'file')
    const table = errorsFromResult(read)!
    expect(table.groupSizes!.length).toBe(read.groups!.keys.length)
    expect(scoreErrors(table).score).toBeCloseTo(closed.score, 5)
    expect(() => formatResult({ ...closed, dataset: rest.dataset })).toThrow(
      `groups: are for data that are not open: ${rest.dataset.name} has molecules`,
    )
    const { groups } = closed
    const spoilt = (block: Partial<NonNullable<Result['groups']>>): (() => string) => {
      return () => formatResult({ ...closed, groups: { ...groups!, ...block } })
    }
    const [first, ...others] = groups!.counts
    expect(spoilt({ counts: [[1, ...first!.slice(1)], ...others] })).toThrow(
      'groups.counts.0: holds a sum over fewer than 3 pairs',
    )
    expect(spoilt({ molecules: groups!.molecules.map(() => 1) })).toThrow(
      'groups.molecules: add up to',
    )
    expect(spoilt({ keys: groups!.keys.slice(1) })).toThrow('groups.molecules: has')
    expect(spoilt({ keys: groups!.keys.map(() => '0'.repeat(16)) })).toThrow('holds a key twice')
    expect(spoilt({ errorSums: groups!.errorSums.map((row) => row.map(() => 1)) })).toThrow(
      'groups.errorSums: give 1JHC a MAE of',
    )
  })

  it('accept absent types, and need no molecules block', () => {
    const result = exampleResult()
    const last = result.types[7]!
    const score = result.types.slice(0, 7).reduce((sum, { mae }) => sum + Math.log(mae!), 0) / 7
    const { molecules: _, ...rest } = result
    const absent: Result = {
      ...rest,
      score,
      dataset: { ...result.dataset, name: 'champs' },
      types: [
        ...result.types.slice(0, 7),
        { type: '3JHN', mae: null, count: 0, low: null, high: null },
      ],
      counts: {
        ...result.counts,
        test: { molecules: 20, pairs: result.counts.test.pairs - last.count },
      },
    }
    const read = parseResult(formatResult(absent), 'file')
    expect(read.types[7]!.mae).toBeNull()
    expect(errorsFromResult(read)).toBeUndefined()
  })

  it.each([
    ['surprise', 1, 'surprise'],
    ['run.host', 'my-laptop', 'run: Unrecognized key: "host"'],
    ['molecules.smiles', [], 'molecules: Unrecognized key'],
    ['schemaVersion', 2, 'schemaVersion'],
    ['score', -9, "score: is -9, but the types' errors give"],
    ['score', 'good', 'score'],
    ['score', undefined, 'score'],
    ['entry.id', '../median', 'entry.id'],
    ['entry.version', 'latest', 'entry.version'],
    ['dataset.sha256', 'unknown', 'dataset.sha256'],
    ['dataset.licence', ' ', 'dataset.licence'],
    ['dataset.name', 'champs', 'molecules: errors of single molecules may be published only for'],
    ['fold', '5', 'fold'],
    ['fold', 0, 'fold'],
    ['counts.test.pairs', 3, 'counts.test.pairs: is 3, but the types hold'],
    ['counts.test.molecules', 3, 'molecules.names: has 20 rows'],
    ['interval.low', 99, 'interval.low: is 99, above high'],
    ['interval.level', 95, 'interval.level'],
    ['types.2.mae', 0.0001, 'score: is'],
    ['types.2.mae', null, 'types.2.mae: is null, but count is'],
    ['types.2.mae', -1, 'types.2.mae'],
    ['types.2.low', null, 'types.2: low and high'],
    ['types.2.low', 1000, 'types.2.low: is 1000, above high'],
    ['types.2.type', '1JHC', 'types.2.type: is 1JHC, but 2JHC comes here'],
    ['types', [], 'types'],
    ['config.layers', [1, 2], 'config.layers'],
    ['seed', 0.5, 'seed'],
    ['parameters', -1, 'parameters'],
    ['run.cores', 0, 'run.cores'],
    ['run.seconds', -1, 'run.seconds'],
    ['run.commit', 'main', 'run.commit'],
    ['run.date', 'yesterday', 'run.date'],
    ['charges', 'guessed', 'charges'],
    ['predictions', undefined, 'predictions'],
    ['molecules.foldKeys', ['00'], 'molecules.foldKeys.0'],
    ['molecules.names.1', 'm0', 'molecules.names: holds a name twice'],
    ['molecules.errorSums.0.0', 999, 'molecules.errorSums: give 1JHC a MAE of'],
    ['molecules.counts.0.0', 999, 'molecules.counts: hold'],
    ['molecules.counts.0', [1], 'molecules.counts.0'],
  ])('refuse %s = %j', (path, value, message) => {
    const text = JSON.stringify(changed(path, value))
    expect(() => parseResult(text, 'median.json')).toThrow(message)
    expect(() => parseResult(text, 'median.json')).toThrow('[@couplet/eval] median.json: ')
  })

  it('are not touched by a result that is refused', async () => {
    const path = join(folder, 'kept.json')
    await writeResult(path, exampleResult())
    const before = readFileSync(path, 'utf8')
    await expect(writeResult(path, changed('score', Number.NaN) as Result)).rejects.toThrow(
      'kept.json: score',
    )
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(readdirSync(folder).filter((name) => name.includes('kept'))).toEqual(['kept.json'])
  })

  it('say what is wrong with a path', async () => {
    expect(() => readResult(join(folder, 'none.json'))).toThrow('none.json cannot be read')
    const path = join(folder, 'broken.json')
    writeFileSync(path, '{"score": ')
    expect(() => readResult(path)).toThrow('broken.json is not JSON')
    await expect(writeResult(join(path, 'below.json'), exampleResult())).rejects.toThrow(
      'below.json exists, but is not a folder',
    )
  })
})
