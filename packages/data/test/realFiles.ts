import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the competition's files may be; they are never part of the checkout. */
export const CHAMPS = process.env['COUPLET_CHAMPS']
  ? resolve(process.env['COUPLET_CHAMPS'])
  : fileURLToPath(new URL('../../../../shared/data/champs', import.meta.url))

/** Whether files are there, by paths relative to the folder; where one is not, prints why its tests are skipped. */
export function haveChamps(...paths: readonly string[]): boolean {
  const missing = paths.filter((path) => !existsSync(resolve(CHAMPS, path)))
  if (missing.length > 0) {
    console.warn(
      `skipped: ${missing.join(', ')} is not in ${CHAMPS}. Name the folder of the competition's files by COUPLET_CHAMPS.`,
    )
  }
  return missing.length === 0
}
