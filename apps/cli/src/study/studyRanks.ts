import { formatScore, rankEntries, type RanksStudy } from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { counted } from '../counted.ts'
import { studyPath } from '../results.ts'
import { RESAMPLING } from '../scoreRuns.ts'
import { readBasis, type Basis, type BasisCall } from './readBasis.ts'
import { studyHeader } from './studyHeader.ts'

/** Seeds that the best entries, and any tied with them, are trained with. */
const [SEEDED_RANKS, SEEDS] = [5, 3]
/** Level of the intervals. */
const LEVEL = 0.95

/** `couplet study ranks`. */
export async function studyRanks(call: BasisCall): Promise<void> {
  const basis = await readBasis(call)
  const study = ranksOf(basis)
  const path = studyPath(call.results, 'ranks', basis.dataset.name)
  await writeStudy('ranks', path, study)
  for (const { entry, score, rank, seeds } of study.entries) {
    const { best, worst } = rank
    const place = best === worst ? `${best}` : `${best}-${worst}`
    console.log(
      `${place.padStart(5)}  ${entry}  ${formatScore(score.value)} [${formatScore(score.low)}, ${formatScore(score.high)}]  ${counted(seeds.length, 'seed')}`,
    )
  }
  if (study.partial) console.log(`Partial: ${study.partial}`)
  console.log(`Wrote ${path}`)
}

/** Ranks of the entries of a basis. */
function ranksOf(basis: Basis): RanksStudy {
  const ranking = rankEntries(
    basis.entries.map(({ id, model, seeds }) => ({
      entry: id,
      seeds: seeds.map(({ errors }) => errors),
      seedless: model.kind === 'fitted',
    })),
    { ...RESAMPLING, level: LEVEL },
  )
  const groups = basis.entries[0]!.seeds[0].errors.groupSizes?.length
  const drawn =
    groups === undefined
      ? 'constitutions'
      : `${groups} groups of constitutions, no sum of errors over fewer than three pairs,`
  const notes = [
    `Score: that of a single training, averaged over its seeds. Intervals draw ${drawn} and seeds together.`,
    ranking.seedDeviation === null
      ? 'No entry has several seeds yet: the choice of the seed is not covered.'
      : 'Entries with one seed are given the spread between seeds that the others show.',
  ]
  const fewSeeds = ranking.entries.flatMap(({ entry, best }) => {
    const { model, seeds } = basis.entries.find(({ id }) => id === entry)!
    const wanted = model.kind === 'network' && best <= SEEDED_RANKS && seeds.length < SEEDS
    return wanted ? [entry] : []
  })
  const missing = fewSeeds.length === 0 ? null : `fewer than ${SEEDS} seeds: ${fewSeeds.join(', ')}`
  return {
    ...studyHeader(basis, notes),
    partial: [basis.partial, missing].filter((words) => words !== null).join('; ') || null,
    study: 'ranks',
    resampling: { ...RESAMPLING, level: LEVEL },
    criticalValue: ranking.criticalValue,
    seedDeviation: ranking.seedDeviation,
    entries: ranking.entries.map(({ entry, score, interval, seedDeviation, best, worst }) => ({
      entry,
      seeds: basis.entries.find(({ id }) => id === entry)!.seeds.map(({ result }) => result.seed),
      score: { value: score, low: interval.low, high: interval.high },
      seedDeviation,
      rank: { best, worst },
    })),
    probabilityBetter: ranking.probabilityBetter.map((row) => [...row]),
    differences: ranking.differences.map(
      ({ better, worse, difference, interval, simultaneous, separated, moreMolecules }) => ({
        better,
        worse,
        difference: { value: difference, ...interval },
        simultaneous: { ...simultaneous },
        separated,
        moreMolecules,
      }),
    ),
    ties: ranking.ties.map((set) => [...set]),
  }
}
