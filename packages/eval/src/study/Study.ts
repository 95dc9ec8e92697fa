import type { z } from 'zod'
import { formatJson } from '../formatJson.ts'
import { checkForm, parseJson } from '../parseJson.ts'
import { costSchema } from './costSchema.ts'
import { curvesSchema } from './curvesSchema.ts'
import { ensemblesSchema } from './ensemblesSchema.ts'
import { errorsSchema } from './errorsSchema.ts'
import { historySchema } from './historySchema.ts'
import { ranksSchema } from './ranksSchema.ts'
import { staleSchema } from './staleSchema.ts'
import { sizesSchema, swapsSchema, transferSchema } from './trainingStudySchemas.ts'

/** Forms of all files that `couplet study`, `couplet score --publish` and `couplet report` write beside the results, by name. */
export const STUDY_SCHEMAS = {
  ranks: ranksSchema,
  ensembles: ensemblesSchema,
  errors: errorsSchema,
  sizes: sizesSchema,
  swaps: swapsSchema,
  transfer: transferSchema,
  cost: costSchema,
  curves: curvesSchema,
  history: historySchema,
  stale: staleSchema,
} as const

/** Name of a study: `ranks`, `ensembles`, … */
export type StudyName = keyof typeof STUDY_SCHEMAS

/** What a study's file holds. */
export type Study<Name extends StudyName> = z.infer<(typeof STUDY_SCHEMAS)[Name]>

/** Names of the studies about one data set, `paper/results/<dataset>/study/<name>.json`. */
export const DATASET_STUDIES = [
  'ranks',
  'ensembles',
  'errors',
  'sizes',
  'swaps',
  'transfer',
  'cost',
] as const satisfies readonly StudyName[]

/**
 * Reads a study from the text of its file.
 *
 * @param where the file's path, for errors.
 * @throws EvalError that names the file, the field and what is wrong with it.
 */
export function parseStudy<Name extends StudyName>(
  name: Name,
  text: string,
  where: string,
): Study<Name> {
  return parseJson(text, schemaOf(name), where, advice(name))
}

/**
 * Text of a study's file: keys in the schema's order, numbers to 6 significant digits, so that equal studies give equal files.
 *
 * @throws EvalError when the study does not follow its schema.
 */
export function formatStudy<Name extends StudyName>(
  name: Name,
  study: Study<Name>,
  where: string = name,
): string {
  const checked = checkForm(study, schemaOf(name), where, advice(name))
  return `${formatJson(rounded(checked))}\n`
}

function schemaOf<Name extends StudyName>(name: Name): z.ZodType<Study<Name>> {
  return STUDY_SCHEMAS[name] as unknown as z.ZodType<Study<Name>>
}

function advice(name: StudyName): string {
  const writer =
    name === 'curves' ? 'score --publish' : name === 'stale' ? 'report' : `study ${name}`
  return `Write it anew with \`couplet ${writer}\`, not by hand.`
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number')
    return Number.isInteger(value) ? value : Number(value.toPrecision(6))
  if (Array.isArray(value)) return value.map((item) => rounded(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item)]))
}
