import { join } from 'node:path'
import { claimFolder, type Claim } from '@couplet/data/node'
import { LabelError } from './LabelError.ts'

/**
 * Makes a folder for the scratch files of this process below `<out>/.scratch`, and clears away those that killed processes left.
 *
 * @throws LabelError if another process that is alive has one: two would compute the same molecules.
 */
export function openScratch(out: string): Promise<Claim> {
  return claimFolder(
    join(out, '.scratch'),
    ({ process, folder }) =>
      new LabelError(
        `process ${process} is labelling in ${out}. Wait for it or give another --out; if it is another program, remove ${folder}.`,
      ),
  )
}
