import { readdir } from 'node:fs/promises'
import { extname } from 'node:path'
import { DataError, moleculeAt, type MoleculeTable } from '@couplet/data'
import { perceiveChemistry } from '@couplet/data/chemistry'
import { readChamps, readXyz } from '@couplet/data/node'
import { Option } from 'commander'
import { UsageError } from './UsageError.ts'

/** A user's molecules. */
interface Molecules {
  readonly table: MoleculeTable
  /** Whether they are those of the competition's test.csv. */
  readonly fromTestFile: boolean
}

/** `--unchecked`. */
export function uncheckedOption(): Option {
  return new Option(
    '--unchecked',
    'take ions, radicals, flat drawings and molecules without their hydrogens, too, which no network has learned',
  )
}

/**
 * Reads a user's molecules: the competition's test molecules, an XYZ file, or a folder of such files.
 *
 * Molecules of XYZ files that networks have not learned (with a charge, an open shell or missing hydrogens, or drawn flat) are refused, or
 * named on the terminal if `unchecked`. Those of the competition are taken as they are: a submission holds every row.
 * @throws UsageError for anything else, and where no coupling is to be predicted; DataError for a bad file or molecule.
 */
export async function readMolecules(input: string, unchecked = false): Promise<Molecules> {
  const molecules = await read(input)
  const { table, fromTestFile } = molecules
  if (table.pairTypes.length === 0) {
    throw new UsageError(
      `${input} has no coupled pair: no hydrogen is within three bonds of a hydrogen, carbon or nitrogen. Give molecules with all hydrogens, and coordinates in angstrom.`,
    )
  }
  if (fromTestFile) return molecules
  const [first, ...others] = reasonsAgainst(table)
  if (first !== undefined) {
    const more = others.length > 0 ? ` (and ${others.length} more of ${table.names.length}.)` : ''
    if (!unchecked) {
      throw new DataError(
        `${first}${more} To go on all the same, with numbers that mean little, add --unchecked.`,
      )
    }
    console.error(`Numbers for such a molecule mean little: ${first}${more}`)
  }
  return molecules
}

/** Why networks have not learned such molecules: one reason for each that is none of theirs. */
function reasonsAgainst(table: MoleculeTable): string[] {
  const flat = table.names.flatMap((name, molecule) =>
    isDrawing(table, molecule)
      ? [
          `${name} is flat, although an atom has four neighbours: a drawing. Give coordinates in 3D.`,
        ]
      : [],
  )
  const { failures } = perceiveChemistry(table, { onFailure: 'mark' })
  // What is too interwoven to search may be a molecule like any other.
  const unlike = failures.filter(({ kind }) => kind !== 'too interwoven')
  return [...flat, ...unlike.map(({ message }) => message)]
}

/** Whether all atoms lie in the plane z = 0, and one has four neighbours, which in space never do. */
function isDrawing(table: MoleculeTable, molecule: number): boolean {
  const { positions, bondAtoms, atomicNumbers } = moleculeAt(table, molecule)
  if (positions.some((value, index) => index % 3 === 2 && value !== 0)) return false
  const neighbours = new Uint8Array(atomicNumbers.length)
  for (const atom of bondAtoms) neighbours[atom]! += 1
  return neighbours.some((count) => count >= 4)
}

async function read(input: string): Promise<Molecules> {
  if (extname(input).toLowerCase() === '.xyz')
    return { table: await readXyz(input), fromTestFile: false }
  const files = await readdir(input).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === 'ENOTDIR'
        ? `${input} is neither a folder nor an .xyz file. Convert it first, for example by Open Babel: obabel molecule.sdf -O molecule.xyz`
        : `${input} ${error.code === 'ENOENT' ? 'does not exist' : 'may not be opened'}. Check the path.`,
    )
  })
  if (files.includes('test.csv')) {
    return { table: (await readChamps(input, { part: 'test' })).table, fromTestFile: true }
  }
  if (files.some((file) => file.toLowerCase().endsWith('.xyz'))) {
    return { table: await readXyz(input), fromTestFile: false }
  }
  throw new UsageError(`${input} has neither test.csv nor .xyz files. Give a folder that has.`)
}
