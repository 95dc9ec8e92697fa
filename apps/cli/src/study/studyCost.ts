import { readDftOrigins, type DftOrigin } from '@couplet/dft'
import { trainingCoreSeconds, type CostStudy } from '@couplet/eval'
import { writeStudy } from '@couplet/eval/node'
import { EMBEDDED } from '../Dataset.ts'
import { studyPath } from '../results.ts'
import { UsageError } from '../UsageError.ts'
import { readBasis, type Basis, type BasisCall } from './readBasis.ts'
import { studyHeader } from './studyHeader.ts'

/** `couplet study cost`. */
export async function studyCost(call: BasisCall): Promise<void> {
  if (call.data !== EMBEDDED) {
    throw new UsageError(
      `what a label costs is known of ${EMBEDDED} alone, whose calculations were timed. Leave out --data.`,
    )
  }
  const basis = await readBasis(call)
  const study = costOf(basis, await readDftOrigins())
  const path = studyPath(call.results, 'cost', basis.dataset.name)
  await writeStudy('cost', path, study)
  const { labels } = study
  console.log(`A label: ${labels.meanSeconds.toFixed(0)} core-seconds a molecule on average.`)
  for (const { entry, secondsPerMolecule, speedup, geometricMeanMae } of study.entries) {
    console.log(
      `${entry}: ${(1000 * secondsPerMolecule).toFixed(1)} ms, ${Math.round(speedup)} times faster, at ${geometricMeanMae.toFixed(2)} Hz (geometric mean of the types)`,
    )
  }
  if (study.partial) console.log(`Partial: ${study.partial}`)
  console.log(`Wrote ${path}`)
}

/** What labels and predictions cost. */
function costOf(basis: Basis, origins: readonly DftOrigin[]): CostStudy {
  const names = new Set(basis.scored.names)
  const own = origins.filter(({ name }) => names.has(name))
  const seconds = own.map(({ cpuSeconds }) => cpuSeconds).toSorted((a, b) => a - b)
  const heavy = [...new Set(own.map(({ heavyAtoms }) => heavyAtoms))].toSorted((a, b) => a - b)
  const meanSeconds = mean(seconds)
  return {
    ...studyHeader(basis, [
      'Labels were calculated in processor time of one core, predictions in wall time times threads; cores of different machines differ.',
      'Predicting the held-out molecules of five folds includes loading and compiling five models: many molecules at once are faster.',
    ]),
    study: 'cost',
    labels: {
      about:
        'from SMILES to couplings at B3LYP/6-31G(2df,p), the geometry included, over the scored molecules',
      molecules: own.length,
      meanSeconds,
      medianSeconds: (seconds[(own.length - 1) >> 1]! + seconds[own.length >> 1]!) / 2,
      byHeavyAtoms: heavy.map((heavyAtoms) => {
        const ofSize = own.filter((origin) => origin.heavyAtoms === heavyAtoms)
        return {
          heavyAtoms,
          molecules: ofSize.length,
          meanSeconds: mean(ofSize.map(({ cpuSeconds }) => cpuSeconds)),
        }
      }),
    },
    entries: basis.entries
      .map(({ id, seeds }) => {
        const { result } = seeds[0]
        const { run, score } = result
        const secondsPerMolecule = run.cores / run.moleculesPerSecond
        return {
          entry: id,
          device: run.device,
          cores: run.cores,
          secondsPerMolecule,
          speedup: meanSeconds / secondsPerMolecule,
          score,
          geometricMeanMae: Math.exp(score),
          trainingSeconds: trainingCoreSeconds(result),
        }
      })
      .toSorted((a, b) => a.secondsPerMolecule - b.secondsPerMolecule),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
