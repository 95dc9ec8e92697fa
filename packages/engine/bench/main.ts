/** `pnpm bench engine`: the speed of this engine beside PyTorch and JAX on the same machine. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benchmarkCases } from './benchmarkCases.ts'
import { formatReport, type Report } from './formatReport.ts'
import { runBenchmark } from './runBenchmark.ts'

const HELP = `Usage: pnpm bench engine [options]

Times training steps and forward passes of two networks with this engine and with the PyTorch and JAX that it finds,
in interleaved rounds; prints tables and can write the measurements as JSON. Keep the machine quiet meanwhile.

  --python <path>   a Python interpreter to look for peers in; may be repeated. The bars are against the PyTorch of the
                    first that has one. Default: python3
  --case <text>     only the cases whose name contains this; may be repeated
  --rounds <n>      rounds in which every row has its turn; default 5
  --calls <n>       timed calls of a turn; default 3
  --no-compile      no rows of torch.compile, which takes minutes to prepare
  --keep-openblas   leave OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE to the peers; without it OpenBLAS chooses for itself
  --json <file>     where to write the measurements
  --readme <file>   measure nothing: put the tables of this JSON file into the README of the engine
  --help            this text

Examples:
  pnpm bench engine
  pnpm bench engine --python /usr/bin/python3 --python ~/torch/bin/python --json results.json
  pnpm bench engine --case graph-transformer-128 --rounds 3 --no-compile

Cases: ${benchmarkCases()
  .map(({ name }) => name)
  .join(', ')}
`

const README = fileURLToPath(new URL('../README.md', import.meta.url))
const MARKS = ['<!-- bench:begin -->', '<!-- bench:end -->'] as const

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    allowNegative: true,
    options: {
      python: { type: 'string', multiple: true, default: ['python3'] },
      case: { type: 'string', multiple: true, default: [''] },
      rounds: { type: 'string', default: '5' },
      calls: { type: 'string', default: '3' },
      compile: { type: 'boolean', default: true },
      'keep-openblas': { type: 'boolean', default: false },
      json: { type: 'string' },
      readme: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (positionals.some((name) => name !== 'engine')) {
    throw new Error(`there is no benchmark ${positionals.join(' ')}. The one there is: engine.`)
  }
  if (values.help) return console.log(HELP)
  if (values.readme !== undefined) return writeReadme(values.readme)
  const cases = benchmarkCases().filter(({ name }) =>
    values.case.some((wanted) => name.includes(wanted)),
  )
  if (cases.length === 0) {
    throw new Error(
      `no case has ${values.case.join(' or ')} in its name. See --help for their names.`,
    )
  }
  const start = performance.now()
  const onProgress = (text: string): void => {
    const seconds = Math.round((performance.now() - start) / 1000)
    console.error(`${String(seconds).padStart(4)} s  ${text}`)
  }
  const report = await runBenchmark({
    cases,
    pythons: values.python,
    rounds: wholeNumber('--rounds', values.rounds),
    calls: wholeNumber('--calls', values.calls),
    compile: values.compile,
    keepOpenblas: values['keep-openblas'],
    onProgress,
  })
  if (values.json !== undefined) {
    // A name of its own first: a run that is stopped leaves no half of a file.
    writeFileSync(`${values.json}.part`, `${JSON.stringify(report, null, 1)}\n`)
    renameSync(`${values.json}.part`, values.json)
  }
  console.log(`\n${formatReport(report)}`)
}

function writeReadme(path: string): void {
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report
  const text = readFileSync(README, 'utf8')
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark)) as [number, number]
  if (begin < 0 || end < begin) throw new Error(`${README} lacks the marks ${MARKS.join(' and ')}.`)
  const tables = `${MARKS[0]}\n\n${formatReport(report)}\n\n`
  writeFileSync(README, text.slice(0, begin) + tables + text.slice(end))
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new Error(`${option} is ${text} but should be a whole number from 1.`)
}

try {
  await main()
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
