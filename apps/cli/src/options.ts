import { InvalidArgumentError, Option } from 'commander'
import { presetConfig, type AnyModel, type Config } from '@couplet/model'
import { UsageError } from './UsageError.ts'

/** Parses a whole number not below `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Give a whole number of at least ${least}.`)
    }
    return value
  }
}

/** `--json`: results for programs on standard output. */
export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON')
}

/** `--runs`: where run folders are. */
export function runsOption(): Option {
  return new Option('--runs <folder>', 'where run folders are kept').default('runs')
}

/** `--workers`. */
export function workersOption(): Option {
  return new Option('--workers <n>', 'worker threads (default: one per core)').argParser(
    wholeNumber(1),
  )
}

/** `--runner`. */
export function runnerOption(): Option {
  return new Option('--runner <name>', 'where networks run')
    .choices(['auto', 'ort', 'tfjs-node-gpu', 'tfjs-wasm', 'tfjs-cpu'])
    .default('auto')
}

/**
 * The configuration of a preset with overrides given as `name=value`.
 * @throws UsageError for an unknown name or a value of another type.
 */
export function configWith(
  model: AnyModel,
  preset: 'published' | 'small' | 'tiny',
  assignments: readonly string[],
): Config {
  const defaults = presetConfig(model, preset)
  const overrides = assignments.map((assignment) => {
    const [name = '', ...rest] = assignment.split('=')
    const text = rest.join('=')
    const known = defaults[name]
    if (known === undefined) {
      throw new UsageError(
        `${model.entry.id} has no setting ${name}. Its settings: ${Object.keys(defaults).join(', ') || 'none'}.`,
      )
    }
    const value =
      typeof known === 'number' ? Number(text) : typeof known === 'boolean' ? text === 'true' : text
    const valid =
      typeof known === 'number'
        ? text !== '' && Number.isFinite(value)
        : typeof known !== 'boolean' || /^(true|false)$/.test(text)
    if (!valid)
      throw new UsageError(
        `--set ${assignment}: ${name} is a ${typeof known}, for example ${known}.`,
      )
    return [name, value] as const
  })
  return { ...defaults, ...Object.fromEntries(overrides) }
}
