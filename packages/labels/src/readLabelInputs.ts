import { extname, basename } from 'node:path'
import { Molecule, SDFileParser } from 'openchemlib'
import { quoteValue } from '@couplet/data'
import { readBytes, readXyz } from '@couplet/data/node'
import { LabelError } from './LabelError.ts'
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
 * Reads the molecules to be labelled: a `.smi` file (a SMILES string on each line, then optionally a name), an `.sdf` or
 * `.mol` file, an `.xyz` file or a folder of them. Without names they are called after the file and counted.
 *
 * XYZ and SDF geometries with all hydrogens are taken as they are; from SMILES and from flat drawings one is built.
 * Molecules that cannot be set up are returned with their reason.
 * @throws LabelError for a file that cannot be read as a whole, for bad names and for a name that occurs twice.
 */
export async function readLabelInputs(path: string): Promise<(LabelInput | RefusedInput)[]> {
  const inputs = await read(path)
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

async function read(path: string): Promise<(LabelInput | RefusedInput)[]> {
  switch (extname(path).toLowerCase()) {
    case '.smi':
    case '.smiles':
      return fromSmiles(new TextDecoder().decode(await readBytes(path)), stem(path))
    case '.sdf':
    case '.mol':
      return fromSdf(new TextDecoder().decode(await readBytes(path)), stem(path))
    default:
      return fromXyz(path)
  }
}

const stem = (path: string): string => basename(path, extname(path)).replaceAll(/[^\w.-]/g, '_')

function fromSmiles(text: string, file: string): (LabelInput | RefusedInput)[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  return lines.flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return []
    const [smiles = '', given] = line.slice(0, 2000).split(/\s+/)
    const name = given ?? numbered(file, index)
    return [setUp(name, smiles, () => startGeometry(Molecule.fromSmiles(smiles)))]
  })
}

function fromSdf(text: string, file: string): (LabelInput | RefusedInput)[] {
  const parser = new SDFileParser(text, [])
  const inputs: (LabelInput | RefusedInput)[] = []
  while (parser.next()) {
    const block = parser.getNextMolFile()
    const title = block
      .split(/\r?\n/, 1)[0]!
      .trim()
      .replaceAll(/[^\w.-]+/g, '_')
    const name = NAME.test(title) ? title : numbered(file, inputs.length)
    inputs.push(
      setUp(name, `${file} entry ${inputs.length + 1}`, () => {
        const molecule = parser.getMolecule()
        refuseUnsupported(molecule)
        const atoms = molecule.getAllAtoms()
        const given = geometryOf(molecule)
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
    const { elements, positions, bonds } = build()
    return {
      name,
      source,
      elements,
      positions: positions.map((point) => point.map((value) => Number(value.toFixed(6)))),
      bonds,
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { name, source, refused: reason.replace(/^Class\$S\d+: /, '') }
  }
}

const numbered = (file: string, index: number): string =>
  `${file}_${String(index + 1).padStart(6, '0')}`
