// Freezes a version of the data set: `pnpm --filter @couplet/dft freeze`, then `pnpm --filter @couplet/dft card`.
import { DataError } from '@couplet/data'
import { DFT_DIRECTORY } from '../src/readDft.ts'
import { DFT_VERSION_FILE } from '../src/readDftVersion.ts'
import { freeze } from './versions.ts'

if (process.argv.length > 2) {
  console.log(`Freezes the data set: writes version, checksums and counts of packages/dft/data into packages/dft/VERSION.json.

  npx pnpm@12.21.0 --filter @couplet/dft freeze

From then on a test fails when a file differs, and molecules are taken in only for the next version. Afterwards bring the card
up to date: npx pnpm@12.21.0 --filter @couplet/dft card`)
  process.exitCode = ['--help', '-h'].includes(process.argv[2]!) ? 0 : 1
} else {
  try {
    const today = new Date().toISOString().slice(0, 10)
    const made = await freeze(DFT_DIRECTORY, DFT_VERSION_FILE, today)
    console.log(
      `Froze version ${made.version}: ${made.molecules} molecules, ${made.geometries} geometries, ${made.pairs} pairs, sha256 ${made.sha256.slice(0, 8)}.`,
    )
  } catch (error) {
    if (!(error instanceof DataError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
