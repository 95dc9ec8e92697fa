import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Metafile } from 'esbuild'

/** A program bundled for browsers. */
export interface Bundle {
  /** Scripts by name; the program is `program.js`. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** What each script was made of, and what it imports. */
  readonly outputs: Metafile['outputs']
  /** Modules that were left outside. */
  readonly external: readonly string[]
}

/**
 * Bundles a program that lies, as it were, in this folder.
 * @param packages whether to leave packages outside.
 * @throws Error for an import that browsers do not have.
 */
export async function bundleForWeb(
  program: string,
  packages: 'bundle' | 'external' = 'bundle',
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: program,
      loader: 'ts',
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    entryNames: 'program',
    outdir: 'out',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    packages,
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports)
  return {
    files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])),
    outputs: metafile.outputs,
    external: [...new Set(imports.filter(({ external }) => external).map(({ path }) => path))],
  }
}

/** Names of the scripts that a browser fetches before the program starts. */
export function fetchedAtStart({ outputs }: Bundle): string[] {
  const start = Object.keys(outputs).find((path) => path.endsWith('/program.js'))!
  const fetched = new Set([start])
  for (const path of fetched) {
    for (const { kind, path: next } of outputs[path]!.imports) {
      if (kind === 'import-statement' && next in outputs) fetched.add(next)
    }
  }
  return [...fetched]
}
