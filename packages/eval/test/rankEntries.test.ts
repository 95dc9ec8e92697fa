import { describe, expect, it } from 'vitest'
import { type ErrorTable, rankEntries } from '../src/index.ts'
import { simulatedErrors } from './examples.ts'
import { randomGenerator } from '../src/randomGenerator.ts'

describe('rankEntries', () => {
  it('lets entries share ranks that comparison cannot tell apart', () => {
    const { entries, ties, differences } = rankEntries(
      [
        { entry: 'poor', seeds: [simulatedErrors(100, 7, 1.5, 40, 0.3)] },
        { entry: 'twin-a', seeds: [simulatedErrors(100, 7, 1, 41, 0.001)] },
        { entry: 'twin-b', seeds: [simulatedErrors(100, 7, 1, 41, 0.001)] },
        { entry: 'good', seeds: [simulatedErrors(100, 7, 0.5, 43, 0.3)] },
      ],
      { seed: 1, resamples: 500 },
    )
    expect(entries.map(({ entry, best, worst }) => `${entry} ${best}-${worst}`)).toEqual([
      'good 1-1',
      'twin-a 2-3',
      'twin-b 2-3',
      'poor 4-4',
    ])
    expect(ties).toEqual([['good'], ['twin-a', 'twin-b'], ['poor']])
    expect(differences.find(({ worse }) => worse === 'twin-b')).toMatchObject({ better: 'good' })
  })

  it('asks for more molecules where seeds allow it, and for none where nothing differs', () => {
    const { differences, probabilityBetter } = rankEntries(
      [
        { entry: 'a', seeds: [simulatedErrors(100, 7, 1, 41, 0.3)] },
        { entry: 'b', seeds: [simulatedErrors(100, 7, 1.01, 42, 0.3)] },
        { entry: 'a-again', seeds: [simulatedErrors(100, 7, 1, 41, 0.3)] },
      ],
      { seed: 1, resamples: 2000 },
    )
    const [same, near] = differences
    expect(same).toMatchObject({ difference: 0, separated: false, moreMolecules: null })
    expect(near!.separated).toBe(false)
    expect(near!.moreMolecules).toBeGreaterThan(0)
    for (const [row, line] of probabilityBetter.entries()) {
      for (const [column, value] of line.entries()) {
        expect(value + probabilityBetter[column]![row]!).toBeCloseTo(1)
      }
    }
  })

  it('widens every interval by the spread between seeds, also of entries with one', () => {
    const one = simulatedErrors(200, 7, 1, 41, 0.2)
    const seeds = [0.8, 1, 1.25].map((scale) => simulatedErrors(200, 7, scale, 43, 0.2))
    const options = { seed: 1, resamples: 1000 }
    const width = (entry: string, all: Parameters<typeof rankEntries>[0]): number => {
      const { interval } = rankEntries(all, options).entries.find((row) => row.entry === entry)!
      return interval.high - interval.low
    }
    const alone = [
      { entry: 'one', seeds: [one] },
      { entry: 'other', seeds: [seeds[1]!] },
    ]
    const several = [alone[0]!, { entry: 'other', seeds }]
    expect(width('one', several)).toBeGreaterThan(1.5 * width('one', alone))
    const seedless = [{ ...alone[0]!, seedless: true }, several[1]!]
    expect(width('one', seedless)).toBeCloseTo(width('one', alone), 1)
    const ranking = rankEntries(several, options)
    // ln 0.8, ln 1 and ln 1.25 have a standard deviation of ln 1.25.
    expect(ranking.seedDeviation).toBeCloseTo(Math.log(1.25), 5)
    expect(ranking.entries.map(({ seedDeviation }) => seedDeviation === null)).toContain(true)
  })

  it('refuses two entries of one name, and an entry without a training', () => {
    const seeds = [simulatedErrors(5, 7)]
    const twice = [
      { entry: 'a', seeds },
      { entry: 'a', seeds },
    ]
    expect(() => rankEntries(twice, { seed: 1 })).toThrow('same id')
    expect(() => rankEntries([{ entry: 'a', seeds: [] }], { seed: 1 })).toThrow('nothing to rank')
  })
})

