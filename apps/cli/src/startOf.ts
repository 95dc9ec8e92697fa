import { COUPLING_TYPES, type CouplingType } from '@couplet/data'
import { InvalidArgumentError, Option } from 'commander'
import type { Trained } from '@couplet/model'
import { Run, type RunPlan } from './Run.ts'
import { UsageError } from './UsageError.ts'

/** `--types`: coupling types, with commas between them. */
export function typesOption(): Option {
  return new Option(
    '--types <types>',
    'coupling types that count, for example 1JHC,2JHC',
  ).argParser((text: string) => {
    const types = text.split(',')
    const known = COUPLING_TYPES as readonly string[]
    const unknown = types.find((type) => !known.includes(type))
    if (unknown !== undefined || new Set(types).size < types.length) {
      throw new InvalidArgumentError(`Give some of ${COUPLING_TYPES.join(',')}, each once.`)
    }
    return types as CouplingType[]
  })
}

/**
 * The complete run that another is to start from, with its checksum.
 * @throws UsageError where it is not complete.
 */
export async function openStart(
  folder: string,
): Promise<{ readonly plan: RunPlan; readonly from: NonNullable<RunPlan['from']> }> {
  const run = await Run.open(folder)
  const sha256 = await run.checkpointSha256()
  if (!sha256 || !(await run.report())) throw notComplete(folder)
  return { plan: run.plan, from: { folder, sha256 } }
}

/**
 * The weights that a run starts from.
 * @throws UsageError where they are not there any more, or are others.
 */
export async function startOf({ from }: RunPlan): Promise<Trained | undefined> {
  if (!from) return undefined
  const run = await Run.open(from.folder)
  if ((await run.checkpointSha256()) !== from.sha256) {
    throw new UsageError(
      `${from.folder} is not what it was when the fine-tuning was planned. Repeat the command with --from to start from what it is now.`,
    )
  }
  const saved = await run.load()
  if (!saved || saved.trained.progress.resume) throw notComplete(from.folder)
  return saved.trained
}

/** Types that a run was trained for alone, or nothing if for all. */
export function typesOf({ recipe }: RunPlan): readonly string[] | undefined {
  return recipe.at(-1)?.loss.types
}

function notComplete(folder: string): UsageError {
  return new UsageError(
    `${folder} is not complete. Repeat its \`couplet train\` command before fine-tuning it.`,
  )
}
