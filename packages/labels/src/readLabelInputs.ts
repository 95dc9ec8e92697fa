import { stat } from 'node:fs/promises'
import { extname, basename } from 'node:path'
import { Molecule, SDFileParser } from 'openchemlib'
import { quoteValue } from '@couplet/data'
import { readBytes, readXyz } from '@couplet/data/node'
import { LabelError } from './LabelError.ts'
import { dataLines, inTurn, numbered, type ReadingProgress } from './dataLines.ts'
import { labelInputOf } from './labelInputOf.ts'
import { parseTorsions } from './parseTorsions.ts'
import { reasonOf } from './reasonOf.ts'
import type { LabelInput, RefusedInput } from './LabelInput.ts'
import { labelInput } from './publicMolecules.ts'
import {
  geometryOf,
  refuseUnsupported,
  startGeometry,
  type StartGeometry,
} from './startGeometry.ts'

/** Names are file names of records and cells of CSV files. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/

/**
 * Reads the molecules to be labelled: a `.smi` file (a SMILES string on each line, then optionally a name), a `.txt` file of
 * torsions to be held (see `parseTorsions`), an `.sdf` or `.mol` file, an `.xyz` file or a folder of them. Without names they
 * are called after the file and counted.
 *
 * XYZ and SDF geometries with all hydrogens are taken as they are; from SMILES and from flat drawings one is built.
 * Molecules that cannot be set up are returned with their reason. Building geometries takes up to a second each.
 * @param onProgress told before each molecule that is to be built.
 * @throws LabelError for a file that cannot be read as a whole, a bad torsion, bad names and a name that occurs twice.
 */
export async function readLabelInputs(
  path: string,
  onProgress: ReadingProgress = () => {},
): Promise<(LabelInput | RefusedInput)[]> {
  const inputs = await read(path, onProgress)
  const seen = new Set<string>()
  for (const { name } of inputs) {
    if (!NAME.test(name)) {
      throw new LabelError(
        `${path}: ${quoteValue(name)} is no name for a molecule. Use letters, digits, "_", "." and "-", up to 100.`,
      )
    }
    if (seen.has(name)) {
      throw new LabelError(`${path}: the name ${name} occurs twice. Give every molecule its own.`)
    }
    seen.add(name)
  }
  if (inputs.length === 0) throw new LabelError(`${path} has no molecules. Give a file that has.`)
  return inputs
}

async function read(
  path: string,
  onProgress: ReadingProgress,
): Promise<(LabelInput | RefusedInput)[]> {
  const text = async (): Promise<string> => new TextDecoder().decode(await readBytes(path))
  switch (extname(path).toLowerCase()) {
    case '.smi':
    case '.smiles':
      return fromSmiles(await text(), stem(path), onProgress)
    case '.txt':
      return parseTorsions(await text(), path, stem(path), onProgress)
    case '.sdf':
    case '.mol':
      return fromSdf(await text(), stem(path))
    case '.xyz':
      return fromXyz(path)
    default:
      if (!(await isFile(path))) return fromXyz(path)
      throw new LabelError(
        `${path} is of no kind that can be read. Give a .smi, .txt, .sdf, .mol or .xyz file, or a folder of .xyz files.`,
      )
  }
}

/** Coordinates beyond this, in angstrom, are mistakes. */
const FARTHEST = 1e4

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

const stem = (path: string): string => basename(path, extname(path)).replaceAll(/[^\w.-]/g, '_')

async function fromSmiles(
  text: string,
  file: string,
  onProgress: ReadingProgress,
): Promise<(LabelInput | RefusedInput)[]> {
  const inputs: (LabelInput | RefusedInput)[] = []
  for await (const { line, number } of inTurn(dataLines(text), onProgress)) {
    const [smiles = '', given] = line.split(/\s+/)
    const name = given ?? numbered(file, number)
    const input = setUp(name, smiles, () => startGeometry(Molecule.fromSmiles(smiles)))
    inputs.push('refused' in input ? input : { ...input, smiles })
  }
  return inputs
}

function fromSdf(text: string, file: string): (LabelInput | RefusedInput)[] {
  // A record counts once its end is there, which MOL files and some last records lack.
  const records = text.trimEnd()
  const isOpen = records !== '' && !records.endsWith('$$$$')
  const parser = new SDFileParser(isOpen ? `${records}\n$$$$\n` : text, [])
  const inputs: (LabelInput | RefusedInput)[] = []
  while (parser.next()) {
    const block = parser.getNextMolFile()
    const title = block
      .split(/\r?\n/, 1)[0]!
      .trim()
      .replaceAll(/[^\w.-]+/g, '_')
    const name = NAME.test(title) ? title : numbered(file, inputs.length + 1)
    inputs.push(
      setUp(name, `${file} entry ${inputs.length + 1}`, () => {
        if (!/^M {2}END/m.test(block)) throw new Error('it ends before "M  END"')
        const molecule = parser.getMolecule()
        // What the library cannot read leaves the molecule empty.
        if (molecule.getAllAtoms() === 0) throw new Error('its atoms or coordinates cannot be read')
        const given = geometryOf(molecule)
        if (given.positions.flat().some((place) => !(Math.abs(place) < FARTHEST))) {
          throw new Error(`a coordinate is no number of angstrom below ${FARTHEST}`)
        }
        refuseUnsupported(molecule)
        const atoms = molecule.getAllAtoms()
        molecule.addImplicitHydrogens()
        const complete = molecule.getAllAtoms() === atoms
        const spatial = given.positions.some(([, , z]) => Math.abs(z!) > 1e-4)
        return complete && spatial ? given : startGeometry(molecule)
      }),
    )
  }
  return inputs
}

async function fromXyz(path: string): Promise<LabelInput[]> {
  const table = await readXyz(path)
  return table.names.map((name, molecule) => labelInput(table, molecule, name, `${name}.xyz`))
}

function setUp(
  name: string,
  source: string,
  build: () => StartGeometry,
): LabelInput | RefusedInput {
  try {
    return labelInputOf(name, source, build())
  } catch (error) {
    return { name, source, refused: reasonOf(error) }
  }
}
