// Chooses the molecules that the data set couplet-dft lacks most: `pnpm --filter @couplet/labels queue --help`.
import { parseArgs } from 'node:util'
import { constitutionKey, DataError, foldKey } from '@couplet/data'
import { readBytes, readChamps, writeAtomically } from '@couplet/data/node'
import { chooseMolecules } from './chooseMolecules.ts'
import { growMolecules } from './growMolecules.ts'
import { moleculeGraph, parseSmiles } from './moleculeGraph.ts'
import { ODD_GROUPS, oddGroupOf } from './oddChemistry.ts'

const HELP = `Chooses molecules to label, by coverage of environments, and writes their names in the order of their worth.

  node packages/labels/src/writeQueue.ts --without ../champs --large 6:40,7:20,8:10,9:10

  --queue <file>     lines "heavy-atoms SMILES"; line 17 is couplet_000017. Chosen larger molecules are appended
                     [packages/dft/queue.smi]
  --labelled <file>  molecules.csv of the data set [packages/dft/data/molecules.csv]
  --order <file>     lines "name SMILES" to write, the most useful molecule first [packages/dft/order.txt]
  --without <folder> competition files: molecules whose constitution has labels there are left out
  --small <count>    molecules to choose from the lines that the queue has [270]
  --large <list>     larger molecules to append, as heavy-atoms:count,...; each size is grown from the one before [none]
  --wanted <count>   couplings of each type that the data set shall have [300]
`

const OPTIONS = {
  queue: { type: 'string', default: 'packages/dft/queue.smi' },
  labelled: { type: 'string', default: 'packages/dft/data/molecules.csv' },
  order: { type: 'string', default: 'packages/dft/order.txt' },
  without: { type: 'string' },
  small: { type: 'string', default: '270' },
  large: { type: 'string', default: '' },
  wanted: { type: 'string', default: '300' },
  help: { type: 'boolean', default: false },
} as const

const options = parseOptions()
if (options?.help) console.log(HELP)
else if (options) {
  try {
    await writeQueue(options)
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

/** The command line; after a wrong one a message, and the program ends. */
function parseOptions(): Options | undefined {
  try {
    return parseArgs({ options: OPTIONS }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nSee --help.`)
    process.exitCode = 1
    return undefined
  }
}

async function writeQueue(values: Options): Promise<void> {
  const queue = (await linesOf(values.queue)).map((line) => line.split(' ').at(-1)!)
  const labelledRows = (await linesOf(values.labelled)).slice(1).map((line) => line.split(','))
  const labelled = labelledRows.map((row) => row[1]!)
  const wanted = countOf('wanted', values.wanted)
  const elsewhere = values.without ? await keysOf(values.without) : new Set<string>()

  const odd = new Map(ODD_GROUPS.map(({ name }) => [name, 0]))
  const isWanted = (smiles: string): boolean => {
    const group = oddGroupOf(parseSmiles(smiles))
    if (group) odd.set(group.name, odd.get(group.name)! + 1)
    return group === undefined && !elsewhere.has(keyOf(smiles))
  }
  const done = new Set(labelled)
  const shared = [...done].filter((smiles) => elsewhere.has(keyOf(smiles))).length
  const small = chooseMolecules({
    labelled,
    candidates: queue.filter((smiles) => !done.has(smiles) && isWanted(smiles)),
    count: countOf('small', values.small),
    wanted,
  })
  console.log(
    `${queue.length} lines, ${done.size} labelled; chose ${small.length}. Left out as odd:`,
  )
  for (const [name, count] of odd) if (count > 0) console.log(`  ${count} ${name}`)
  if (values.without) {
    console.log(
      `${shared} labelled molecules share their constitution with ${values.without}; they stay.`,
    )
  }

  const known = new Set([...queue, ...labelled].map(keyOf))
  const large: string[] = []
  let parents: readonly string[] = small
  for (const [heavy, count] of values.large === '' ? [] : values.large.split(',').map(pairOf)) {
    const grown = growMolecules(parents).filter(
      (smiles) => !known.has(keyOf(smiles)) && isMostlyCarbon(smiles) && isWanted(smiles),
    )
    parents = chooseMolecules({
      labelled: [...labelled, ...small, ...large],
      candidates: grown,
      count: count!,
      wanted,
    })
    large.push(...parents)
    console.log(`${heavy} heavy atoms: chose ${parents.length} of ${grown.length}`)
  }
  const lines = [...queue, ...large].map((smiles) => `${heavyAtoms(smiles)} ${smiles}\n`)
  await writeAtomically(values.queue, lines)

  const numbers = new Map([...queue, ...large].map((smiles, line) => [smiles, line + 1]))
  const order = interleave(small, large).map(
    (smiles) => `couplet_${String(numbers.get(smiles)).padStart(6, '0')} ${smiles}\n`,
  )
  await writeAtomically(values.order, order)
  console.log(
    `Wrote ${order.length} names into ${values.order}, ${lines.length} lines into ${values.queue}.`,
  )
}

async function linesOf(path: string): Promise<string[]> {
  return new TextDecoder()
    .decode(await readBytes(path))
    .trimEnd()
    .split('\n')
}

/** Constitutions of the molecules that have labels in a folder of the competition's files. */
async function keysOf(folder: string): Promise<Set<string>> {
  const { table } = await readChamps(folder, { name: 'champs' })
  const withPairs = table.names.flatMap((_, molecule) =>
    table.pairOffsets[molecule + 1]! > table.pairOffsets[molecule]!
      ? [foldKey(table, molecule)]
      : [],
  )
  return new Set(withPairs)
}

function keyOf(smiles: string): string {
  const { atomicNumbers, bonds } = moleculeGraph(parseSmiles(smiles))
  return constitutionKey(atomicNumbers, bonds)!
}

function heavyAtoms(smiles: string): number {
  return moleculeGraph(parseSmiles(smiles)).atomicNumbers.filter((one) => one > 1).length
}

/** Larger molecules have at least as many carbon atoms as other heavy atoms: most graphs with fewer are not compounds. */
function isMostlyCarbon(smiles: string): boolean {
  const { atomicNumbers } = moleculeGraph(parseSmiles(smiles))
  const count = (wanted: (one: number) => boolean): number => atomicNumbers.filter(wanted).length
  return count((one) => one === 6) >= count((one) => one > 6)
}

/** `6:40` as 6 and 40. */
function pairOf(text: string): number[] {
  return text.split(':').map((number) => countOf('large', number))
}

function countOf(option: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new DataError(`--${option} holds "${text}", which is not a whole number. See --help.`)
}

/** The larger molecules spread evenly among the smaller ones. */
function interleave(small: readonly string[], large: readonly string[]): string[] {
  const every = Math.max(1, Math.floor(small.length / Math.max(1, large.length)))
  const order: string[] = []
  for (const [index, smiles] of small.entries()) {
    order.push(smiles)
    if (index % every === every - 1 && (index + 1) / every <= large.length) {
      order.push(large[(index + 1) / every - 1]!)
    }
  }
  return [...order, ...large.slice(Math.floor(small.length / every))]
}