describe('rankEntries on cases with a known answer', () => {
  it('separates any of twelve equal entries in at most one study in twenty', () => {
    const studies = 100
    const falsely = range(studies).filter((study) => {
      const entries = range(12).map((index) => trained(`e${index}`, 100, study, index))
      const { differences } = rankEntries(entries, { seed: study, resamples: 250 })
      return differences.some(({ separated }) => separated)
    })
    expect(falsely.length).toBeLessThanOrEqual(mostByChance(studies))
  })

  it('separates any of six equal entries whose seeds differ by more than their molecules in as few', () => {
    const studies = 60
    const falsely = range(studies).filter((study) => {
      const random = randomGenerator(study)
      // Sums of uniform numbers: a spread of 0.1 in ln MAE between seeds.
      const scale = (): number =>
        Math.exp(0.1 * (range(12).reduce((sum) => sum + random.next(), 0) - 6))
      const entries = range(6).map((index) => ({
        entry: `e${index}`,
        seeds: range(3).map((seed) => errorsOf(60, study, 3 * index + seed, scale())),
      }))
      const { differences } = rankEntries(entries, { seed: study, resamples: 250 })
      return differences.some(({ separated }) => separated)
    })
    expect(falsely.length).toBeLessThanOrEqual(mostByChance(studies))
  })

  it('finds a planted improvement of 5 % as often as its standard error lets it', () => {
    const studies = 100
    let found = 0
    let expected = 0
    for (const study of range(studies)) {
      const entries = range(4).map((index) =>
        trained(`e${index}`, 120, study, index, index === 0 ? 0.95 : 1),
      )
      const { differences, criticalValue } = rankEntries(entries, { seed: study, resamples: 250 })
      const pair = differences.find(
        ({ better, worse }) => [better, worse].toSorted().join() === 'e0,e1',
      )!
      if (pair.separated && pair.better === 'e0') found++
      const error = (pair.simultaneous.high - pair.difference) / criticalValue
      expected += normalShareBelow(-Math.log(0.95) / error - criticalValue)
    }
    // Neither never nor always, so that a wrong rate would show.
    expect(expected / studies).toBeGreaterThan(0.2)
    expect(expected / studies).toBeLessThan(0.8)
    expect(Math.abs(found - expected)).toBeLessThan(3 * Math.sqrt(studies / 4))
  })

  it('separates two entries in four of five studies with the molecules that it asks for', () => {
    const improvement = -Math.log(0.95)
    const pairOf = (molecules: number, study: number) =>
      rankEntries([trained('a', molecules, study, 0, 0.95), trained('b', molecules, study, 1)], {
        seed: study,
        resamples: 250,
      }).differences[0]!
    // A study whose difference is close to the truth asks for about the right number.
    const small = range(200)
      .map((study) => pairOf(40, study))
      .find(
        ({ difference, separated }) => !separated && Math.abs(difference + improvement) < 0.002,
      )!
    expect(small.moreMolecules).toBeGreaterThan(10)
    const studies = 60
    const found = range(studies).filter(
      (study) => pairOf(40 + small.moreMolecules!, study).separated,
    )
    expect(Math.abs(found.length / studies - 0.8)).toBeLessThan(0.2)
  })
})

/** So many of the studies, and hardly ever more, are wrong where the true rate is one in twenty. */
function mostByChance(studies: number): number {
  return studies / 20 + 2 * Math.sqrt((studies * 19) / 400)
}

/** Errors of one training: the molecules of a study, and chance errors of the training's own. */
function errorsOf(molecules: number, study: number, training: number, scale = 1): ErrorTable {
  return simulatedErrors(molecules, 1000 * study, scale, 1000 * study + 1 + training, 0.8)
}

function trained(entry: string, molecules: number, study: number, training: number, scale = 1) {
  return { entry, seeds: [errorsOf(molecules, study, training, scale)] }
}

/** Share of the standard normal distribution below a value, by the trapezoid rule. */
function normalShareBelow(value: number): number {
  const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  const step = (value + 8) / 1000
  return range(1000).reduce(
    (sum, index) =>
      sum + (step / 2) * (density(-8 + step * index) + density(-8 + step * (index + 1))),
    0,
  )
}

function range(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index)
}
