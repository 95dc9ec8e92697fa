import { join } from 'node:path'
import { foldSplit, selectMolecules } from '@couplet/data'
import { readDft, readDftOrigins } from '@couplet/dft'
import { architectureSchema } from '@couplet/model/schema'
import * as tf from '@tensorflow/tfjs'
import { ENTRIES } from '../entries.ts'
import { PAPER_DIRECTORY, PROJECT_DIRECTORY } from '../results.ts'
import { describeArchitecture } from './describeArchitecture.ts'
import { wholeFile, type ReportFile } from './ReportFile.ts'

/** A small molecule with carbon, hydrogen and another element, which every network can read: methanol. */
const EXAMPLE = 'CO'

/** What `paper/architectures/<entry>.json` should hold, for every entry that is a single network. */
export async function architectureFiles(): Promise<ReportFile[]> {
  await tf.ready()
  const { table } = await readDft()
  const { train } = foldSplit(table, 0)
  const origins = await readDftOrigins()
  const name = origins.find(({ smiles }) => smiles === EXAMPLE)!.name
  const example = selectMolecules(table, [table.names.indexOf(name)])
  const files: ReportFile[] = []
  for (const model of ENTRIES) {
    if (model.kind !== 'network' || model.firstStage) continue
    const { id } = model.entry
    const sources = join(PROJECT_DIRECTORY, 'packages', 'entries', id, 'src')
    const architecture = await describeArchitecture(model, train, example, sources)
    const text = `${JSON.stringify(architectureSchema.parse(architecture), null, 1)}\n`
    const path = join(PAPER_DIRECTORY, 'architectures', `${id}.json`)
    files.push(await wholeFile(path, text))
  }
  return files
}
