import { Molecule } from 'openchemlib'
import { quoteValue } from '@couplet/data'
import { dataLines, inTurn, numbered, type ReadingProgress } from './dataLines.ts'
import { findTorsion } from './findTorsion.ts'
import { LabelError } from './LabelError.ts'
import type { LabelInput } from './LabelInput.ts'
import { labelInputOf } from './labelInputOf.ts'
import { reasonOf } from './reasonOf.ts'
import { conformersOf, refuseUnsupported, turnedGeometry } from './startGeometry.ts'

const FORM = 'Write SMILES | torsion | angles, for example: CCO | CCO[#1] | 0 60 180'

/** A line of the list, found to be good. */
interface TorsionLine {
  readonly name: string
  readonly smiles: string
  readonly molecule: Molecule
  readonly atoms: readonly number[]
  readonly angles: readonly number[]
}

/**
 * Reads a list of conformers to be made by turning a torsion: on each line a SMILES string, the torsion, its angles in
 * degrees and optionally a name, with `|` between them; `#` begins a comment line. The torsion is four atoms in a row, as
 * `findTorsion` reads them. The geometries are called `<name>_c1`, `<name>_c2` and so on, counted through all lines of a
 * name.
 *
 * @param path for errors.
 * @param file begins the names of lines without one.
 * @throws LabelError for the first line that cannot be used, before anything is built: file, line, what is wrong.
 */
export async function parseTorsions(
  text: string,
  path: string,
  file: string,
  onProgress: ReadingProgress = () => {},
): Promise<LabelInput[]> {
  const lines = dataLines(text).map(({ line, number }) => {
    const where = `${path} line ${number}`
    return { where, ...parseLine(line, where, numbered(file, number)) }
  })
  const counts = new Map<string, number>()
  const inputs: LabelInput[] = []
  for await (const { where, name, smiles, molecule, atoms, angles } of inTurn(lines, onProgress)) {
    try {
      const conformers = conformersOf(molecule)
      for (const degrees of angles) {
        const torsion = { atoms, degrees }
        const count = (counts.get(name) ?? 0) + 1
        counts.set(name, count)
        const geometry = turnedGeometry(conformers, torsion)
        inputs.push({ ...labelInputOf(`${name}_c${count}`, smiles, geometry), smiles, torsion })
      }
    } catch (error) {
      throw new LabelError(`${where}: ${quoteValue(smiles)}: ${reasonOf(error)}. ${FORM}.`)
    }
  }
  return inputs
}

function parseLine(line: string, where: string, unnamed: string): TorsionLine {
  const cells = line.split('|').map((cell) => cell.trim())
  const [smiles, pattern, numbers, name = '', ...more] = cells
  if (!smiles || !pattern || !numbers || more.length > 0) {
    throw new LabelError(`${where}: ${quoteValue(line)} is no torsion. ${FORM}.`)
  }
  const angles = numbers.split(/\s+/).map((word) => degreesOf(word, where))
  try {
    const molecule = Molecule.fromSmiles(smiles)
    refuseUnsupported(molecule)
    molecule.addImplicitHydrogens()
    const atoms = findTorsion(molecule, pattern)
    return { name: name || unnamed, smiles, molecule, atoms, angles }
  } catch (error) {
    throw new LabelError(`${where}: ${quoteValue(smiles)}: ${reasonOf(error)}. ${FORM}.`)
  }
}

/** An angle in degrees, brought above -180 to 180. */
function degreesOf(word: string, where: string): number {
  const degrees = Number(word)
  if (!(Math.abs(degrees) <= 360)) {
    throw new LabelError(
      `${where}: ${quoteValue(word)} is no angle. Give degrees from -360 to 360, with spaces between them.`,
    )
  }
  return degrees > 180 ? degrees - 360 : degrees <= -180 ? degrees + 360 : degrees
}
