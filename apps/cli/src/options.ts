import { InvalidArgumentError, Option } from 'commander'
import { automaticRunners, runnerNames } from '@couplet/engine'
import { presetConfig, type AnyModel, type Config } from '@couplet/model'
import { RESULTS_DIRECTORY } from './results.ts'
import { UsageError } from './UsageError.ts'

/** Largest whole number of an option: what fits 32 bits. */
const LARGEST = 2 ** 31 - 1

/** The last port of a machine. */
export const LAST_PORT = 65_535

/** Worker threads at most: beyond the cores of the largest machines, a mistake that would fill the memory. */
const MOST_WORKERS = 512

/** Parses a whole number from `least` to `most`. */
export function wholeNumber(least: number, most = LARGEST): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value > most || value < least) {
      throw new InvalidArgumentError(`Give a whole number of at least ${least}, at most ${most}.`)
    }
    return value
  }
}

/** Parses a learning rate: a number above 0. */
export function learningRate(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < Infinity)) {
    throw new InvalidArgumentError('Give a number above 0, for example 0.001.')
  }
  return value
}

/** `--json`: results for programs on standard output. */
export function jsonOption(): Option {
  return new Option('--json', 'print the result as JSON')
}

/** `--runs`: where run folders are. */
export function runsOption(): Option {
  return new Option('--runs <folder>', 'where run folders are kept').default('runs')
}

/** `--results`: where results and studies are kept. */
export function resultsOption(): Option {
  return new Option('--results <folder>', 'where results and studies are kept').default(
    RESULTS_DIRECTORY,
    'paper/results of the checkout',
  )
}

/** `--workers`. */
export function workersOption(): Option {
  return new Option('--workers <n>', 'worker threads (default: one per core)').argParser(
    wholeNumber(1, MOST_WORKERS),
  )
}

/** `--runner`. */
export function runnerOption(): Option {
  const order = automaticRunners.join(', ')
  return new Option(
    '--runner <name>',
    `where networks run; auto takes the first that works of ${order} (see couplet doctor)`,
  )
    .choices(['auto', ...runnerNames])
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
  const own = presetConfig(model, preset)
  const switches = model.kind === 'network' ? (model.switches ?? []) : []
  const defaults: Config = { ...Object.fromEntries(switches.map((name) => [name, true])), ...own }
  const overrides = assignments.map((assignment) => {
    const [name = '', ...rest] = assignment.split('=')
    if (!Object.hasOwn(defaults, name)) {
      throw new UsageError(
        `${model.entry.id} has no setting ${name}. Its settings: ${Object.keys(defaults).join(', ') || 'none'}.`,
      )
    }
    return [name, parseSetting(model, name, defaults[name]!, rest.join('='))] as const
  })
  return { ...own, ...Object.fromEntries(overrides) }
}

/** A number stays a number of the same kind: whole where every preset has a whole number. */
function parseSetting(
  model: AnyModel,
  name: string,
  known: Config[string],
  text: string,
): Config[string] {
  const refuse = (kind: string): never => {
    throw new UsageError(`--set ${name}=${text}: ${name} is ${kind}, for example ${known}.`)
  }
  if (typeof known === 'string') return text
  if (typeof known === 'boolean') {
    return text === 'true' || text === 'false' ? text === 'true' : refuse('true or false')
  }
  const value = Number(text)
  const presets = [model.published, model.small, model.tiny] as Config[]
  const whole = presets.every((preset) => Number.isInteger(preset[name] ?? 0))
  if (text.trim() === '' || !(value >= 0 && value <= MOST)) refuse(`a number from 0 to ${MOST}`)
  if (whole && (!Number.isInteger(value) || value === 0)) refuse(`a whole number from 1 to ${MOST}`)
  return value
}

/** No setting of a network is larger. */
const MOST = 10_000
