import { afterAll, describe, test } from 'vitest'
import { checkEntry, checkJson } from './conformance/contractChecks.ts'
import { checkCompiled, checkGradients, checkTensors } from './conformance/engineChecks.ts'
import { checkGolden, type Golden } from './conformance/goldenCheck.ts'
import {
  checkAtomOrder,
  checkBatchMates,
  checkMotion,
  checkPadding,
} from './conformance/invarianceChecks.ts'
import { checkExported } from './conformance/exportCheck.ts'
import { checkExtremes, checkFinite, checkLabels } from './conformance/predictionChecks.ts'
import { Subject } from './conformance/Subject.ts'
import {
  checkCheckpoint,
  checkFitsFour,
  checkResume,
  checkSeeds,
} from './conformance/trainingChecks.ts'
import type { AnyModel } from './Model.ts'

export { Subject } from './conformance/Subject.ts'
export type { Golden } from './conformance/goldenCheck.ts'

/** One promise that every entry keeps. */
export interface Check {
  /** The promise in words, the name of the test. */
  readonly title: string
  /** False for promises about training and tensors, which fitted models do not make. */
  readonly fitted: boolean
  /** @throws Error with one sentence about the broken promise. */
  readonly run: (subject: Subject, options: ConformanceOptions) => Promise<void>
}

/** Name of a check, for opt-outs. */
export type CheckName =
  | 'entry'
  | 'json'
  | 'finite'
  | 'fitsFour'
  | 'seeds'
  | 'motion'
  | 'atomOrder'
  | 'batchMates'
  | 'padding'
  | 'labels'
  | 'extremes'
  | 'checkpoint'
  | 'resume'
  | 'tensors'
  | 'gradients'
  | 'compiled'
  | 'exported'
  | 'golden'

/** What an entry may say about its conformance. */
export interface ConformanceOptions {
  /** Promises that the entry does not make, each with the reason; belongs among the entry's deviations too. */
  readonly optOut?: Partial<Record<CheckName, string>>
  /** Golden values of the tiny preset: numbers, or the JSON file beside the test that holds them. */
  readonly golden?: Golden
}

/** Every check of the suite by name. Each can be run on its own, for example on a model that is still being written. */
export const CHECKS: Readonly<Record<CheckName, Check>> = {
  entry: { title: 'entry and parameter names follow the schema', fitted: true, run: checkEntry },
  json: { title: 'configurations and state survive JSON', fitted: true, run: checkJson },
  finite: { title: 'one finite value per pair, in order', fitted: true, run: checkFinite },
  fitsFour: { title: 'fits four molecules', fitted: true, run: checkFitsFour },
  seeds: { title: 'equal seeds, equal weights', fitted: true, run: checkSeeds },
  motion: { title: 'rotation and translation change nothing', fitted: true, run: checkMotion },
  atomOrder: { title: 'the order of atoms changes nothing', fitted: true, run: checkAtomOrder },
  batchMates: { title: 'batch mates change nothing', fitted: true, run: checkBatchMates },
  padding: { title: 'padding changes nothing', fitted: false, run: checkPadding },
  labels: { title: 'labels of held-out molecules are never read', fitted: true, run: checkLabels },
  extremes: { title: 'predicts molecules of extreme sizes', fitted: true, run: checkExtremes },
  checkpoint: { title: 'a checkpoint round trip is exact', fitted: true, run: checkCheckpoint },
  resume: { title: 'a resumed training is exact', fitted: false, run: checkResume },
  tensors: { title: 'no tensor is leaked', fitted: false, run: checkTensors },
  gradients: { title: 'every parameter gets a gradient', fitted: false, run: checkGradients },
  compiled: { title: 'compiled equals eager', fitted: false, run: checkCompiled },
  exported: {
    title: 'an exported file predicts the same, for batches of any size',
    fitted: false,
    run: checkExported,
  },
  golden: {
    title: 'the tiny preset keeps its golden values',
    fitted: true,
    run: (subject, { golden }) => checkGolden(subject, golden),
  },
}

/**
 * Registers the conformance suite of an entry as vitest tests: one call in each entry's test file.
 * @param options opt-outs, which show as skipped tests with their reason, and golden values.
 * @throws Error for an opt-out without a reason.
 */
export function testModel(model: AnyModel, options: ConformanceOptions = {}): void {
  const { optOut = {} } = options
  for (const [name, reason] of Object.entries(optOut)) {
    if (!(name in CHECKS) || reason.trim() === '') {
      throw new Error(
        `[@couplet/model] ${model.entry.id}: the opt-out of ${name} needs the name of a check and a reason. Checks: ${Object.keys(CHECKS).join(', ')}.`,
      )
    }
  }
  describe(`${model.entry.id} conforms`, () => {
    const subject = new Subject(model)
    afterAll(() => subject.close())
    const checks = Object.entries(CHECKS) as [CheckName, Check][]
    const applicable = checks.filter(([, { fitted }]) => fitted || model.kind === 'network')
    for (const [name, { title, run }] of applicable) {
      const reason = optOut[name]
      // oxlint-disable-next-line vitest/expect-expect, vitest/valid-title -- a check throws its own sentence
      test.skipIf(reason !== undefined)(
        // oxlint-disable-next-line vitest/valid-title -- one title per check
        reason === undefined ? title : `${title} (opted out: ${reason})`,
        () => run(subject, options),
      )
    }
  })
}
