// Takes newly labelled molecules into the data set: `pnpm --filter @couplet/dft take-in <folder>`, then `pnpm --filter @couplet/dft card`.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { DataError } from '@couplet/data'
import { DFT_DIRECTORY } from '../src/readDft.ts'
import { DFT_VERSION_FILE, readDftVersion } from '../src/readDftVersion.ts'
import { takeIn } from './takeIn.ts'
import { beginNext } from './versions.ts'

const HELP = `Takes newly labelled molecules into packages/dft/data; names that are there already are passed over.

  npx pnpm@12.21.0 --filter @couplet/dft take-in <folder> [--replace <name>]... [--next-version]

The folder is what \`couplet label --out <folder>\` wrote, or holds the seven CSV files of packages/dft/data about other
molecules. Names are those of packages/dft/queue.smi: couplet_000017 is the molecule on line 17, couplet_000017_c1 a further
conformer of it. Molecules whose geometry did not converge, or whose wave function is not stable, stay out.

  --replace <name>   take this one anew although it is there; may be given several times
  --next-version     the set is frozen: begin its next version

Afterwards bring the numbers of the card up to date: npx pnpm@12.21.0 --filter @couplet/dft card`

try {
  process.exitCode = await main()
} catch (error) {
  const known =
    error instanceof DataError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  if (!known) throw error
  console.error((error as Error).message)
  process.exitCode = 1
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      replace: { type: 'string', multiple: true, default: [] },
      'next-version': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [folder, ...more] = positionals
  if (values.help || !folder || more.length > 0) {
    console.log(HELP)
    return values.help ? 0 : 1
  }
  const { version, frozen } = await readDftVersion()
  if (frozen && !values['next-version']) {
    throw new DataError(
      `version ${version} is frozen: results are about its files. With --next-version, version ${version + 1} begins.`,
    )
  }
  const { added, replaced, refused, all } = await takeIn({
    // pnpm runs scripts in the folder of their package.
    from: resolve(process.env['INIT_CWD'] ?? '.', folder),
    into: DFT_DIRECTORY,
    queue: fileURLToPath(new URL('../queue.smi', import.meta.url)),
    replace: values.replace,
  })
  const grows = added.length + replaced.length > 0 ? await beginNext(DFT_VERSION_FILE) : version
  console.log(
    `Added ${added.length} geometries, replaced ${replaced.length}; ${all} now, on the way to version ${grows}.`,
  )
  if (refused.length > 0)
    console.log(`Left out, not converged or not stable: ${refused.join(', ')}`)
  return 0
}
