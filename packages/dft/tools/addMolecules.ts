// Takes newly labelled molecules into the data set: `node packages/dft/tools/addMolecules.ts <folder>`, then `pnpm --filter @couplet/dft card`.
import { join } from 'node:path'
import { DataError } from '@couplet/data'
import { readBytes, readChamps, writeAtomically } from '@couplet/data/node'
import { DFT_DIRECTORY, readDft, readDftOrigins } from '../src/readDft.ts'
import { groupBy } from './groupBy.ts'

/** The files of the data set, and which column holds the name of the molecule. */
const FILES = {
  'structures.csv': 0,
  'train.csv': 1,
  'scalar_coupling_contributions.csv': 0,
  'mulliken_charges.csv': 0,
  'dipole_moments.csv': 0,
  'potential_energy.csv': 0,
  'molecules.csv': 0,
} as const

const NAME = /^couplet_\d{6}(_c\d+)?$/

const [folder, ...more] = process.argv.slice(2)
if (!folder || more.length > 0 || folder.startsWith('-')) {
  console.log(`Takes newly labelled molecules into packages/dft/data; names that are there already are passed over.

  node packages/dft/tools/addMolecules.ts <folder>

The folder holds the seven CSV files of packages/dft/data, about other molecules. Molecules whose geometry did not converge or
whose wave function is not stable stay out. Afterwards bring the numbers of the card up to date: pnpm --filter @couplet/dft card`)
  process.exitCode = folder === '--help' || folder === '-h' ? 0 : 1
} else {
  try {
    await addMolecules(folder)
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

async function addMolecules(from: string): Promise<void> {
  // Reads everything before anything is written: damaged files and wrong pairs are refused here.
  const { table } = await readChamps(from)
  const before = new Set((await readDft()).table.names)
  const origins = await rowsOf(from, 'molecules.csv')
  const refused: string[] = []
  const fresh = table.names.filter((name) => {
    if (!NAME.test(name)) {
      throw new DataError(
        `${from} has a molecule ${name}. Names are couplet_000017, couplet_000017_c1.`,
      )
    }
    if (before.has(name)) return false
    // ..., opt_converged, stable, cpu_s
    const [converged, stable] = origins.get(name)?.[0]?.split(',').slice(-3, -1) ?? []
    if (converged === 'True' && stable === 'True') return true
    refused.push(name)
    return false
  })
  const names = [...before, ...fresh].toSorted()
  const files = new Map<string, string>()
  for (const file of Object.keys(FILES) as (keyof typeof FILES)[]) {
    const [old, added] = [await rowsOf(DFT_DIRECTORY, file), await rowsOf(from, file)]
    if (old.get('')![0] !== added.get('')![0]) {
      throw new DataError(
        `${from}/${file} has other columns than the file of the data set. Export it anew.`,
      )
    }
    const rows = names.flatMap((name) => {
      const lines = (before.has(name) ? old : added).get(name)
      if (!lines) throw new DataError(`${from}/${file} has no row of ${name}. Export it anew.`)
      return lines
    })
    // The first column of train.csv is a running number.
    const numbered =
      file === 'train.csv' ? rows.map((row, id) => row.replace(/^\d+/, String(id))) : rows
    files.set(file, `${[...old.get('')!, ...numbered].join('\n')}\n`)
  }
  for (const [file, text] of files) await writeAtomically(join(DFT_DIRECTORY, file), [text])
  await readDft()
  await readDftOrigins()
  console.log(`Added ${fresh.length} molecules; ${names.length} now.`)
  if (refused.length > 0)
    console.log(`Left out, not converged or not stable: ${refused.join(', ')}`)
}

/** The lines of a file by name of the molecule; the head under the empty name. */
async function rowsOf(
  directory: string,
  file: keyof typeof FILES,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = new TextDecoder().decode(await readBytes(join(directory, file)))
  const [head, ...lines] = text.trimEnd().split('\n')
  return groupBy(lines, (line) => line.split(',')[FILES[file]] ?? '').set('', [head!])
}
